from datetime import timedelta

import pytest

from controller.deploy_env.options import AdapterOptions
from controller.errors import UsageError


def _options(secrets: dict[str, str] | None = None, **values: str) -> AdapterOptions:
    known = {"project", "mode", "token", "url", "timeout"}
    return AdapterOptions("acme", values, secrets or {}, known)


def test_an_unknown_option_is_named_with_its_likely_meaning() -> None:
    with pytest.raises(UsageError, match=r"no option `projct`; did you mean `project`") as caught:
        _options(projct="x")
    assert "mode, project, timeout, token, url" in caught.value.hint


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_option_is_not_a_missing_one(value: str) -> None:
    with pytest.raises(UsageError, match="`project` of the deploy environment acme is empty"):
        _options(project=value).text("project")


def test_a_missing_option_is_said() -> None:
    assert _options().text("project") is None
    with pytest.raises(UsageError, match="is missing"):
        _options().required("project")


def test_a_choice_is_one_of_its_words() -> None:
    assert _options().choice("mode", ("auto", "never"), "auto") == "auto"
    with pytest.raises(UsageError, match=r"`mode` .* is 'nevr'") as caught:
        _options(mode="nevr").choice("mode", ("auto", "never"), "auto")
    assert "auto, never" in caught.value.hint


def test_a_duration_is_read() -> None:
    default = timedelta(minutes=1)
    assert _options().duration("timeout", default) == default
    assert _options(timeout="90s").duration("timeout", default) == timedelta(seconds=90)
    with pytest.raises(UsageError, match="is 'soon'"):
        _options(timeout="soon").duration("timeout", default)


def test_a_secret_comes_from_the_variable_that_is_named() -> None:
    secrets = {"ACME_TOKEN": "default", "MINE": " tok-123\r\n"}
    assert _options(secrets).secret("token", "ACME_TOKEN").reveal() == "default"
    assert _options(secrets, token="MINE").secret("token", "ACME_TOKEN").reveal() == "tok-123"


@pytest.mark.parametrize("secrets", [{}, {"MINE": ""}, {"MINE": "\n"}])
def test_a_secret_that_is_not_set_is_said(secrets: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="needs the variable MINE, which is not set"):
        _options(secrets, token="MINE").secret("token")


@pytest.mark.parametrize("content", ["tok 123", "tök", "tok\x00123", "tok\n123"])
def test_a_secret_that_could_be_none_is_refused_unseen(content: str) -> None:
    with pytest.raises(UsageError) as caught:
        _options({"MINE": content}, token="MINE").secret("token")
    assert "123" not in f"{caught.value} {caught.value.hint}"


def test_a_secret_in_the_file_itself_is_refused_unseen() -> None:
    with pytest.raises(UsageError, match="does not name a variable") as caught:
        _options(token="vcp-8sKq2Lm9").secret("token")
    assert "8sKq2Lm9" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("content", ["http://example.com/x", "ftp://x", "just-text"])
def test_a_secret_address_is_checked_unseen(content: str) -> None:
    with pytest.raises(UsageError, match="does not hold an https address") as caught:
        _options({"MINE": content}, token="MINE").secret_url("token")
    assert content not in f"{caught.value} {caught.value.hint}"


def test_an_address_is_https_or_on_this_machine() -> None:
    assert _options(url="https://api.example.com").url("url") == "https://api.example.com"
    with pytest.raises(UsageError, match="is not an https address"):
        _options(url="http://api.example.com").url("url")
