"""The deploy environment `vercel`: a project's variables, and the deployments that carry them.

This file is the port's shape; the work is done by its parts:

    vercel_options       what the environment file says
    vercel_variables     look, write, look again
    vercel_deployments   redeploy, and wait until it is live
    app_check            the app's own word on what it runs with
    vercel_client        the calls of Vercel's API, and what its refusals mean
    vercel_shapes        what Vercel's JSON means
    http, retry          one request, and when it may be sent again
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from controller.deploy_env.app_check import AppCheck
from controller.deploy_env.interface import DeployEnv
from controller.deploy_env.vercel_client import VercelClient
from controller.deploy_env.vercel_deployments import VercelDeployments
from controller.deploy_env.vercel_options import NAME, VercelOptions
from controller.deploy_env.vercel_variables import VercelVariables
from controller.domain.deploy import (
    LIVE_TARGET,
    DeployChange,
    Deployment,
    DeployState,
    Variable,
)
from controller.errors import PartlyApplied
from controller.http_calls.caller import Patience
from controller.http_calls.secret import Redactor, Secret


class VercelDeployEnv(DeployEnv):
    """One project at Vercel.

    Args:
        options: What the environment file says.
        patience: How long to wait for Vercel, and by which clock.
    """

    def __init__(self, options: VercelOptions, patience: Patience | None = None) -> None:
        patience = patience or Patience()
        redactor = Redactor(_secrets(options))
        self._client = VercelClient(options, redactor, patience)
        self._variables = VercelVariables(self._client, patience)
        self._deployments = VercelDeployments(self._client, options, redactor, patience)
        self._app = options.verify_url and AppCheck(options.verify_url, redactor, patience)

    @classmethod
    def from_options(
        cls, options: Mapping[str, str], secrets: Mapping[str, str], root: Path
    ) -> Self:
        """Make the adapter from the environment file's options; docs/vercel.md lists them.

        Raises:
            UsageError: An option is missing, unknown or malformed, or a secret is not set.
        """
        del root
        return cls(VercelOptions.parse(options, secrets))

    def read(self, wanted: Mapping[str, Collection[str]]) -> DeployState:
        """What is stored for these variables, and which deployment people use now.

        Raises:
            DeployEnvUnreachable: Vercel did not answer with all of it.
            UsageError: Vercel has no target of such a name.
        """
        return DeployState(
            adapter=NAME,
            variables=self._variables.read(wanted) if wanted else (),
            needs_redeploy=True,
            deployment=self._deployments.live() if wanted else None,
        )

    def write(self, change: DeployChange) -> None:
        """Create or update one variable for one target, and read it back.

        Raises:
            DeployEnvUnreachable: It could not be written or read back.
            Refused: It is not ours to write, or Vercel does not want it.
        """
        self._variables.write(change)

    def redeploy(self) -> Deployment:
        """Start a new production deployment, unless one that carries the variables is on its way.

        Raises:
            DeployEnvUnreachable: It could not be started.
            PartlyApplied: Somebody else deploys here (`redeploy: never`).
            Refused: There is nothing to redeploy, or Vercel does not want it.
        """
        return self._deployments.redeploy(self._variables.written_at)

    def wait_until_live(self, deployment: Deployment, timeout: timedelta | None = None) -> None:
        """Wait until the deployment is ready and carries the production alias.

        Args:
            deployment: What `redeploy` returned.
            timeout: How long; None for the option `redeploy_timeout`.

        Raises:
            PartlyApplied: It failed, was cancelled, or is not live in time.
            DeployEnvUnreachable: Its state cannot be read.
        """
        self._deployments.wait_until_live(deployment.id, timeout)

    def verify(self, expected: Mapping[str, str]) -> None:
        """Check what is stored for production, that the live app is newer, and the app's own word.

        Raises:
            PartlyApplied: A variable holds another value, or the live app does not have it yet.
            DeployEnvUnreachable: Vercel, or the app at `verify_url`, did not answer.
        """
        if not expected:
            return
        state = self.read(dict.fromkeys(expected, (LIVE_TARGET,)))
        wrong = list(_problems(state, expected))
        if wrong:
            raise PartlyApplied(
                f"production does not run with the desired values: {'; '.join(wrong)}",
                "run `rolloutctl reconcile` again",
            )
        if self._app:
            self._app.check(expected)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        self._deployments.close()
        if self._app:
            self._app.close()


def _problems(state: DeployState, expected: Mapping[str, str]) -> Iterable[str]:
    stored = {variable.name: variable for variable in state.variables if _is_live(variable)}
    for name, value in sorted(expected.items()):
        problem = _problem(state, stored.get(name), value)
        if problem:
            yield f"{name} {problem}"


def _problem(state: DeployState, variable: Variable | None, value: str) -> str | None:
    if variable is None:
        return "is not set"
    if variable.value is None:
        return "cannot be read back"
    if variable.value != value:
        return f"holds another value than {value!r}"
    if not state.has_reached_app(variable):
        return "was written after the live deployment was made (pending redeploy)"
    return None


def _is_live(variable: Variable) -> bool:
    return LIVE_TARGET in variable.targets and variable.branch is None


def _secrets(options: VercelOptions) -> Iterable[Secret]:
    yield options.token
    if options.hook:
        parts = urlsplit(options.hook.reveal())
        yield Secret(parts.path.rsplit("/", 1)[-1] + parts.query)
