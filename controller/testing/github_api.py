"""The fake GitHub's API: which request does what, and which permission it needs. No sockets."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlencode

import controller.testing.github_replies as replies
from controller.testing.github_repository import ApiError, FakeActor, FakeRepository

_LEVELS: Final = ("none", "read", "write")
_NO_INTEGRATION: Final = "Resource not accessible by integration"
_NO_ACTIONS: Final = "GitHub Actions is not permitted to create or approve pull requests."


@dataclass(frozen=True, slots=True)
class FakeToken:
    """A token, and what it may do.

    Attributes:
        permissions: From GitHub's word for a thing (`pull_requests`) to `read` or `write`; None for
            a person's token that may do everything.
        opens_pulls: Whether it may open pull requests, which a setting keeps from GITHUB_TOKEN.
    """

    actor: FakeActor
    permissions: Mapping[str, str] | None = None
    opens_pulls: bool = True

    def may(self, thing: str, level: str) -> bool:
        """Whether it may read, or write, such a thing."""
        if self.permissions is None:
            return True
        return _LEVELS.index(self.permissions.get(thing, "none")) >= _LEVELS.index(level)


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request, as the API sees it.

    Attributes:
        parts: What the route's pattern matched in the path, decoded.
    """

    token: FakeToken
    parts: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ApiReply:
    """One reply.

    Attributes:
        body: Its JSON; None where there is none.
    """

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)


Action = Callable[[FakeRepository, ApiRequest], ApiReply]


class GitHubApi:
    """Finds what a request asks for, and does it.

    Args:
        repository: The only one there is.
        tokens: By their text.
        page_size: How many entries a page of a list has at most.
    """

    def __init__(
        self, repository: FakeRepository, tokens: Mapping[str, FakeToken], page_size: int
    ) -> None:
        self.repository = repository
        self._tokens = tokens
        self._page_size = page_size

    def answer(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        authorization: str,
        content: bytes,
    ) -> ApiReply:
        """Carry out a request; every refusal is a reply too."""
        try:
            token = self._token(authorization)
            path = path.removeprefix("/api/v3").removeprefix("/api")  # an Enterprise Server's
            if (method, path) == ("POST", "/graphql"):
                return ApiReply(200, replies.viewer(token.actor))
            reply = self._call(method, path, token, query, _parsed(content))
        except ApiError as error:
            return refusal(error)
        if isinstance(reply.body, list) and reply.status == 200:  # noqa: PLR2004 -- a list is paged
            return self._page(reply.body, path, query)
        return reply

    def _call(
        self,
        method: str,
        path: str,
        token: FakeToken,
        query: Mapping[str, str],
        body: Mapping[str, Any],
    ) -> ApiReply:
        prefix = f"/repos/{self.repository.name}"
        for route in _ROUTES:
            match = re.fullmatch(route.pattern, path.removeprefix(prefix))
            if path.startswith(prefix) and match and method == route.method:
                _check_permission(token, route)
                parts = {name: unquote(part) for name, part in match.groupdict().items()}
                return route.action(self.repository, ApiRequest(token, parts, query, body))
        raise ApiError(404, "Not Found")

    def _token(self, authorization: str) -> FakeToken:
        token = self._tokens.get(authorization.removeprefix("Bearer "))
        if token is None:
            raise ApiError(401, "Bad credentials")
        return token

    def _page(self, entries: Sequence[object], path: str, query: Mapping[str, str]) -> ApiReply:
        size = min(int(query.get("per_page", "30")), self._page_size)
        number = int(query.get("page", "1"))
        shown = list(entries[(number - 1) * size : number * size])
        headers = {}
        if number * size < len(entries):
            following = urlencode({**query, "page": number + 1})
            address = f"https://api.github.com{path}?{following}"
            headers["Link"] = f'<{address}>; rel="next", <{address}>; rel="last"'
        return ApiReply(200, shown, headers)


@dataclass(frozen=True, slots=True)
class _Route:
    """A request that the API knows, and the permission it needs: one of the things, at a level."""

    method: str
    pattern: str
    action: Action
    things: tuple[str, ...]
    level: str = "read"


def refusal(error: ApiError) -> ApiReply:
    """An error in GitHub's form."""
    return ApiReply(error.status, replies.error(error.status, error.message, error.details))


def _check_permission(token: FakeToken, route: _Route) -> None:
    if any(token.may(thing, route.level) for thing in route.things):
        return
    if any(token.may(thing, "read") for thing in (*route.things, "metadata")):
        raise ApiError(403, _NO_INTEGRATION)
    raise ApiError(404, "Not Found")


