"""Reading and writing Vercel's variables: look, act, look again.

A write is a loop of looking at what is stored and doing what is missing. A lost reply, a conflict
and a success are thus all followed by the same look, and nothing is written blindly twice.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from controller.deploy_env.http import ReplyLost
from controller.deploy_env.vercel_client import Conflict, VercelClient
from controller.deploy_env.vercel_shapes import StoredVariable
from controller.domain.deploy import LIVE_TARGET, DeployChange, Readability, Variable
from controller.errors import DeployEnvUnreachable, Refused, RolloutError, UsageError
from controller.http_calls.caller import Patience

_TARGETS: Final = ("production", "preview", "development")
_LOOKS: Final = 5


class VercelVariables:
    """The project's variables.

    Attributes:
        written_at: When production's newest variable of those seen was written, by Vercel's clock.
    """

    def __init__(self, client: VercelClient, patience: Patience) -> None:
        self._client = client
        self._patience = patience
        self.written_at: datetime | None = None

    def read(self, wanted: Mapping[str, Collection[str]]) -> tuple[Variable, ...]:
        """Every variable of these names, sorted by name and targets.

        Raises:
            DeployEnvUnreachable: They cannot be read to the last one.
            UsageError: Vercel has no target of such a name.
        """
        for name, targets in sorted(wanted.items()):
            _check_targets(name, targets)
        found = [self._with_value(stored) for stored in self._client.variables(wanted)]
        return tuple(sorted(found, key=lambda v: (v.name, sorted(v.targets), v.branch or "", v.id)))

    def write(self, change: DeployChange) -> None:
        """Make the variable have the value for the target, if it does not have it already.

        Raises:
            DeployEnvUnreachable: It could not be written or read back.
            Refused: It is not ours to write, or Vercel does not want it.
        """
        _check_targets(change.variable, (change.target,))
        trouble: RolloutError | None = None
        for look in range(_LOOKS):
            if trouble:
                policy = self._patience.policy
                self._patience.clock.sleep(policy.backoff(look, self._patience.chance()))
            found = self._find(change)
            if found and found[1].value == change.after:
                return
            if found:
                _check_ours(*found, change)
            trouble = self._attempt(found[0] if found else None, change)
        raise trouble or DeployEnvUnreachable(
            f"Vercel took the new value of {change.variable} for {change.target}, "
            "but keeps showing another one",
            "somebody else may be writing it: run `rolloutctl plan` to see what is stored now",
        )

    def _attempt(self, stored: StoredVariable | None, change: DeployChange) -> RolloutError | None:
        """Write once. What went wrong is returned where another look can tell what to do."""
        try:
            if stored is None:
                self._client.create(change.variable, change.target, change.after)
            else:
                self._client.update(stored, change.after)
        except (ReplyLost, Conflict) as error:
            return error
        return None

    def _find(self, change: DeployChange) -> tuple[StoredVariable, Variable] | None:
        """The entry that gives the target its value, whatever else it covers."""
        found = [
            stored
            for stored in self._client.variables((change.variable,))
            if change.target in stored.targets and not stored.branch
        ]
        if len(found) > 1:
            raise Refused(
                f"Vercel holds {len(found)} variables {change.variable} for {change.target}",
                "remove all but one of them in the project's settings, then run again",
            )
        return (found[0], self._with_value(found[0])) if found else None

    def _with_value(self, stored: StoredVariable) -> Variable:
        if LIVE_TARGET in stored.targets and stored.updated_at and not stored.branch:
            self.written_at = max(self.written_at or stored.updated_at, stored.updated_at)
        return stored.as_variable(self._client.value(stored))


def _check_ours(stored: StoredVariable, variable: Variable, change: DeployChange) -> None:
    foreign = stored.targets - {change.target, *change.managed}
    if foreign:
        others = ", ".join(sorted(foreign))
        raise Refused(
            f"Vercel's variable {change.variable} for {change.target} is also the one for "
            f"{others}, which the flag does not manage; changing it would change them too",
            f"give {change.target} a variable of its own in the project's settings, "
            f"or add {others} to the targets of the flag {change.flag}",
        )
    if variable.readability is Readability.UNREADABLE:
        raise Refused(
            f"Vercel's variable {change.variable} for {change.target} is of the type "
            f"{stored.kind}; its value cannot be read back, so it is not managed",
            "remove it in the project's settings and add it again with the same value, not "
            "marked as sensitive (docs/vercel.md says how), then run again",
        )


def _check_targets(variable: str, targets: Collection[str]) -> None:
    for target in sorted(targets):
        if target not in _TARGETS:
            raise UsageError(
                f"the variable {variable} has the target {target!r}, which Vercel does not have",
                f"Vercel's targets are: {', '.join(_TARGETS)}",
            )
