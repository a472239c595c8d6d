"""Pages to their end, and the token to nobody else."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from controller.errors import ForgeUnreachable, Refused
from controller.forge.github_client import GitHubClient
from controller.forge.github_options import GitHubOptions
from controller.http_calls.caller import Patience
from controller.testing import FakeClock
from controller.testing.fake_server import FakeServer, Received, Reply, json_reply

VARIABLES = {"GITHUB_REPOSITORY": "acme/shop", "GITHUB_TOKEN": "ghs_8sKq2Lm9Xw4T"}


@contextmanager
def _talking_to(answer: Callable[[Received], Reply]) -> Iterator[tuple[FakeServer, GitHubClient]]:
    clock = FakeClock()
    server = FakeServer(lambda received, _: answer(received), clock.time, hold_seconds=0.01)
    server.start()
    options = GitHubOptions.parse(VARIABLES | {"GITHUB_API_URL": server.url})
    patience = Patience(clock=clock, timeout=5, chance=lambda: 0.5)
    with closing(server), closing(GitHubClient(options, patience)) as client:
        yield server, client


def _all(client: GitHubClient) -> list[object]:
    pages = client.pages("/things", "list things", "x: read")
    return [entry["n"] for page in pages for entry in page]


@pytest.mark.parametrize(
    "link",
    [
        '<{url}?per_page=100&page=2>; rel="next"',
        '<{url}?page=1>; rel="prev", <{url}?per_page=100&page=2>; rel="next", <{url}>; rel="last"',
        "<{url}?per_page=100&page=2>; rel=next",
        '<{url}?per_page=100&page=2>; title="x"; rel="next"',
    ],
)
def test_the_next_page_is_followed(link: str) -> None:
    def answer(received: Received) -> Reply:
        if received.query.get("page") == "2":
            return json_reply(200, [{"n": 2}], Link='<https://x?page=1>; rel="first"')
        address = "https://elsewhere.example/steal"
        return json_reply(200, [{"n": 1}], Link=link.format(url=address))

    with _talking_to(answer) as (server, client):
        assert _all(client) == [1, 2]
        assert [request.path for request in server.requests] == ["/repos/acme/shop/things"] * 2
        assert server.requests[1].query == {"per_page": "100", "page": "2"}


def test_a_list_that_never_ends_is_left() -> None:
    def answer(received: Received) -> Reply:
        following = int(received.query.get("page", "1")) + 1
        return json_reply(200, [{"n": 1}], Link=f'<https://x?page={following}>; rel="next"')

    with _talking_to(answer) as (_, client), pytest.raises(ForgeUnreachable, match="does not end"):
        _all(client)


def test_a_page_that_fails_fails_the_list() -> None:
    def answer(received: Received) -> Reply:
        if "page" in received.query:
            return json_reply(404, {"message": "Not Found"})
        return json_reply(200, [{"n": 1}], Link='<https://x?page=2>; rel="next"')

    with _talking_to(answer) as (_, client), pytest.raises(Refused, match="list things"):
        _all(client)


def test_a_repository_that_was_renamed_is_said_and_not_followed() -> None:
    def answer(_: Received) -> Reply:
        return json_reply(
            301, {"message": "Moved Permanently"}, Location="https://x/repositories/1"
        )

    with _talking_to(answer) as (_, client), pytest.raises(Refused, match="301") as caught:
        client.get("/things", "read things", "x: read")
    assert "GITHUB_REPOSITORY" in caught.value.hint


def test_a_token_that_needs_single_sign_on_is_said() -> None:
    def answer(_: Received) -> Reply:
        refusal = {"message": "Resource protected by organization SAML enforcement"}
        return json_reply(403, refusal, **{"X-GitHub-SSO": "required; url=https://github.com/sso"})

    with _talking_to(answer) as (_, client), pytest.raises(Refused) as caught:
        client.get("/things", "read things", "x: read")
    assert "Configure SSO" in caught.value.hint


@pytest.mark.parametrize(
    "said", [{"data": {"viewer": None}}, {"errors": [{"message": "no"}]}, {"data": None}]
)
def test_without_knowing_who_we_are_nothing_is_taken_for_ours(said: object) -> None:
    with (
        _talking_to(lambda _: json_reply(200, said)) as (_, client),
        pytest.raises(ForgeUnreachable),
    ):
        client.whoami()


def test_who_we_are_is_asked_once() -> None:
    said = {"data": {"viewer": {"login": "ada", "databaseId": 7}}}
    with _talking_to(lambda _: json_reply(200, said)) as (server, client):
        assert client.whoami() == client.whoami()
        assert len(server.requests) == 1


def test_an_echoed_token_is_withheld() -> None:
    def answer(received: Received) -> Reply:
        return json_reply(403, {"message": f"bad {received.authorization}"})

    with _talking_to(answer) as (_, client), pytest.raises(Refused) as caught:
        client.get("/things", "read things", "x: read")
    assert "8sKq2Lm9" not in f"{caught.value} {caught.value.hint}"
