"""Planning: desired and actual in, a plan out. Pure, and one pass over the merchants.

Merchants come in batches, as the database streams them, and leave only as the ids that change: a
million merchants with nothing to do leave nothing behind. `make_plan` is the "decide" of gather,
decide, apply; the guardrails judge its result.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from controller.domain.actual import ActualSchema
from controller.domain.canonical import encode
from controller.domain.causes import Causes
from controller.domain.cohort import Audience, positions, referenced
from controller.domain.comparison import Comparison, Sheet, Tally
from controller.domain.deploy import DeployState
from controller.domain.deploy_planning import deploy_changes
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.flag_policy import policy_of
from controller.domain.gate_answer import GateAnswer
from controller.domain.guardrails import refusals
from controller.domain.guardrails.case import Case
from controller.domain.ledger import AppliedFlag, Ledger
from controller.domain.merchant import MerchantBatch
from controller.domain.movement import movement
from controller.domain.plan import Cause, FlagPlan, Move, Plan, SchemaChange, SchemaStep
from controller.domain.rollout import OFF


@dataclass(frozen=True, slots=True)
class World:
    """Everything gathered before a plan is made, but the merchants, which come as a stream.

    Attributes:
        deploy: None where the environment has no deploy environment, or where it was not read.
        now: The database's clock.
        gate_answers: What the gates said, by flag; of flags that advance out of a phase with one.
    """

    desired: Desired
    ledger: Ledger
    schema: ActualSchema
    deploy: DeployState | None
    now: datetime
    gate_answers: Mapping[str, GateAnswer] = field(default_factory=dict)

    @property
    def is_deploy_unknown(self) -> bool:
        """Whether there is a deploy environment that was not read."""
        if self.deploy is not None or self.desired.environment.deploy_env is None:
            return False
        return any(flag.flag.deploy_env for flag in self.desired.flags)  # else nobody asked it


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one pass over the merchants found."""

    merchants: int
    on_by_column: Mapping[str, int]
    tallies: Mapping[str, Tally]
    unknown: frozenset[str]


def columns_of(desired: Desired, ledger: Ledger) -> tuple[str, ...]:
    """The columns that a plan must see.

    Those of every flag, as desired and as applied last. Sorted.
    """
    flags = [flag.flag for flag in desired.flags]
    flags += [applied.desired.flag for applied in ledger.applied.values()]
    return tuple(sorted({f.merchant_config.column for f in flags if f.merchant_config}))


def make_plan(world: World, batches: Iterable[MerchantBatch]) -> Plan:
    """Compare desired with actual, and judge the difference by the guardrails.

    Args:
        world: What was gathered.
        batches: Every merchant once, with its age, and the columns of `columns_of` in that order.
    """
    found = _compare(world, batches)
    desired, ledger = world.desired, world.ledger
    changed = _definitions_changed(desired, ledger)
    plan = Plan(
        environment=desired.environment.name,
        revision=desired.revision,
        generation=ledger.generation,
        merchants=found.merchants,
        flags=_flag_plans(world, found),
        schema_steps=_schema_steps(desired, world.schema),
        deploy_changes=deploy_changes(desired, ledger, world.deploy),
        is_deploy_unknown=world.is_deploy_unknown,
        definitions_changed=changed,
        definitions_digest=_digest(desired, changed),
    )
    case = Case(
        desired, ledger, world.now, found.unknown, found.on_by_column, plan, world.gate_answers
    )
    return replace(plan, refusals=refusals(case))


def _compare(world: World, batches: Iterable[MerchantBatch]) -> _Pass:
    columns = columns_of(world.desired, world.ledger)
    comparisons = {
        flag.key: _comparison(flag, world, columns.index(flag.flag.merchant_config.column))
        for flag in world.desired.flags
        if flag.flag.merchant_config
    }
    sought = frozenset[str]().union(*map(referenced, world.desired.flags))
    named = sought.union(*(comparison.named for comparison in comparisons.values()))
    merchants, on, seen = 0, np.zeros(len(columns), dtype=np.int64), set[str]()
    for batch in batches:
        sheet = Sheet(batch, positions(named, batch.ids))
        merchants += len(batch.ids)
        on += np.count_nonzero(batch.values > 0, axis=1)
        seen |= sheet.found.keys()
        for comparison in comparisons.values():
            comparison.add(sheet)
    return _Pass(
        merchants=merchants,
        on_by_column=dict(zip(columns, on.tolist(), strict=True)),
        tallies={key: comparison.tally for key, comparison in comparisons.items()},
        unknown=sought - seen,
    )


