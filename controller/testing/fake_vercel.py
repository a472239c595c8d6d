"""A Vercel of one's own: real HTTP on loopback, one project, and any failure on demand.

It keeps what it is told, as Vercel does: variables with their types, targets and pages; deployments
that are built, get their aliases, and run with the variables as they were when they were created.
`live_value` tells what the app really sees.

    with FakeVercel() as vercel:
        vercel.deploy()
        vercel.fail(Fault.REPLY_LOST, method="PATCH")
        env = VercelDeployEnv.from_options(vercel.options(), vercel.secrets)
        ...
        assert vercel.live_value("SEQUENTIAL_WORKFLOW") == "1"

With a `FakeClock` shared with the code under test, builds and waits take no time at all.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

import controller.testing.vercel_replies as replies
from controller.testing.clock import Clock, FakeClock
from controller.testing.fake_server import FakeServer, Received, Reply, json_reply
from controller.testing.fake_service import FakeService
from controller.testing.faults import Fault
from controller.testing.vercel_api import ApiReply, VercelApi, refusal
from controller.testing.vercel_project import FakeDeployment, FakeProject, FakeVariable

_HOOK: Final = "/v1/integrations/deploy/"
_APP: Final = "/app/variables"
_OUTCOMES: Final = {
    Fault.DEPLOYMENT_ERROR: "ERROR",
    Fault.DEPLOYMENT_CANCELED: "CANCELED",
    Fault.DEPLOYMENT_BLOCKED: "BLOCKED",
}


class FakeVercel(FakeService):
    """One team with one project, behind Vercel's API. A context manager: it serves inside `with`.

    Args:
        clock: By which deployments are built; the machine's own where none is given would make
            tests wait, so the default is a `FakeClock` of its own.
        build_seconds: From the creation of a deployment until it is READY.
        alias_seconds: From then until its aliases are assigned.
        page_size: How many variables one page of the list has.
        hold_seconds: How long `Fault.TIMEOUT` and `Fault.SLOW` hold a connection. Real seconds.
        keeps_variables: Whether redeploying by id keeps the variables of the earlier deployment,
            as one half of Vercel's documentation says.

    Attributes:
        ignore_hooks: Whether a deploy hook is accepted without a deployment to follow, as where its
            branch is not the production branch.
    """

    token: Final = "vercel-fake-token-Zq7Lw2Xc9P"  # noqa: S105 -- opens nothing but this fake
    team_id: Final = "team_fake"
    team_slug: Final = "fake-team"
    hook_secret: Final = "hkSecret8Qy3"  # noqa: S105 -- opens nothing but this fake

    def __init__(
        self,
        project: str = "shop",
        *,
        clock: Clock | None = None,
        build_seconds: float = 30.0,
        alias_seconds: float = 5.0,
        page_size: int = 20,
        hold_seconds: float = 0.05,
        keeps_variables: bool = False,
    ) -> None:
        self.clock = clock or FakeClock()
        self._project = FakeProject(project, self.clock, build_seconds, alias_seconds)
        self._project.keeps_variables = keeps_variables
        self._api = VercelApi(self._project, self.token, self.team_id, self.team_slug, page_size)
        super().__init__(FakeServer(self._answer, self.clock.time, hold_seconds))
        self._hidden = 0
        self.ignore_hooks = False

    # What the code under test is given

    @property
    def hook_url(self) -> str:
        """The address of the project's deploy hook."""
        return f"{self.url}{_HOOK}{self._project.id}/{self.hook_secret}"

    @property
    def app_url(self) -> str:
        """Where the app itself tells the variables that it runs with, as a JSON object."""
        return f"{self.url}{_APP}"

    @property
    def secrets(self) -> dict[str, str]:
        """Variables of a process that holds the secrets for it."""
        return {"VERCEL_TOKEN": self.token, "VERCEL_DEPLOY_HOOK": self.hook_url}

    def options(self, **more: str) -> dict[str, str]:
        """The options of the adapter `vercel` for this project."""
        options = {"project": self._project.name, "team_id": self.team_id, "api_url": self.url}
        return options | more

    # What the world does

    def set_variable(
        self,
        key: str,
        value: str,
        targets: Sequence[str] = ("production",),
        *,
        type: str = "encrypted",  # noqa: A002 -- Vercel's own word for it
        branch: str | None = None,
    ) -> str:
        """Store a variable, as somebody would in the dashboard. Returns its id."""
        with self._lock:
            return self._project.put(key, value, targets, type, branch).id

    def edit_variable(self, identifier: str, **changes: object) -> None:
        """Change a stored variable, as somebody would in the dashboard."""
        with self._lock:
            self._project.edit(identifier, changes)

    def remove_variable(self, identifier: str) -> None:
        """Remove a stored variable."""
        with self._lock:
            self._project.remove(identifier)

    def hide_production(self, count: int) -> None:
        """Hide so many production variables, as from a token without the permission to see them."""
        self._hidden = count

    def deploy(self, *, live: bool = True) -> str:
        """Deploy to production, as a push to the production branch would. Returns the id.

        Args:
            live: Whether it is at once what people use; else it is built first, like any other.
        """
        with self._lock:
            deployment = self._project.deploy()
            if live:
                deployment.ready_after = deployment.aliased_after = 0
            return deployment.id

    def roll_back(self, deployment: str) -> None:
        """Make an earlier deployment the live one at once: an instant rollback."""
        with self._lock:
            self._project.roll_back(deployment)

    # What became of it

    @property
    def variables(self) -> tuple[FakeVariable, ...]:
        """Everything that is stored, oldest first."""
        with self._lock:
            return tuple(self._project.variables.values())

    @property
    def deployments(self) -> tuple[FakeDeployment, ...]:
        """Every deployment, oldest first."""
        with self._lock:
            return tuple(self._project.deployments.values())

    def stored_value(self, key: str, target: str = "production") -> str | None:
        """What is stored now; None where nothing is."""
        with self._lock:
            return self._project.stored(target).get(key)

    def live_value(self, key: str) -> str | None:
        """What the app in production really sees; None where it does not have the variable."""
        return self._live_values().get(key)

    def _live_values(self) -> dict[str, str]:
        with self._lock:
            live = self._project.live()
            return dict(live.variables) if live else {}

    def _answer(self, received: Received, fault: Fault | None) -> Reply:
        if received.path == _APP:
            return json_reply(HTTPStatus.OK, self._live_values())
        with self._lock:
            reply = self._api_reply(received, fault)
        return json_reply(reply.status, reply.body)

    def _api_reply(self, received: Received, fault: Fault | None) -> ApiReply:
        outcome = _OUTCOMES.get(fault, "READY") if fault else "READY"
        if received.path.startswith(_HOOK):
            return self._call_hook(received, outcome)
        if fault is Fault.CREATE_FAILED:
            return ApiReply(HTTPStatus.CREATED, replies.not_created("KEY", ["production"]))
        reply = self._api.answer(
            received.method,
            received.path,
            received.query,
            received.authorization,
            received.content,
            outcome,
        )
        return self._without_hidden(reply)

    def _call_hook(self, received: Received, outcome: str) -> ApiReply:
        expected = f"{_HOOK}{self._project.id}/{self.hook_secret}"
        if received.method != "POST" or received.path != expected:
            return refusal(HTTPStatus.NOT_FOUND, "not_found", "The deploy hook was not found")
        if not self.ignore_hooks:
            self._project.deploy(source="git-deploy-hook", outcome=outcome)
        number = len(self._project.deployments)
        return ApiReply(HTTPStatus.CREATED, replies.hook_job(number, self._project.now()))

    def _without_hidden(self, reply: ApiReply) -> ApiReply:
        """The list as a token sees it that may not see all of production."""
        if not self._hidden or "envs" not in reply.body:
            return reply
        body: dict[str, Any] = {"envs": [], "hiddenProductionEnvCount": self._hidden}
        return ApiReply(reply.status, body)
