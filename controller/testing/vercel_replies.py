"""The fake Vercel's JSON, in the shapes of the real one.

Vercel's own client, `@vercel/sdk`, checks them: tests/testing/test_fake_vercel.py.
"""

from collections.abc import Sequence
from typing import Any, Final

from controller.testing.vercel_project import FakeDeployment, FakeProject, FakeVariable

Json = dict[str, Any]

_USER: Final = "usr_ci"
_ACCOUNT: Final = "team_account"
_UNCHANGING: Final[Json] = {
    "ownerId": _ACCOUNT,
    "createdIn": "iad1",
    "creator": {"uid": _USER, "username": "ci"},
    "type": "LAMBDAS",
    "plan": "pro",
    "public": False,
    "version": 2,
    "regions": ["iad1"],
    "routes": None,
    "build": {"env": []},
    "buildSkipped": False,
    "isInConcurrentBuildsQueue": False,
    "isInSystemBuildsQueue": False,
    "inspectorUrl": None,
    "projectSettings": {},
    "aliasError": None,
}
"""What the fake says of every deployment."""

_BUILD_FAILED: Final[Json] = {
    "errorCode": "BUILD_FAILED",
    "errorMessage": 'Command "npm run build" exited with 1',
}


def variable(stored: FakeVariable, *, decrypted: bool) -> Json:
    """A variable, with its value in clear or as ciphertext; `plain` is always in clear."""
    clear = stored.type == "plain" or (decrypted and stored.type == "encrypted")
    reply: Json = {
        "type": stored.type,
        "value": stored.value if clear else stored.ciphertext,
        "target": stored.targets,
        "id": stored.id,
        "key": stored.key,
        "configurationId": None,
        "createdAt": stored.created_at,
        "updatedAt": stored.updated_at,
        "createdBy": _USER,
        "updatedBy": None,
        "decrypted": clear,
        "securityIssues": [],
    }
    if stored.branch is not None:
        reply["gitBranch"] = stored.branch
    if stored.comment is not None:
        reply["comment"] = stored.comment
    if stored.type == "system":
        reply["system"] = True
    return reply


def one_variable(stored: FakeVariable) -> Json:
    """A variable that was asked for alone: in clear, or without a value where that is secret."""
    reply = variable(stored, decrypted=True)
    if not reply["decrypted"]:
        del reply["value"]
    return reply


def created(stored: FakeVariable) -> Json:
    """The answer to a creation."""
    return {"created": variable(stored, decrypted=True), "failed": []}


def not_created(key: str, targets: Sequence[str]) -> Json:
    """The answer to a creation that succeeded, as the status says, and created nothing."""
    error = {
        "code": "ENV_ALREADY_EXISTS",
        "message": f"A variable with the name {key} already exists",
        "key": key,
        "envVarKey": key,
        "target": list(targets),
    }
    return {"created": [], "failed": [{"error": error}]}


def page(name: str, entries: Sequence[Json], before: int | None, after: int | None) -> Json:
    """One page of a list."""
    pagination = {"count": len(entries), "next": after, "prev": before}
    return {name: list(entries), "pagination": pagination}


def listed_deployment(project: FakeProject, deployment: FakeDeployment) -> Json:
    """A deployment in a list."""
    now = project.now()
    state = deployment.state_at(now)
    aliased = (
        deployment.created_at + deployment.aliased_after if deployment.aliased_at(now) else None
    )
    reply: Json = {
        "uid": deployment.id,
        "name": deployment.name,
        "projectId": project.id,
        "url": f"{deployment.name}-{deployment.id[-9:]}.vercel.app",
        "created": deployment.created_at,
        "createdAt": deployment.created_at,
        "source": deployment.source,
        "state": state,
        "readyState": state,
        "type": "LAMBDAS",
        "creator": {"uid": _USER, "username": "ci"},
        "inspectorUrl": None,
        "meta": deployment.meta,
        "target": deployment.target if deployment.target == "production" else None,
        "aliasError": None,
        "aliasAssigned": aliased,
        "isRollbackCandidate": None,
    }
    return reply | _substate(project, deployment)


def deployment(project: FakeProject, shown: FakeDeployment) -> Json:
    """A deployment that was asked for alone, or was just created."""
    now = project.now()
    state = shown.state_at(now)
    reply: Json = {
        **_UNCHANGING,
        "id": shown.id,
        "name": shown.name,
        "projectId": project.id,
        "url": f"{shown.name}-{shown.id[-9:]}.vercel.app",
        "createdAt": shown.created_at,
        "bootedAt": shown.created_at,
        "buildingAt": shown.created_at,
        "readyState": state,
        "status": state,
        "source": shown.source,
        "target": shown.target if shown.target == "production" else None,
        "meta": shown.meta,
        "env": sorted(shown.variables),
        "autoAssignCustomDomains": shown.assigns_domains,
        "alias": [f"{shown.name}.vercel.app"] if shown.aliased_at(now) else [],
        "aliasAssigned": shown.aliased_at(now),
    }
    if state == "ERROR":
        reply |= _BUILD_FAILED
    return reply | _substate(project, shown)


def project(shown: FakeProject) -> Json:
    """The project, and the deployment that its production domains point to."""
    live = shown.live()
    resources = {"functionDefaultRegions": ["iad1"]}
    return {
        "accountId": _ACCOUNT,
        "id": shown.id,
        "name": shown.name,
        "alias": [],
        "nodeVersion": "22.x",
        "directoryListing": False,
        "deploymentExpiration": {},
        "resourceConfig": resources,
        "defaultResourceConfig": resources,
        "targets": {"production": _target(shown, live)} if live else {},
    }


def hook_job(number: int, created_at: int) -> Json:
    """The answer to a deploy hook."""
    return {"job": {"id": f"job{number}", "state": "PENDING", "createdAt": created_at}}


def _target(shown: FakeProject, live: FakeDeployment) -> Json:
    url = f"{live.name}-{live.id[-9:]}.vercel.app"
    reply: Json = {
        "id": live.id,
        "name": live.name,
        "url": url,
        "deploymentHostname": url,
        "createdAt": live.created_at,
        "createdIn": "iad1",
        "creator": None,
        "plan": "pro",
        "private": False,
        "readyState": live.state_at(shown.now()),
        "target": "production",
        "type": "LAMBDAS",
        "alias": [f"{live.name}.vercel.app"],
        "aliasAssigned": live.created_at + live.aliased_after,
    }
    return reply | _substate(shown, live)


def _substate(shown: FakeProject, of: FakeDeployment) -> Json:
    substate = shown.substate(of)
    return {"readySubstate": substate} if substate else {}