def _comparison(flag: DesiredFlag, world: World, row: int) -> Comparison:
    audience = Audience.of(flag, world.now, halted=flag.key in world.ledger.halts)
    causes = Causes.of(flag, world.ledger, world.now)
    return Comparison.of(flag, world.ledger, causes, audience, row)


def _flag_plans(world: World, found: _Pass) -> tuple[FlagPlan, ...]:
    plans = [
        _flag_plan(flag, world.ledger, found.tallies.get(flag.key, Tally()))
        for flag in world.desired.flags
    ]
    desired = {flag.key for flag in world.desired.flags}
    plans += [
        _release(key, applied, found.on_by_column)
        for key, applied in world.ledger.applied.items()
        if key not in desired
    ]
    return tuple(sorted(plans, key=lambda plan: plan.flag))


def _flag_plan(flag: DesiredFlag, ledger: Ledger, tally: Tally) -> FlagPlan:
    applied = ledger.applied.get(flag.key)
    move = movement(applied.desired, flag).move if applied else Move.NEW
    is_ours = ledger.last_applied(flag) is not None
    by_hand = [] if is_ours else tally.changed.get((False, Cause.DRIFT), [])
    return FlagPlan(
        flag=flag.key,
        column=flag.flag.merchant_config.column if flag.flag.merchant_config else None,
        move=move,
        from_phase=applied.desired.phase if applied else OFF,
        to_phase=flag.phase,
        on_before=tally.on_before,
        on_after=tally.on_after,
        groups=tally.groups(flag.key),
        halt=ledger.halts.get(flag.key),
        unmanaged=tuple(sorted(by_hand)),
    )


def _release(key: str, applied: AppliedFlag, on_by_column: Mapping[str, int]) -> FlagPlan:
    """A flag whose file is gone keeps its values; only the ledger stops following it."""
    home = applied.desired.flag.merchant_config
    on = on_by_column[home.column] if home else 0
    phase = applied.desired.phase
    column = home.column if home else None
    return FlagPlan(key, column, Move.RELEASE, phase, phase, on_before=on, on_after=on, groups=())


def _schema_steps(desired: Desired, schema: ActualSchema) -> tuple[SchemaStep, ...]:
    wanted = {f.flag.merchant_config.column for f in desired.flags if f.flag.merchant_config}
    steps = [
        SchemaStep(SchemaChange.ADD_COLUMN, column)
        for column in sorted(wanted - schema.columns - schema.other_columns.keys())
    ]
    if wanted and not schema.has_merchant_config:
        table = desired.environment.database.tables.merchant_config
        steps.insert(0, SchemaStep(SchemaChange.CREATE_TABLE, table))
    return tuple(steps)


def _definitions_changed(desired: Desired, ledger: Ledger) -> tuple[str, ...]:
    """Flags that the ledger must record anew.

    New, changed, under another policy, or resumed since; and those to be released.
    """
    changed = {
        flag.key
        for flag in desired.flags
        if flag.key in ledger.resumed or not _is_recorded(flag, desired, ledger)
    }
    gone = ledger.applied.keys() - {flag.key for flag in desired.flags}
    return tuple(sorted(changed | gone))


def _is_recorded(flag: DesiredFlag, desired: Desired, ledger: Ledger) -> bool:
    applied = ledger.applied.get(flag.key)
    if applied is None or applied.desired != flag:
        return False
    return applied.policy == policy_of(desired, flag.key)


def _digest(desired: Desired, changed: tuple[str, ...]) -> str:
    recorded = "\n".join(encode(flag) for flag in desired.flags if flag.key in changed)
    return hashlib.sha256(recorded.encode()).hexdigest() if recorded else ""
