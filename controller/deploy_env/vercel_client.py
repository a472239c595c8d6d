"""Vercel's API as functions: one method a call, its traps dealt with, its refusals explained.

Knows nothing of flags. `vercel_variables.py` and `vercel_deployments.py` decide what to call when.
"""

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from controller.deploy_env.http import MANNERS
from controller.deploy_env.vercel_options import VercelOptions
from controller.deploy_env.vercel_shapes import (
    ReadyState,
    StoredDeployment,
    StoredVariable,
    decrypted_value,
    deployment_page,
    failures,
    project_in_production,
    stored_deployment,
    variable_page,
)
from controller.domain.deploy import LIVE_TARGET
from controller.errors import DeployEnvUnreachable, Refused
from controller.http_calls.caller import Answer, HttpCaller, Patience, Request
from controller.http_calls.secret import Redactor

_MAX_PAGES: Final = 200
_RECENT: Final = 20
_CONFLICTS: Final = frozenset({"ENV_CONFLICT", "ENV_ALREADY_EXISTS"})


class Conflict(Refused):
    """The variable is not as it was listed a moment ago: somebody else changes it too."""


class VercelClient:
    """The calls that the adapter makes, for one project."""

    def __init__(self, options: VercelOptions, redactor: Redactor, patience: Patience) -> None:
        self._options = options
        self._project = quote(options.project, safe="")
        self._http = HttpCaller(
            "Vercel",
            options.api_url,
            MANNERS,
            redactor=redactor,
            patience=patience,
            headers={"Authorization": f"Bearer {options.token.reveal()}"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def variables(self, names: Collection[str]) -> list[StoredVariable]:
        """Every entry of these names, from every page of the list.

        Raises:
            DeployEnvUnreachable: The list cannot be read to its end.
        """
        found: dict[str, StoredVariable] = {}
        marks: set[int] = set()
        query: dict[str, str | int] = {}
        for _ in range(_MAX_PAGES):
            page, after = variable_page(self._get(self._env("v10"), query), names)
            found.update({entry.id: entry for entry in page})
            if after is None:
                return list(found.values())
            if after in marks:
                break
            marks.add(after)
            query = {"until": after}
        raise DeployEnvUnreachable(
            f"Vercel's list of the variables of {self._options.project} does not end",
            "run the same command again; if it stays so, tell Vercel",
        )

    def value(self, variable: StoredVariable) -> str | None:
        """The value of one entry, decrypted; None where it cannot be read back.

        Raises:
            DeployEnvUnreachable: It cannot be asked for.
        """
        if not variable.must_be_decrypted:
            return variable.value
        return decrypted_value(self._get(f"{self._env('v1')}/{variable.id}"))

    def create(self, name: str, target: str, value: str) -> None:
        """Create a variable for one target.

        Raises:
            ReplyLost: It may have been created.
            Conflict: There is one already.
            Refused: Vercel does not want it.
        """
        body = {"key": name, "value": value, "type": "encrypted", "target": [target]}
        what = f"create the variable {name} for {target}"
        request = self._request("POST", self._env("v10"), {"upsert": "true"}, body)
        answer = self._change(request, what)
        failed = failures(answer.body)
        if failed:
            code, message = map(self._http.redactor.quote, failed[0])
            raise self._refused(Answer(answer.status, None, code, message), what)

    def update(self, variable: StoredVariable, value: str) -> None:
        """Give an entry another value; its targets and its type stay.

        Raises:
            ReplyLost: It may have been updated.
            Conflict: It is gone.
            Refused: Vercel does not want it.
        """
        request = self._request("PATCH", f"{self._env('v9')}/{variable.id}", body={"value": value})
        self._change(request, f"update the variable {variable.key}", {HTTPStatus.NOT_FOUND})

    def live_deployment(self) -> tuple[str, StoredDeployment | None]:
        """The project's name, and the deployment that people use now; None before the first.

        After an instant rollback that is not the newest one, so the project is asked first.

        Raises:
            DeployEnvUnreachable: It cannot be read.
        """
        name, live = project_in_production(self._get(f"/v9/projects/{self._project}"))
        if live is not None and live.state == ReadyState.READY:
            return name, live
        ready = self.production_deployments({"state": ReadyState.READY})
        return name, next((found for found in ready if found.is_live), ready[0] if ready else None)

    def production_deployments(
        self, query: Mapping[str, str | int] | None = None
    ) -> list[StoredDeployment]:
        """The newest deployments to production, newest first.

        Raises:
            DeployEnvUnreachable: They cannot be listed.
        """
        wanted: dict[str, str | int] = {
            "projectId": self._options.project,
            "target": LIVE_TARGET,
            "limit": _RECENT,
            **(query or {}),
        }
        return deployment_page(self._get("/v7/deployments", wanted))

    def deployment(self, identifier: str) -> StoredDeployment:
        """One deployment.

        Raises:
            DeployEnvUnreachable: It cannot be read.
        """
        return stored_deployment(self._get(f"/v13/deployments/{identifier}"))

    def redeploy(self, name: str, deployment: StoredDeployment) -> StoredDeployment:
        """Deploy anew what an earlier deployment was made from.

        Raises:
            ReplyLost: It may have been started.
            Refused: Vercel does not want it.
        """
        body = {
            "name": name,
            "deploymentId": deployment.id,
            "target": LIVE_TARGET,
            "meta": {"action": "redeploy"},
        }
        request = self._request("POST", "/v13/deployments", {"forceNew": "1"}, body)
        return stored_deployment(self._change(request, f"redeploy {deployment.id}").body)

    def _env(self, version: str) -> str:
        return f"/{version}/projects/{self._project}/env"

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Request:
        return Request(method, path, {**self._options.scope, **(query or {})}, body)

    def _get(self, path: str, query: Mapping[str, str | int] | None = None) -> object:
        request = self._request("GET", path, query)
        answer = self._http.send(request)
        if answer.succeeded:
            return answer.body
        message = f"Vercel refused {request}: it answered {answer}"
        raise DeployEnvUnreachable(message, self._remedy(answer.status))

    def _change(self, request: Request, what: str, conflicts: Collection[int] = ()) -> Answer:
        answer = self._http.send(request)
        if not answer.succeeded:
            raise self._refused(answer, what, {HTTPStatus.CONFLICT, *conflicts})
        return answer

    def _refused(self, answer: Answer, what: str, conflicts: Collection[int] = ()) -> Refused:
        message = f"Vercel refused to {what}: it answered {answer}"
        if answer.code in _CONFLICTS or answer.status in conflicts:
            return Conflict(message, "run `rolloutctl plan` to see what is stored now")
        return Refused(message, self._remedy(answer.status))

    def _remedy(self, status: int) -> str:
        scope = " ".join(f"{name}={value}" for name, value in self._options.scope.items())
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return (
                f"check that the token is valid, has not expired and may change the project "
                f"{self._options.project} ({scope}); docs/vercel.md says which scope it needs"
            )
        if status == HTTPStatus.NOT_FOUND:
            return (
                f"check `project` ({self._options.project}) and the team ({scope}) in "
                "rollout/environments/; a token of another team sees nothing either"
            )
        return "docs/vercel.md says what Vercel needs; then run the same command again"
