import pytest

from controller.errors import UsageError
from controller.forge.github_options import GitHubOptions, run_url

GIVEN = {"GITHUB_REPOSITORY": "acme/shop", "GITHUB_TOKEN": "ghs_8sKq2Lm9Xw4T"}


def _parse(**variables: str) -> GitHubOptions:
    return GitHubOptions.parse(GIVEN | variables)


def test_github_com_is_where_nothing_else_is_said() -> None:
    options = _parse(GITHUB_API_URL="")
    assert (options.root, options.rest) == ("https://api.github.com", "")
    assert (options.repository, options.owner) == ("acme/shop", "acme")
    assert options.token.reveal() == "ghs_8sKq2Lm9Xw4T"


@pytest.mark.parametrize("end", ["", "/"])
def test_an_enterprise_server_has_both_apis_below_one_path(end: str) -> None:
    options = _parse(GITHUB_API_URL=f"https://git.acme.example/api/v3{end}")
    assert (options.root, options.rest) == ("https://git.acme.example/api", "/v3")


@pytest.mark.parametrize(
    "repository",
    ["", "shop", "acme/", "/shop", "acme/shop/x", "a b/c", "acme/..", "acme/.", "a/b?"],
)
def test_a_repository_that_is_none_is_said(repository: str) -> None:
    with pytest.raises(UsageError, match="GITHUB_REPOSITORY") as caught:
        _parse(GITHUB_REPOSITORY=repository)
    assert "acme/shop" in caught.value.hint


@pytest.mark.parametrize("url", ["http://api.github.com", "ftp://x", "https://u:p@x", "nonsense"])
def test_a_token_goes_to_no_unsafe_address(url: str) -> None:
    with pytest.raises(UsageError, match="GITHUB_API_URL is not an https address"):
        _parse(GITHUB_API_URL=url)


@pytest.mark.parametrize("token", ["", "  \n"])
def test_a_missing_token_is_said_with_where_to_get_it(token: str) -> None:
    with pytest.raises(UsageError, match="GITHUB_TOKEN is not set") as caught:
        _parse(GITHUB_TOKEN=token)
    assert "github.token" in caught.value.hint


def test_a_token_that_can_be_none_is_refused_unseen() -> None:
    with pytest.raises(UsageError) as caught:
        _parse(GITHUB_TOKEN="ghs_8sKq2Lm9\nXw4T")
    assert "8sKq2Lm9" not in f"{caught.value} {caught.value.hint}"


def test_the_token_does_not_show_itself() -> None:
    assert "8sKq2Lm9" not in repr(_parse())


def test_the_run_is_where_people_look() -> None:
    run = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": "42"}
    assert _parse(**run).run_url == "https://github.com/acme/shop/actions/runs/42"


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"GITHUB_SERVER_URL": "https://github.com"},
        {"GITHUB_SERVER_URL": "http://evil.example", "GITHUB_RUN_ID": "42"},
        {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": "42/../x"},
    ],
)
def test_no_run_is_no_link(variables: dict[str, str]) -> None:
    assert run_url(GIVEN | variables) == ""
