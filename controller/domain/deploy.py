"""What a deploy environment holds: variables by target, and the deployment that is live."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

LIVE_TARGET: Final = "production"
"""The target that the deployment people use takes its variables from."""


class Readability(StrEnum):
    """Whether a variable's value could be read back."""

    READABLE = "readable"
    UNREADABLE = (
        "unreadable"  # for example Vercel's type `sensitive`: never in sync, never patched blindly
    )


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable as the deploy environment stores it.

    Attributes:
        id: The adapter's own handle; a change is made by id.
        targets: Where the variable applies, for example production and preview.
        value: None when it cannot be read back.
        branch: The git branch it is limited to; such a variable is not ours and is left alone.
        updated_at: When it was last written, by the deploy environment's clock; None where that is
            unknown.
        hint: What to do about a value that cannot be read back, in the adapter's own words.
    """

    id: str
    name: str
    targets: frozenset[str]
    value: str | None
    readability: Readability = Readability.READABLE
    branch: str | None = None
    updated_at: datetime | None = None
    hint: str = "store it in the deploy environment in a way that can be read back"


@dataclass(frozen=True, slots=True)
class Deployment:
    """The newest live production deployment.

    Attributes:
        created_at: By the deploy environment's clock. A variable written later has not reached the
            app yet.
    """

    id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeployState:
    """What the deploy environment really holds, of the variables that flags name.

    Attributes:
        needs_redeploy: Whether a written variable reaches the app only with a new deployment.
        deployment: None where nothing has been deployed yet, or where deployments do not exist.
    """

    adapter: str
    variables: tuple[Variable, ...]
    needs_redeploy: bool
    deployment: Deployment | None

    def has_reached_app(self, variable: Variable) -> bool:
        """Whether the app that people use runs with what is stored in the variable.

        Where it is False a redeploy is pending. Other targets than production, deploy environments
        without deployments, projects that were never deployed and variables of unknown age have
        nothing to wait for.
        """
        if not self.needs_redeploy or LIVE_TARGET not in variable.targets:
            return True
        if self.deployment is None or variable.updated_at is None:
            return True
        return self.deployment.created_at > variable.updated_at


class DeployAction(StrEnum):
    """What is to be done to one variable for one target."""

    CREATE = "create"
    UPDATE = "update"
    REDEPLOY = "redeploy"  # the value is right, but the live deployment is older than it
    UNREADABLE = "unreadable"  # cannot be managed in place; a person must convert it


@dataclass(frozen=True, slots=True, order=True)
class DeployChange:
    """One step for one variable and one target.

    Attributes:
        variable_id: The handle to update by; None to create.
        before: The value found, or None where there is none or it is unreadable.
        enables: Whether the written value turns the flag on for everyone.
        managed: Every target that the flag manages, sorted. One stored variable may cover several
            targets; it is changed only if all of them are managed. Empty means the change's own
            target alone.
        shared: Targets that the stored variable serves as well although the flag does not manage
            them, sorted. With any, the deploy environment refuses to write it.
    """

    flag: str
    variable: str
    target: str
    action: DeployAction
    after: str
    enables: bool
    before: str | None = None
    variable_id: str | None = None
    managed: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
