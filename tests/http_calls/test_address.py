import pytest

from controller.http_calls.address import is_loopback, is_safe_url

SAFE = (
    "https://api.vercel.com",
    "https://[::1]:8443/x",
    "http://127.0.0.1:8080",
    "http://127.9.9.9",
    "http://localhost/x",
    "http://[::1]:80",
)
UNSAFE = (
    "http://api.vercel.com",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://0.0.0.0",
    "https://user:password@example.com",
    "https://127.0.0.1@example.com",
    "https://",
    "https://example.com:port",
    "https://example.com/a b",
    "https://example.com/\n",
    "https://[::1",
    "file:///etc/passwd",
)


@pytest.mark.parametrize("url", SAFE)
def test_an_address_is_https_or_on_this_machine(url: str) -> None:
    assert is_safe_url(url)


@pytest.mark.parametrize("url", UNSAFE)
def test_any_other_address_is_refused(url: str) -> None:
    assert not is_safe_url(url)


def test_loopback_is_told_by_its_address() -> None:
    assert is_loopback("http://127.0.0.1:1/x")
    assert not is_loopback("https://example.com")
