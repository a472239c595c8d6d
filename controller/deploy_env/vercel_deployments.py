"""How a written variable reaches the app: a new deployment, started once and watched until live.

Whether a deployment carries a variable is decided by Vercel's own clock: it was created after the
variable was written. So a deployment that somebody else has just started is as good as ours, and a
request whose reply was lost is resolved by looking for a deployment that was not there before.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from controller.deploy_env.http import MANNERS, ReplyLost
from controller.deploy_env.vercel_client import VercelClient
from controller.deploy_env.vercel_options import RedeployMode, VercelOptions
from controller.deploy_env.vercel_shapes import ReadyState, StoredDeployment
from controller.domain.deploy import Deployment
from controller.domain.units import format_duration
from controller.errors import DeployEnvUnreachable, PartlyApplied, Refused
from controller.http_calls.caller import RUN_AGAIN, HttpCaller, Patience, Request
from controller.http_calls.secret import Redactor

_STARTS: Final = 3
_LOOKS: Final = 15
_BETWEEN_LOOKS: Final = 4.0
_FIRST_POLL: Final = 1.0
_SLOWEST_POLL: Final = 8.0

_FAILED: Final = {
    ReadyState.ERROR: "its build failed",
    ReadyState.CANCELED: "it was cancelled",
    ReadyState.BLOCKED: "Vercel blocked it",
    ReadyState.DELETED: "it was deleted",
}
_REMEDIES: Final = {
    ReadyState.ERROR: "read its log with `vercel inspect {id} --logs` and mend the build",
    ReadyState.CANCELED: (
        "if that took only seconds, the project's Ignored Build Step did it, because the commit "
        "is the same: let it build redeployments, or deploy by hand with `vercel --prod`"
    ),
    ReadyState.BLOCKED: "open it in Vercel's dashboard: it says who has to let it through",
    ReadyState.DELETED: "nothing has to be mended",
}


class VercelDeployments:
    """The project's deployments to production."""

    def __init__(
        self, client: VercelClient, options: VercelOptions, redactor: Redactor, patience: Patience
    ) -> None:
        self._client = client
        self._options = options
        self._redactor = redactor
        self._clock = patience.clock
        self._hook = options.hook and HttpCaller(
            "Vercel", options.hook.reveal(), MANNERS, redactor=redactor, patience=patience
        )

    def close(self) -> None:
        """Close the connections."""
        if self._hook:
            self._hook.close()

    def live(self) -> Deployment | None:
        """The deployment that people use now; None before the first.

        Raises:
            DeployEnvUnreachable: It cannot be read.
        """
        _, live = self._client.live_deployment()
        return live.as_deployment() if live else None

    def redeploy(self, written_at: datetime | None) -> Deployment:
        """Start a deployment that carries what was written, unless one is on its way.

        Args:
            written_at: When the newest variable was written, by Vercel's clock.

        Raises:
            DeployEnvUnreachable: It could not be started.
            PartlyApplied: Somebody else deploys here.
            Refused: There is nothing to redeploy, or Vercel does not want it.
        """
        if self._options.redeploy is RedeployMode.NEVER:
            raise PartlyApplied(
                "the variables are written, but reach the app only with its next deployment, "
                "which `redeploy: never` leaves to others",
                "deploy the app, then run `rolloutctl reconcile` again to see that it has them",
            )
        name, live = self._client.live_deployment()
        recent = self._client.production_deployments()
        on_its_way = next((found for found in recent if _will_carry(found, live, written_at)), None)
        if on_its_way:
            return on_its_way.as_deployment()
        if live is None:
            raise Refused(
                f"the project {self._options.project} has no production deployment to redeploy",
                "deploy the app once, for example with `vercel --prod`; that deployment takes "
                "the variables as they are now",
            )
        return self._start(name, live, {found.id for found in recent}).as_deployment()

    def wait_until_live(self, identifier: str, timeout: timedelta | None) -> None:
        """Wait until the deployment is ready and people use it.

        Raises:
            PartlyApplied: It failed, or is not live in time.
            DeployEnvUnreachable: Its state cannot be read.
        """
        limit = self._options.redeploy_timeout if timeout is None else timeout
        deadline = self._clock.monotonic() + limit.total_seconds()
        pause = _FIRST_POLL
        while True:
            found = self._client.deployment(identifier)
            if found.is_live:
                return
            if found.has_failed:
                raise self._failed(found)
            if found.substate == "STAGED" and not found.assigns_domains:
                raise _staged(found)
            left = deadline - self._clock.monotonic()
            if left <= 0:
                raise _late(found, limit)
            self._clock.sleep(min(pause, left))
            pause = min(_SLOWEST_POLL, pause * 1.5)

    def _start(self, name: str, live: StoredDeployment, known: Collection[str]) -> StoredDeployment:
        lost: DeployEnvUnreachable | None = None
        for _ in range(_STARTS):
            try:
                if not self._hook:
                    return self._client.redeploy(name, live)
                self._call_hook(self._hook)
                lost = None
            except ReplyLost as error:
                lost = error
            appeared = self._appeared(known)
            if appeared:
                return appeared
            if lost is None:
                break
        raise lost or DeployEnvUnreachable(
            "Vercel accepted the deploy hook, but no production deployment has appeared",
            "check that the hook's branch is the project's production branch, and that the "
            "Ignored Build Step lets it through; then run `rolloutctl reconcile` again",
        )

    def _call_hook(self, hook: HttpCaller) -> None:
        answer = hook.send(Request("POST", "", label="the deploy hook"))
        if not answer.succeeded:
            raise Refused(
                f"Vercel refused the deploy hook: it answered {answer}",
                "make a new hook in the project's settings under Git, and store its address in "
                "the variable that `deploy_hook` names",
            )

    def _appeared(self, known: Collection[str]) -> StoredDeployment | None:
        """A deployment that was not there before, once Vercel lists it."""
        for look in range(_LOOKS if self._hook else 3):
            if look:
                self._clock.sleep(_BETWEEN_LOOKS)
            for found in self._client.production_deployments():
                if found.id not in known:
                    return found
        return None

    def _failed(self, deployment: StoredDeployment) -> PartlyApplied:
        state = ReadyState(deployment.state)
        reason = self._redactor.quote(deployment.reason)
        said = f"; Vercel says: {reason}" if reason else ""
        return PartlyApplied(
            f"the variables are written, but the deployment {deployment.id} that should carry "
            f"them did not become live: {_FAILED[state]}{said}",
            f"{_REMEDIES[state].format(id=deployment.id)}; then run `rolloutctl reconcile` again: "
            "it starts a new deployment",
        )


def _will_carry(
    deployment: StoredDeployment, live: StoredDeployment | None, written_at: datetime | None
) -> bool:
    """Whether this deployment is on its way, and makes another one unnecessary.

    One that was live already and is not now was rolled back: it is not on its way any more.
    """
    if deployment.has_failed or deployment.is_live:
        return False
    if live and deployment.created_at <= live.created_at:
        return False
    return written_at is not None and deployment.created_at > written_at


def _late(deployment: StoredDeployment, limit: timedelta) -> PartlyApplied:
    state = deployment.state
    if state == ReadyState.READY:
        state = f"ready, but not yet what people use ({deployment.substate or 'no alias'})"
    return PartlyApplied(
        f"the variables are written, but after {format_duration(limit)} the deployment "
        f"{deployment.id} that carries them is still {state}",
        RUN_AGAIN,
    )


def _staged(deployment: StoredDeployment) -> PartlyApplied:
    return PartlyApplied(
        f"the variables are written, and the deployment {deployment.id} that carries them is "
        "ready; but the project gives its production domains to no deployment by itself (after "
        "an instant rollback, or by its settings)",
        f"promote it with `vercel promote {deployment.id}`, or undo the rollback; then run "
        "`rolloutctl reconcile` again",
    )
