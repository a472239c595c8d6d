"""The state of one project at the fake Vercel: variables, deployments, and what the app sees.

No HTTP here. A deployment captures the variables when it is created, as at Vercel, so the app that
is live keeps running with what was stored then.
"""

import base64
import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from controller.testing.clock import Clock

TARGETS: Final = ("production", "preview", "development")
TYPES: Final = ("encrypted", "plain", "secret", "sensitive", "system")


class ApiError(Exception):
    """What the API answers instead of a success."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(slots=True)
class FakeVariable:
    """One stored variable. Times are milliseconds since 1970."""

    id: str
    key: str
    value: str
    type: str
    targets: list[str]
    branch: str | None
    created_at: int
    updated_at: int
    comment: str | None = None

    @property
    def ciphertext(self) -> str:
        """What a list shows instead of the value. Tells nothing about it."""
        digest = hashlib.sha256(f"{self.id}/{self.updated_at}".encode()).digest()
        return base64.b64encode(b'{"v":"v2","c":"' + digest.hex().encode() + b'"}').decode()


@dataclass(slots=True)
class FakeDeployment:
    """One deployment.

    Attributes:
        created_at: Milliseconds since 1970.
        outcome: The state that it ends in.
        ready_after: Milliseconds from its creation until then.
        aliased_after: Milliseconds from its creation until its aliases are assigned.
        assigns_domains: Whether the production domains are given to it.
        variables: What was stored for its target when it was created.
    """

    id: str
    name: str
    target: str
    source: str
    created_at: int
    outcome: str
    ready_after: int
    aliased_after: int
    assigns_domains: bool
    variables: dict[str, str]
    meta: dict[str, str] = field(default_factory=dict)

    def state_at(self, now: int) -> str:
        """Its `readyState` at that moment, in milliseconds since 1970."""
        age = now - self.created_at
        if age >= self.ready_after:
            return self.outcome
        if age * 3 < self.ready_after:
            return "QUEUED"
        return "INITIALIZING" if age * 3 < 2 * self.ready_after else "BUILDING"

    def aliased_at(self, now: int) -> bool:
        """Whether its aliases have been assigned at that moment."""
        return self.state_at(now) == "READY" and now - self.created_at >= self.aliased_after


class FakeProject:
    """Variables and deployments of one project, by a clock that may be a fake one too."""

    def __init__(self, name: str, clock: Clock, build_seconds: float, alias_seconds: float) -> None:
        self.name = name
        self.id = f"prj_{name}"
        self.keeps_variables = False
        self.variables: dict[str, FakeVariable] = {}
        self.deployments: dict[str, FakeDeployment] = {}
        self._clock = clock
        self._build = int(build_seconds * 1000)
        self._alias = int(alias_seconds * 1000)
        self._numbers = itertools.count(1)
        self._last = 0
        self._rolled_back_to: str | None = None

    def now(self) -> int:
        """Milliseconds since 1970."""
        return max(self._last, int(self._clock.time() * 1000))

    def put(
        self,
        key: str,
        value: str,
        targets: Sequence[str],
        kind: str = "encrypted",
        branch: str | None = None,
    ) -> FakeVariable:
        """Store a variable, whatever is there already."""
        moment = self._tick()
        identifier = f"env{next(self._numbers):012d}"
        stored = FakeVariable(identifier, key, value, kind, list(targets), branch, moment, moment)
        self.variables[identifier] = stored
        return stored

    def create(
        self,
        key: str,
        value: str,
        targets: Sequence[str],
        kind: str,
        branch: str | None,
        *,
        upsert: bool,
    ) -> FakeVariable:
        """Create a variable as the API does; with `upsert`, one of the same targets is updated.

        Raises:
            ApiError: One of the targets has such a variable already.
        """
        for stored in self.variables.values():
            if stored.key != key or stored.branch != branch:
                continue
            if upsert and set(stored.targets) == set(targets):
                return self.edit(stored.id, {"value": value, "type": kind})
            if set(stored.targets) & set(targets):
                raise _conflict(key, stored.targets, branch)
        return self.put(key, value, targets, kind, branch)

    def variable(self, identifier: str) -> FakeVariable:
        """One variable.

        Raises:
            ApiError: There is none of this id.
        """
        if identifier not in self.variables:
            raise ApiError(404, "NOT_FOUND", "The Environment Variable was not found")
        return self.variables[identifier]

    def edit(self, identifier: str, changes: dict[str, object]) -> FakeVariable:
        """Change some of a variable's properties.

        Raises:
            ApiError: There is none of this id, or the new targets overlap with another's.
        """
        stored = self.variable(identifier)
        targets = changes.get("target", stored.targets)
        key = changes.get("key", stored.key)
        for other in self.variables.values():
            same = other.key == key and other.branch == stored.branch and other is not stored
            if same and isinstance(targets, list) and set(other.targets) & set(targets):
                raise _conflict(str(key), other.targets, other.branch)
        names = {"target": "targets", "gitBranch": "branch"}
        for name, value in changes.items():
            setattr(stored, names.get(name, name), value)
        stored.updated_at = self._tick()
        return stored

    def remove(self, identifier: str) -> FakeVariable:
        """Remove a variable.

        Raises:
            ApiError: There is none of this id.
        """
        stored = self.variable(identifier)
        self._tick()
        return self.variables.pop(stored.id)

    def deploy(
        self,
        *,
        target: str = "production",
        source: str = "git",
        outcome: str = "READY",
        origin: FakeDeployment | None = None,
        meta: dict[str, str] | None = None,
    ) -> FakeDeployment:
        """Create a deployment; of an earlier one's sources where `origin` is given."""
        keeps = origin is not None and self.keeps_variables
        deployment = FakeDeployment(
            id=f"dpl_{next(self._numbers):024d}",
            name=self.name,
            target=target,
            source=source,
            created_at=self._tick(),
            outcome=outcome,
            ready_after=self._build if outcome == "READY" else self._build // 2,
            aliased_after=self._build + self._alias,
            assigns_domains=target == "production" and self._rolled_back_to is None,
            variables=dict(origin.variables) if origin and keeps else self.stored(target),
            meta=meta or {},
        )
        self.deployments[deployment.id] = deployment
        return deployment

    def deployment(self, identifier: str) -> FakeDeployment:
        """One deployment.

        Raises:
            ApiError: There is none of this id.
        """
        if identifier not in self.deployments:
            raise ApiError(404, "not_found", "The deployment could not be found")
        return self.deployments[identifier]

    def newest_first(self) -> list[FakeDeployment]:
        """Every deployment."""
        return sorted(self.deployments.values(), key=lambda found: -found.created_at)

    def roll_back(self, identifier: str) -> None:
        """Point the production domains to an earlier deployment, and no newer one to them."""
        self._rolled_back_to = self.deployment(identifier).id

    def live(self) -> FakeDeployment | None:
        """The deployment that the production domains point to."""
        if self._rolled_back_to:
            return self.deployments[self._rolled_back_to]
        now = self.now()
        return next((found for found in self.newest_first() if self._serves(found, now)), None)

    def substate(self, deployment: FakeDeployment) -> str | None:
        """Whether it has seen production traffic; None before it is ready."""
        if deployment.state_at(self.now()) != "READY":
            return None
        live = self.live()
        promoted = deployment.assigns_domains and deployment.aliased_at(self.now())
        return "PROMOTED" if promoted or deployment is live else "STAGED"

    def stored(self, target: str) -> dict[str, str]:
        """What is stored for a target now, by the variable's name."""
        return {
            stored.key: stored.value
            for stored in self.variables.values()
            if target in stored.targets and stored.branch is None
        }

    def _serves(self, deployment: FakeDeployment, now: int) -> bool:
        production = deployment.target == "production" and deployment.assigns_domains
        return production and deployment.aliased_at(now)

    def _tick(self) -> int:
        """The moment of a change: later than that of every change before."""
        self._last = max(self._last + 1, int(self._clock.time() * 1000))
        return self._last


def _conflict(key: str, targets: Sequence[str], branch: str | None) -> ApiError:
    message = (
        f"A variable with the name `{key}` already exists for the target "
        f"{','.join(targets)} on branch {branch or 'undefined'}"
    )
    return ApiError(400, "ENV_CONFLICT", message)
