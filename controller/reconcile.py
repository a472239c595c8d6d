"""The reconciler: gather, decide, apply. Reads like the way of a change.

    desired ─┐                                     ┌─ values, ledger, generation: one transaction
             ├─► plan ─► guardrails ─► applicable ─┤
    actual ──┘  (pure)     (pure)        (pure)    └─ deploy environment ─► redeploy ─► verified

It is level-triggered: it compares what is with what should be and never replays events, so running
it twice changes nothing the second time, and an interrupted run is healed by the next one. A dry
run (`survey`) is the same code with the last step left out.

The database goes first in both directions: turning on must not be announced to an app whose
merchants are not ready, and turning off must not wait for a slow or failing deploy environment.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeAlias

from controller.deploying import DeployOutcome, read_deploy_env, write_and_bring_live
from controller.domain.cohort import Audience
from controller.domain.deploy import DeployState
from controller.domain.deploy_planning import deploy_changes, flags_in_use, live_values
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.environment import Allowance, Guardrail
from controller.domain.flag_policy import policy_of
from controller.domain.guardrails import Applicable, applicable
from controller.domain.ledger import Ledger
from controller.domain.movement import movement
from controller.domain.plan import FlagPlan, Plan
from controller.domain.planning import World, columns_of, make_plan
from controller.errors import (
    DeployEnvUnreachable,
    ExitCode,
    RolloutError,
    Stale,
)
from controller.judging import (
    BaselineFrozen,
    Judgement,
    Keeper,
    answer_of,
    freeze_baselines,
    judge_advances,
    lacks_baseline,
    must_ask,
)
from controller.lineage import refuse_no_revision, refuse_older_revision
from controller.merchant_store.app_schema_reading import refuse_other_types
from controller.merchant_store.interface import Committed, MerchantStore, Snapshot, Write
from controller.ports import Ports

Judgements: TypeAlias = Mapping[str, Judgement | RolloutError]
_NOTHING_ASKED: Final[Judgements] = {}
ATTEMPTS: Final = 4
"""How often a run starts over when another one committed between its look and its write."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a look at the world found; nothing has been changed.

    Attributes:
        names: The shop domains of the merchants that a rendering of the plan shows, by id.
        deploy_problem: Why the deploy environment could not be read; its part of the plan is then
            missing.
        judgements: What the gates of advances said, or why they could not be asked, by flag.
    """

    plan: Plan
    world: World
    names: Mapping[str, str]
    deploy_problem: RolloutError | None
    judgements: Judgements = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did.

    Attributes:
        names: Shop domains of the merchants that a rendering shows, by id.
        committed: None where the database was in sync already.
        baselines: How it was before, measured for flags that have left off.
    """

    plan: Plan
    names: Mapping[str, str]
    applied: Applicable
    committed: Committed | None
    deploy: DeployOutcome = field(default_factory=DeployOutcome)
    baselines: tuple[BaselineFrozen, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """Refused before partly applied.

        A guardrail needs a person, the rest needs the next run.
        """
        if self.plan.standing:
            return ExitCode.REFUSED
        if not self.deploy.problems:
            return ExitCode.DONE
        nothing_done = self.committed is None and not self.deploy.written
        unreachable = all(isinstance(p, DeployEnvUnreachable) for p in self.deploy.problems)
        return ExitCode.UNREACHABLE if nothing_done and unreachable else ExitCode.PARTLY_APPLIED


def survey(
    ports: Ports,
    desired: Desired,
    allowances: Iterable[Allowance] = (),
    *,
    with_deploy: bool = True,
    keeper: Keeper | None = None,
    base: Desired | None = None,
) -> Survey:
    """Gather and decide.

    Args:
        ports: The outside world; only read.
        desired: What git says.
        allowances: Guardrails lifted for this run, beside those of the environment's file.
        with_deploy: Whether to ask the deploy environment, too.
        keeper: Who asks the gates of advances; None where nothing is to be kept of their answers.
        base: The base of a pull request, by whose gates an advance is judged; None where those
            applied last count.

    Raises:
        Stale: The revision is older than the one applied, or cannot be compared with it.
        Refused: A flag's column has a type that no flag can live in, or there are no merchants.
        DatabaseUnreachable: The database did not answer.
    """
    desired = _with_allowances(desired, tuple(allowances))
    deploy = _read_deploy(ports, desired) if with_deploy else (None, None)
    judgements, asked_of = _NOTHING_ASKED, None
    for _ in range(ATTEMPTS):
        with ports.store.snapshot() as snapshot:
            refuse_older_revision(desired, snapshot.ledger, ports.history)
            refuse_other_types(desired.flags, snapshot.schema)
            ledger, now = snapshot.ledger, snapshot.now
            if asked_of == ledger.generation or not must_ask(desired, ledger):
                return _look(snapshot, desired, judgements, deploy)
        # Counting takes as long as it takes: no view of the app's database is held open meanwhile.
        judgements = judge_advances(ports, desired, ledger, now, keeper=keeper, base=base)
        asked_of = ledger.generation
    raise Stale(
        "other runs keep committing while the gates are being asked",
        "run again when they are done: rolloutctl history",
    )


def _read_deploy(ports: Ports, desired: Desired) -> tuple[DeployState | None, RolloutError | None]:
    """Asked while no view of the app's database is held open."""
    if ports.deploy_env is None:
        return None, None
    with ports.store.snapshot() as snapshot:
        flags = flags_in_use(desired, snapshot.ledger)
    return read_deploy_env(ports.deploy_env, flags)


def _look(
    snapshot: Snapshot,
    desired: Desired,
    judgements: Judgements,
    deploy: tuple[DeployState | None, RolloutError | None],
) -> Survey:
    state, problem = deploy
    ledger = snapshot.ledger
    answers = {key: answer_of(ledger.applied[key], found) for key, found in judgements.items()}
    world = World(desired, ledger, snapshot.schema, state, snapshot.now, answers)
    columns = columns_of(desired, ledger)
    plan = make_plan(world, snapshot.batches(columns, with_age=True))
    names = {m.id: m.shop_domain for m in snapshot.find_merchants(_shown(plan))}
    return Survey(plan, world, names, problem, judgements)


def reconcile(
    ports: Ports,
    desired: Desired,
    *,
    actor: str,
    allowances: Iterable[Allowance] = (),
    expected: str | None = None,
) -> Outcome:
    """Make reality match, as far as the guardrails allow.

    Args:
        ports: The outside world.
        desired: What git says.
        actor: Who runs it, for the ledger.
        allowances: Guardrails lifted for this run.
        expected: The hash of a saved plan that must still be the plan.

    Raises:
        Stale: The world has moved on from the saved plan, or from this revision.
        Locked: Another run is writing.
        DatabaseUnreachable: The database did not answer; nothing was changed.
        OutcomeUnknown: It was lost around COMMIT; run again.
    """
    allowances, keeper = tuple(allowances), Keeper(actor, desired.revision)
    for attempt in range(1, ATTEMPTS + 1):
        found = survey(ports, desired, allowances, with_deploy=expected is not None, keeper=keeper)
        refuse_no_revision(found.world.desired, found.world.ledger)
        if expected is not None:
            _refuse_other_plan(found, expected)
        part = applicable(found.plan)
        try:
            committed = _commit(ports.store, found, part, actor)
        except Stale:
            if attempt == ATTEMPTS or expected is not None:
                raise
            continue  # another run committed in between: look again, with its result in view
        outcome = _finish(ports, found, part, committed)
        return replace(outcome, baselines=_baselines(ports, found, committed))
    raise AssertionError("unreachable")


def _shown(plan: Plan) -> list[str]:
    return [merchant for group in plan.groups() for merchant in group.shown]


def _finish(ports: Ports, found: Survey, part: Applicable, committed: Committed | None) -> Outcome:
    """The deploy environment's part, read only now.

    Its slowness must not hold back the database.
    """
    if ports.deploy_env is None:
        return Outcome(found.plan, found.names, part, committed)
    flags = flags_in_use(found.world.desired, found.world.ledger)
    state, problem = read_deploy_env(ports.deploy_env, flags)
    if problem is not None:
        return Outcome(found.plan, found.names, part, committed, DeployOutcome(problems=(problem,)))
    desired, ledger = found.world.desired, _as_committed(found.world)
    changes = deploy_changes(desired, ledger, state)
    plan = replace(found.plan, deploy_changes=changes, is_deploy_unknown=False)
    part = applicable(plan)
    unheld = [flag for flag in desired.flags if flag.key not in part.withheld]
    expected = live_values(unheld, ledger)
    deployed = write_and_bring_live(ports.deploy_env, part.deploy_changes, expected)
    return Outcome(plan, found.names, part, committed, deployed)


def _baselines(
    ports: Ports, found: Survey, committed: Committed | None
) -> tuple[BaselineFrozen, ...]:
    """Freeze how it was before, last of all: nothing waits for it.

    Without a commit only what an earlier run could not measure is left to do.
    """
    lacking = any(lacks_baseline(flag) for flag in found.world.ledger.applied.values())
    if not (lacking or committed):
        return ()
    return freeze_baselines(ports, found.world.desired)


def _as_committed(world: World) -> Ledger:
    """The ledger with the halts that the commit has just ended left out."""
    ended = needless_halts(world.desired, world.ledger, world.now)
    halts = {flag: halt for flag, halt in world.ledger.halts.items() if flag not in ended}
    return replace(world.ledger, halts=halts)


def _commit(store: MerchantStore, found: Survey, part: Applicable, actor: str) -> Committed | None:
    write = _write_of(found, part, actor)
    is_needed = (
        write.groups or write.schema_steps or write.record or write.released or write.ended_halts
    )
    moves_revision = write.revision is not None and write.revision != found.world.ledger.revision
    return store.commit(write) if is_needed or moves_revision else None


def _write_of(found: Survey, part: Applicable, actor: str) -> Write:
    plan, world = found.plan, found.world
    to_record = set(plan.definitions_changed) - part.withheld
    flags = {flag.key: flag for flag in world.desired.flags}
    return Write(
        environment=plan.environment,
        expected_generation=plan.generation,
        kind="reconcile",
        revision=plan.revision,
        actor=actor,
        plan_hash=plan.hash,
        evaluated_at=world.now,
        groups=part.groups,
        columns={flag.flag: flag.column for flag in plan.flags if flag.column},
        schema_steps=plan.schema_steps if _may_create(plan) else (),
        record=tuple(flags[key] for key in sorted(to_record & flags.keys())),
        policies={key: policy_of(world.desired, key) for key in flags},
        widened=frozenset(_widened(world)),
        released=tuple(sorted(to_record - flags.keys())),
        withheld=part.withheld,
        ended_halts=needless_halts(world.desired, world.ledger, world.now),
        allowances=tuple(r.lifted_by for r in plan.refusals if r.lifted_by),
        summary=_summary(part, [flag for flag in plan.flags if flag.flag in to_record]),
    )


def _widened(world: World) -> Iterator[str]:
    for flag in world.desired.flags:
        applied = world.ledger.applied.get(flag.key)
        if applied and movement(applied.desired, flag).widened:
            yield flag.key


def _may_create(plan: Plan) -> bool:
    return all(refusal.guardrail is not Guardrail.MISSING_SCHEMA for refusal in plan.refusals)


def _summary(part: Applicable, recorded: Iterable[FlagPlan]) -> dict[str, object]:
    """Which phases were entered, and counts by flag, value and cause, as `history` shows them."""
    return {
        "moves": [
            {"flag": flag.flag, "from": flag.from_phase, "to": flag.to_phase}
            for flag in recorded
            if flag.from_phase != flag.to_phase
        ],
        "changes": [
            {
                "flag": g.flag,
                "value": g.value,
                "cause": g.cause.value,
                "merchants": len(g.merchants),
            }
            for g in part.groups
        ],
        "withheld": sorted(part.withheld),
    }


def needless_halts(desired: Desired, ledger: Ledger, now: datetime) -> dict[str, str]:
    """Halts that a merged retreat makes unnecessary.

    Without them, too, nobody would have the flag.
    """
    return {
        flag.key: f"the files turn {flag.key} off for everyone"
        for flag in desired.flags
        if flag.key in ledger.halts and _reaches_nobody(flag, now)
    }


def _reaches_nobody(flag: DesiredFlag, now: datetime) -> bool:
    audience = Audience.of(flag, now, halted=False)
    return not (flag.flag.globally_on or audience.threshold or any(audience.named.values()))


def _with_allowances(desired: Desired, allowances: tuple[Allowance, ...]) -> Desired:
    environment = desired.environment
    return replace(
        desired, environment=replace(environment, allowances=environment.allowances + allowances)
    )


def _refuse_other_plan(found: Survey, expected: str) -> None:
    if found.deploy_problem is not None:
        raise found.deploy_problem
    if found.plan.hash != expected:
        raise Stale(
            "the saved plan is stale: the files, the database or the deploy environment have "
            "changed since",
            "look at the new plan: rolloutctl plan",
        )