def _parsed(content: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(content) if content else {}
    except ValueError as error:
        raise ApiError(400, "Problems parsing JSON") from error
    if not isinstance(body, dict):
        raise ApiError(400, "Body should be a JSON object")
    return body


def _post_status(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    repository.post_status(request.parts["sha"], request.body, request.token.actor)
    return ApiReply(201, replies.status(repository, repository.statuses[-1]))


def _list_statuses(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    found = repository.statuses_of(request.parts["ref"])
    return ApiReply(200, [replies.status(repository, status) for status in found])


def _list_comments(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    pull = repository.pull(int(request.parts["number"]))
    found = [c for c in repository.comments.values() if c.number == pull.number]
    return ApiReply(200, [replies.comment(repository, comment) for comment in found])


def _add_comment(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    number, author = int(request.parts["number"]), request.token.actor
    added = repository.add_comment(number, request.body.get("body"), author)
    return ApiReply(201, replies.comment(repository, added))


def _edit_comment(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    edited = repository.edit_comment(int(request.parts["id"]), request.body.get("body"))
    return ApiReply(200, replies.comment(repository, edited))


def _remove_comment(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    repository.remove_comment(int(request.parts["id"]))
    return ApiReply(204, None)


def _list_pulls(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    query = request.query
    state, owner = query.get("state", "open"), query.get("head", ":").partition(":")
    found = [
        pull
        for pull in map(repository.pull, sorted(repository.pulls))
        if state in {pull.state, "all"}
        and query.get("base", pull.base_branch) == pull.base_branch
        and ("head" not in query or _is_head(repository, pull.fork, pull.head_branch, owner))
    ]
    if query.get("direction") != "asc":
        found.reverse()
    return ApiReply(200, [replies.listed_pull(repository, pull) for pull in found])


def _is_head(
    repository: FakeRepository, fork: str | None, branch: str, wanted: tuple[str, str, str]
) -> bool:
    owner = (fork or repository.name).partition("/")[0]
    return (owner, branch) == (wanted[0], wanted[2])


def _open_pull(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    if not request.token.opens_pulls:
        raise ApiError(403, _NO_ACTIONS)
    opened = repository.open_pull(request.body, request.token.actor)
    return ApiReply(201, replies.pull(repository, opened))


def _get_pull(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    pull = repository.pull(int(request.parts["number"]))
    return ApiReply(200, replies.pull(repository, pull))


def _edit_pull(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    edited = repository.edit_pull(int(request.parts["number"]), request.body)
    return ApiReply(200, replies.pull(repository, edited))


def _get_ref(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    branch = request.parts["branch"]
    commit = repository.refs.get(branch)
    if commit is None:
        raise ApiError(404, "Not Found")
    return ApiReply(200, replies.ref(repository, branch, commit))


def _get_branch(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    branch = request.parts["branch"]
    commit = repository.refs.get(branch)
    if commit is None:
        raise ApiError(404, "Branch not found")
    return ApiReply(200, replies.branch(repository, branch, commit))


def _get_rules(repository: FakeRepository, request: ApiRequest) -> ApiReply:
    return ApiReply(200, replies.rules(repository, request.parts["branch"]))


_NUMBER: Final = r"(?P<number>[0-9]+)"
_TALK: Final = ("issues", "pull_requests")
_PULLS: Final = ("pull_requests",)
_CODE: Final = ("contents",)
_ROUTES: Final = (
    _Route("POST", r"/statuses/(?P<sha>[^/]+)", _post_status, ("statuses",), "write"),
    _Route("GET", r"/commits/(?P<ref>[^/]+)/statuses", _list_statuses, ("statuses",)),
    _Route("GET", rf"/issues/{_NUMBER}/comments", _list_comments, _TALK),
    _Route("POST", rf"/issues/{_NUMBER}/comments", _add_comment, _TALK, "write"),
    _Route("PATCH", r"/issues/comments/(?P<id>[0-9]+)", _edit_comment, _TALK, "write"),
    _Route("DELETE", r"/issues/comments/(?P<id>[0-9]+)", _remove_comment, _TALK, "write"),
    _Route("GET", r"/pulls", _list_pulls, _PULLS),
    _Route("POST", r"/pulls", _open_pull, _PULLS, "write"),
    _Route("GET", rf"/pulls/{_NUMBER}", _get_pull, _PULLS),
    _Route("PATCH", rf"/pulls/{_NUMBER}", _edit_pull, _PULLS, "write"),
    _Route("GET", r"/git/ref/heads/(?P<branch>.+)", _get_ref, _CODE),
    _Route("GET", r"/branches/(?P<branch>[^/]+)", _get_branch, _CODE),
    _Route("GET", r"/rules/branches/(?P<branch>[^/]+)", _get_rules, ("metadata",)),
)
