"""A company in memory: merchants with values, and the ledger that a reconciler would keep.

What PostgreSQL does for real, done here in a few lines, so that properties over whole histories
(plan, apply, plan again) run thousands of times a second.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from controller.domain.actual import ActualSchema
from controller.domain.deploy import DeployAction, Deployment, DeployState, Variable
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.flag_policy import policy_of
from controller.domain.guardrails import Applicable, applicable
from controller.domain.halt import Halt
from controller.domain.ledger import AppliedFlag, Ledger
from controller.domain.merchant import Merchant, MerchantBatch
from controller.domain.movement import movement
from controller.domain.plan import ChangeGroup, Plan
from controller.domain.planning import World, columns_of, make_plan

_OLD = datetime(2025, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Company:
    """Merchants with their ages, and a value for each column."""

    created_at: dict[str, datetime]
    values: dict[str, dict[str, bool | None]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        values: Mapping[str, bool | None],
        created_at: Mapping[str, datetime] | None = None,
        column: str = "flag",
    ) -> "Company":
        """A company with one column; merchants without an age are old."""
        ages = {id_: (created_at or {}).get(id_, _OLD) for id_ in values}
        return cls(ages, {column: dict(values)})

    def merchant(self, id_: str) -> Merchant:
        """One merchant."""
        return Merchant(id_, f"{id_}.example.com", is_active=True, created_at=self.created_at[id_])

    def on(self, column: str) -> set[str]:
        """Who has it."""
        return {id_ for id_, value in self.values.get(column, {}).items() if value}

    def batches(
        self, columns: Sequence[str], size: int = 5, order: Sequence[str] | None = None
    ) -> Iterator[MerchantBatch]:
        """The merchants as the database streams them."""
        ids = list(order if order is not None else self.created_at)
        for start in range(0, len(ids), size):
            chosen = ids[start : start + size]
            rows = [[self._stored(column, id_) for id_ in chosen] for column in columns]
            created = [(self.created_at[id_] - _EPOCH) // timedelta(seconds=1) for id_ in chosen]
            yield MerchantBatch(
                chosen,
                np.array(rows, dtype=np.int8).reshape(len(columns), len(chosen)),
                np.array(created, dtype=np.int64),
            )

    def _stored(self, column: str, id_: str) -> int:
        value = self.values.get(column, {}).get(id_)
        return -1 if value is None else int(value)

    def apply(self, groups: Sequence[ChangeGroup], columns: Mapping[str, str]) -> None:
        """Write what a plan says. Each change must be one."""
        for group in groups:
            stored = self.values.setdefault(columns[group.flag], {})
            for id_ in group.merchants:
                assert bool(stored.get(id_)) is not group.value, (group, id_)
                stored[id_] = group.value


@dataclass
class Story:
    """A company, its deploy environment and its ledger, through time."""

    company: Company
    ledger: Ledger
    now: datetime
    deploy: DeployState | None = None

    def world(self, desired: Desired) -> World:
        """What gathering finds."""
        schema = ActualSchema(True, frozenset(columns_of(desired, self.ledger)), {})
        return World(desired, self.ledger, schema, self.deploy, self.now)

    def plan(self, desired: Desired) -> Plan:
        """Gather and decide."""
        world = self.world(desired)
        return make_plan(world, self.company.batches(columns_of(desired, self.ledger)))

    def reconcile(self, desired: Desired) -> Plan:
        """Gather, decide and apply as far as the guardrails allow."""
        plan = self.plan(desired)
        self._apply(desired, plan, applicable(plan))
        return plan

    def install(self, desired: Desired) -> None:
        """Make it so, guardrails or not: how a story begins."""
        plan = self.plan(desired)
        everything = Applicable(tuple(plan.groups()), plan.deploy_changes, frozenset())
        self._apply(desired, plan, everything)

    def _apply(self, desired: Desired, plan: Plan, part: Applicable) -> None:
        self.company.apply(part.groups, {f.flag: f.column for f in plan.flags if f.column})
        self._write_deploy_env(part)
        self._record(desired, plan, part)

    def halt(self, flag: str) -> None:
        """The emergency stop: off for everyone, in one transaction."""
        applied = self.ledger.applied[flag].desired
        if applied.flag.merchant_config:
            stored = self.company.values.get(applied.flag.merchant_config.column, {})
            stored.update(dict.fromkeys(stored, False))
        halt = Halt(flag, "orders are lost", "ann", self.now, applied.phase)
        self.ledger = replace(self.ledger, halts={**self.ledger.halts, flag: halt})

    def resume(self, flag: str) -> None:
        """The end of a halt."""
        halts = {key: halt for key, halt in self.ledger.halts.items() if key != flag}
        self.ledger = replace(self.ledger, halts=halts, resumed=self.ledger.resumed | {flag})

    def _record(self, desired: Desired, plan: Plan, part: Applicable) -> None:
        recorded = set(plan.definitions_changed) - part.withheld
        known = {key: self._decided(key, part) for key in self.ledger.applied}
        for flag in desired.flags:
            if flag.key in recorded:
                known[flag.key] = self._entry(flag, desired, known.get(flag.key))
        for key in recorded - {flag.key for flag in desired.flags}:
            del known[key]
        self.ledger = replace(
            self.ledger,
            exists=True,
            generation=self.ledger.generation + 1,
            applied=known,
            resumed=self.ledger.resumed - recorded,
            evaluated_at=self.now,
        )

    def _decided(self, key: str, part: Applicable) -> AppliedFlag:
        """A run decides on every flag that it does not withhold."""
        decided_at = self.ledger.decided_at(key) if key in part.withheld else self.now
        return replace(self.ledger.applied[key], evaluated_at=decided_at)

    def _entry(
        self, flag: DesiredFlag, desired: Desired, before: AppliedFlag | None
    ) -> AppliedFlag:
        stays = before is not None and before.desired.phase == flag.phase
        widened = before is not None and movement(before.desired, flag).widened
        since = before.phase_since if before is not None and stays and not widened else self.now
        return AppliedFlag(
            flag,
            self.now,
            since,
            self.ledger.generation + 1,
            None,
            evaluated_at=self.now,
            policy=policy_of(desired, flag.key),
        )

    def _write_deploy_env(self, part: Applicable) -> None:
        if self.deploy is None or not part.deploy_changes:
            return
        stored = {(v.name, min(v.targets)): v for v in self.deploy.variables}
        for change in part.deploy_changes:
            if change.action in {DeployAction.CREATE, DeployAction.UPDATE}:
                id_ = change.variable_id or f"id of {change.variable} {change.target}"
                stored[change.variable, change.target] = Variable(
                    id_,
                    change.variable,
                    frozenset({change.target}),
                    change.after,
                    updated_at=self.now,
                )
        deployment = Deployment(f"at {self.now}", self.now + timedelta(seconds=1))
        self.deploy = replace(self.deploy, variables=tuple(stored.values()), deployment=deployment)
