"""Who may do what, and what is said to the others."""

import json
from typing import Any

import pytest

from controller.testing import FakeClock
from controller.testing.github_api import ApiReply, FakeToken, GitHubApi
from controller.testing.github_refs import MemoryRefs
from controller.testing.github_repository import FakeActor, FakeRepository

BOT, ADA = FakeActor(1, "app[bot]"), FakeActor(7, "ada")
HEAD = "a" * 40
TOKENS = {
    "all": FakeToken(ADA),
    "reader": FakeToken(BOT, {"metadata": "read", "pull_requests": "read"}),
    "stranger": FakeToken(BOT, {}),
    "no-pulls": FakeToken(BOT, {"pull_requests": "write"}, opens_pulls=False),
}


@pytest.fixture
def api() -> GitHubApi:
    refs = MemoryRefs()
    refs.put("main", "b" * 40)
    refs.put("change", HEAD)
    return GitHubApi(FakeRepository("acme/shop", FakeClock(), refs), TOKENS, page_size=2)


def _ask(api: GitHubApi, method: str, path: str, token: str = "all", **body: Any) -> ApiReply:
    path, _, query = path.partition("?")
    given = dict(pair.split("=") for pair in query.split("&")) if query else {}
    content = json.dumps(body).encode() if body else b""
    return api.answer(method, f"/repos/acme/shop{path}", given, f"Bearer {token}", content)


NEW = {"head": "change", "base": "main", "title": "T"}


def test_a_permission_is_needed_for_each_thing(api: GitHubApi) -> None:
    assert _ask(api, "POST", "/pulls", **NEW).status == 201
    assert _ask(api, "GET", "/pulls", "reader").status == 200
    for method, path in [("PATCH", "/pulls/1"), ("POST", "/issues/1/comments")]:
        refused = _ask(api, method, path, "reader", body="x")
        assert (refused.status, refused.body["message"]) == (
            403,
            "Resource not accessible by integration",
        )
    assert _ask(api, "GET", "/pulls", "stranger").status == 404
    assert _ask(api, "GET", "/pulls", "nobody").status == 401


def test_a_setting_keeps_some_from_opening(api: GitHubApi) -> None:
    refused = _ask(api, "POST", "/pulls", "no-pulls", **NEW)
    assert refused.status == 403
    assert "not permitted to create" in refused.body["message"]


def test_graphql_tells_whose_token_it_is(api: GitHubApi) -> None:
    reply = api.answer("POST", "/graphql", {}, "Bearer reader", b'{"query": "{viewer{login}}"}')
    assert reply.body == {"data": {"viewer": {"login": "app[bot]", "databaseId": 1}}}


def test_lists_come_in_pages_with_a_link_to_the_next(api: GitHubApi) -> None:
    _ask(api, "POST", "/pulls", **NEW)
    for text in "abc":
        _ask(api, "POST", "/issues/1/comments", body=text)
    first = _ask(api, "GET", "/issues/1/comments?per_page=100")
    assert [comment["body"] for comment in first.body] == ["a", "b"]
    assert "per_page=100&page=2" in first.headers["Link"]
    second = _ask(api, "GET", "/issues/1/comments?per_page=100&page=2")
    assert [comment["body"] for comment in second.body] == ["c"]
    assert "Link" not in second.headers


def test_pull_requests_are_found_by_state_base_and_head(api: GitHubApi) -> None:
    _ask(api, "POST", "/pulls", **NEW)
    for query, found in [
        ("", 1),
        ("?base=main", 1),
        ("?base=other", 0),
        ("?head=acme:change", 1),
        ("?head=mallory:change", 0),
        ("?state=closed", 0),
    ]:
        assert len(_ask(api, "GET", f"/pulls{query}").body) == found
    _ask(api, "PATCH", "/pulls/1", state="closed")
    assert len(_ask(api, "GET", "/pulls?state=all").body) == 1


@pytest.mark.parametrize("content", [b"{", b"[]", b"7"])
def test_broken_requests_are_refused(api: GitHubApi, content: bytes) -> None:
    reply = api.answer("POST", "/repos/acme/shop/pulls", {}, "Bearer all", content)
    assert reply.status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("PUT", "/pulls"), ("GET", "/pulls/99"), ("GET", "/git/ref/heads/none")],
)
def test_what_is_not_there_is_404(api: GitHubApi, method: str, path: str) -> None:
    assert _ask(api, method, path).status == 404
    assert api.answer(method, "/repos/acme/other/pulls", {}, "Bearer all", b"").status == 404


def test_a_removed_comment_is_gone(api: GitHubApi) -> None:
    _ask(api, "POST", "/pulls", **NEW)
    added = _ask(api, "POST", "/issues/1/comments", body="x").body["id"]
    assert _ask(api, "DELETE", f"/issues/comments/{added}") == ApiReply(204, None)
    assert _ask(api, "DELETE", f"/issues/comments/{added}").status == 404
