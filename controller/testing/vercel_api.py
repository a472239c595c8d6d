"""The fake Vercel's API: which request does what to the project. No sockets here."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import controller.testing.vercel_replies as replies
from controller.testing.vercel_project import TARGETS, TYPES, ApiError, FakeProject
from controller.testing.vercel_replies import Json

_EDITABLE: Final = frozenset({"key", "value", "type", "target", "gitBranch", "comment"})


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request, as the API sees it.

    Attributes:
        parts: What the route's pattern matched in the path.
        outcome: The state in which a deployment created by it ends.
    """

    parts: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    outcome: str = "READY"


@dataclass(frozen=True, slots=True)
class ApiReply:
    """One reply: its status and what it says."""

    status: int
    body: Json


Action = Callable[[FakeProject, ApiRequest], ApiReply]


class VercelApi:
    """Finds what a request asks for, and does it.

    Args:
        token: The only bearer token that is let in.
        team_id: The team that owns the project; `team_slug` is its other name.
        page_size: How many variables a page has.
    """

    def __init__(
        self, project: FakeProject, token: str, team_id: str, team_slug: str, page_size: int
    ) -> None:
        self.project = project
        self.page_size = page_size
        self._token = token
        self._team = {"teamId": team_id, "slug": team_slug}

    def answer(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        authorization: str,
        content: bytes,
        outcome: str = "READY",
    ) -> ApiReply:
        """Carry out a request; every refusal is a reply too."""
        try:
            self._check_caller(query, authorization)
            for wanted, pattern, action in _ROUTES:
                match = re.fullmatch(pattern, path)
                if match and method == wanted:
                    parts = match.groupdict()
                    self._check_project(parts)
                    asked = {**query, "page_size": str(self.page_size)}
                    request = ApiRequest(parts, asked, _parsed(content), outcome)
                    return action(self.project, request)
        except ApiError as error:
            return refusal(error.status, error.code, error.message)
        return refusal(404, "not_found", "The requested API endpoint was not found")

    def _check_caller(self, query: Mapping[str, str], authorization: str) -> None:
        if authorization != f"Bearer {self._token}":
            raise ApiError(403, "forbidden", "Not authorized")
        given = {name: query[name] for name in self._team if name in query}
        if not given:
            raise ApiError(404, "not_found", "Project not found")
        if any(self._team[name] != value for name, value in given.items()):
            raise ApiError(403, "forbidden", "You don't have permission to access this team")

    def _check_project(self, parts: Mapping[str, str]) -> None:
        if parts.get("project", self.project.id) not in {self.project.id, self.project.name}:
            raise ApiError(404, "not_found", "Project not found")


def refusal(status: int, code: str, message: str) -> ApiReply:
    """An error in Vercel's form."""
    return ApiReply(status, {"error": {"code": code, "message": message}})


def _parsed(content: bytes) -> object:
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError as error:
        raise ApiError(400, "bad_request", "Invalid JSON") from error


def _list_variables(project: FakeProject, request: ApiRequest) -> ApiReply:
    """Newest first; the mark of the next page is the time of the last one shown."""
    size = int(request.query["page_size"])
    until = int(request.query.get("until", "0")) or None
    decrypt = request.query.get("decrypt") == "true"
    stored = sorted(project.variables.values(), key=lambda found: -found.created_at)
    left = [found for found in stored if until is None or found.created_at < until]
    shown = left[:size]
    after = shown[-1].created_at if len(left) > size else None
    before = shown[0].created_at if shown else None
    entries = [replies.variable(found, decrypted=decrypt) for found in shown]
    return ApiReply(200, replies.page("envs", entries, before, after))


def _get_variable(project: FakeProject, request: ApiRequest) -> ApiReply:
    return ApiReply(200, replies.one_variable(project.variable(request.parts["id"])))


def _create_variable(project: FakeProject, request: ApiRequest) -> ApiReply:
    body = request.body
    if not isinstance(body, dict) or not body.get("key") or "value" not in body:
        raise ApiError(400, "bad_request", "Invalid request: should have `key` and `value`")
    targets = _checked_targets(body.get("target"))
    kind = _checked_type(body.get("type"))
    stored = project.create(
        body["key"],
        body["value"],
        targets,
        kind,
        body.get("gitBranch"),
        upsert=request.query.get("upsert") == "true",
    )
    return ApiReply(201, replies.created(stored))


def _edit_variable(project: FakeProject, request: ApiRequest) -> ApiReply:
    body = request.body
    if not isinstance(body, dict) or set(body) - _EDITABLE:
        raise ApiError(400, "bad_request", "Invalid request: should NOT have other properties")
    if "target" in body:
        _checked_targets(body["target"])
    if "type" in body:
        _checked_type(body["type"])
    stored = project.variable(request.parts["id"])
    if stored.type == "sensitive" and "target" in body:
        raise ApiError(400, "bad_request", "A sensitive variable keeps its targets")
    return ApiReply(200, replies.variable(project.edit(stored.id, body), decrypted=True))


def _remove_variable(project: FakeProject, request: ApiRequest) -> ApiReply:
    removed = project.remove(request.parts["id"])
    return ApiReply(200, replies.variable(removed, decrypted=False))


def _get_project(project: FakeProject, request: ApiRequest) -> ApiReply:
    del request
    return ApiReply(200, replies.project(project))


def _list_deployments(project: FakeProject, request: ApiRequest) -> ApiReply:
    query = request.query
    wanted = query.get("projectId", project.id)
    if wanted not in {project.id, project.name}:
        return ApiReply(200, replies.page("deployments", [], None, None))
    states = set(filter(None, query.get("state", "").split(",")))
    now = project.now()
    found = [
        deployment
        for deployment in project.newest_first()
        if query.get("target", deployment.target) == deployment.target
        and (not states or deployment.state_at(now) in states)
        and deployment.created_at < int(query.get("until", now + 1))
    ]
    limit = int(query.get("limit", "20"))
    shown = [replies.listed_deployment(project, deployment) for deployment in found[:limit]]
    after = found[limit - 1].created_at if len(found) > limit else None
    return ApiReply(200, replies.page("deployments", shown, None, after))


def _create_deployment(project: FakeProject, request: ApiRequest) -> ApiReply:
    body = request.body
    if not isinstance(body, dict) or not isinstance(body.get("name"), str):
        raise ApiError(400, "bad_request", "Invalid request: missing required property `name`")
    if "deploymentId" not in body:
        raise ApiError(400, "missing_files", "The fake deploys an earlier deployment only")
    deployment = project.deploy(
        target=body.get("target") or "preview",
        source="redeploy",
        outcome=request.outcome,
        origin=project.deployment(body["deploymentId"]),
        meta=body.get("meta"),
    )
    return ApiReply(200, replies.deployment(project, deployment))


def _get_deployment(project: FakeProject, request: ApiRequest) -> ApiReply:
    return ApiReply(200, replies.deployment(project, project.deployment(request.parts["id"])))


def _checked_targets(targets: object) -> Sequence[str]:
    if not isinstance(targets, list) or not targets or not set(targets) <= set(TARGETS):
        raise ApiError(400, "bad_request", "Invalid request: `target` is not one of the targets")
    return targets


def _checked_type(kind: object) -> str:
    if not isinstance(kind, str) or kind not in TYPES:
        raise ApiError(400, "bad_request", "Invalid request: `type` is not one of the types")
    return kind


_ENV = r"/projects/(?P<project>[^/]+)/env"
_ROUTES: Final[tuple[tuple[str, str, Action], ...]] = (
    ("GET", r"/v10" + _ENV, _list_variables),
    ("POST", r"/v10" + _ENV, _create_variable),
    ("GET", r"/v1" + _ENV + r"/(?P<id>[^/]+)", _get_variable),
    ("PATCH", r"/v9" + _ENV + r"/(?P<id>[^/]+)", _edit_variable),
    ("DELETE", r"/v9" + _ENV + r"/(?P<id>[^/]+)", _remove_variable),
    ("GET", r"/v9/projects/(?P<project>[^/]+)", _get_project),
    ("GET", r"/v7/deployments", _list_deployments),
    ("POST", r"/v13/deployments", _create_deployment),
    ("GET", r"/v13/deployments/(?P<id>[^/]+)", _get_deployment),
)
