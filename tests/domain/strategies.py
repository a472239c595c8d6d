"""Hypothesis strategies for the words of the domain, and plain builders for single examples.

Merchants come from a small pool, so that names, overrides, exclusions and the company overlap.
Everything that is drawn is valid as `controller.config` would let it through: ladders never narrow,
a merchant has one override, text can be encoded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from controller.domain.actual import ActualSchema
from controller.domain.bucketing import bucket
from controller.domain.deploy import DeployState
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.environment import (
    Allowance,
    DatabaseSettings,
    Environment,
    Freeze,
    Guardrail,
    GuardrailLimits,
    MerchantTables,
    OnRollback,
    SchemaOwner,
    WorkflowDataSettings,
)
from controller.domain.flag import DeployEnvHome, Flag, MerchantConfigHome, Override
from controller.domain.flag_policy import FlagPolicy
from controller.domain.gate_answer import GateAnswer
from controller.domain.gate_policy import DeterministicGate, GatePolicy, GateTiming
from controller.domain.halt import Halt
from controller.domain.ledger import AppliedFlag, Ledger
from controller.domain.merchant import Merchant, MerchantBatch
from controller.domain.planning import World
from controller.domain.rollout import OFF, Bucketing, Eligibility, Phase, Rollout
from controller.domain.units import Percent
from tests.domain.company import Company

NOW = datetime(2026, 11, 20, 12, 0, 0, 250_000, tzinfo=UTC)
DAY = timedelta(days=1)
LONG_AGO = NOW - 400 * DAY

POOL = tuple(f"m{number:02}" for number in range(24))
GHOSTS = ("ghost1", "ghost2")
"""Merchants that files may name and no company has."""


# --- builders -------------------------------------------------------------------------------------


def phase(name: str, *merchants: str, percent: float | None = None, soak: int = 0) -> Phase:
    """A phase; `percent` in percent, `soak` in days."""
    share = Percent(round(percent * 100)) if percent is not None else None
    return Phase(name, tuple(sorted(merchants)), share, timedelta(days=soak), None)


def ladder(*pilot: str, soak: int = 0) -> tuple[Phase, ...]:
    """The ladder of the shipped rollout."""
    return (
        phase("pilot", *pilot, soak=soak),
        *(phase(f"{share}%", percent=share, soak=soak) for share in (10, 50, 100)),
    )


def rollout(
    at: str = OFF,
    phases: Iterable[Phase] | None = None,
    *,
    flag: str = "seq",
    salt: str = "seq",
    min_age: timedelta = timedelta(),
    exclude: Iterable[str] = (),
) -> Rollout:
    """A rollout that stands at a phase; the shipped ladder without a pilot merchant by default."""
    eligible = Eligibility(min_age, frozenset(exclude))
    steps = tuple(phases) if phases is not None else ladder()
    return Rollout(flag, at, Bucketing(salt, 1), eligible, steps)


def flag(
    at: str | None = OFF,
    phases: Iterable[Phase] | None = None,
    *,
    key: str = "seq",
    column: str | None = "enableSeq",
    overrides: Iterable[Override] = (),
    globally_on: bool = False,
    deploy_env: DeployEnvHome | None = None,
    **rollout_fields: Any,
) -> DesiredFlag:
    """A flag whose rollout stands at a phase; `at=None` for a flag without a rollout."""
    return DesiredFlag(
        Flag(
            key=key,
            description="A flag.",
            owner="@acme/team",
            expires=None,
            merchant_config=MerchantConfigHome(column) if column else None,
            deploy_env=deploy_env,
            globally_on=globally_on,
            overrides=tuple(sorted(overrides, key=lambda o: o.merchant)),
        ),
        rollout(at, phases, flag=key, **rollout_fields) if at is not None else None,
    )


def override(merchant: str, *, value: bool, expires: date | None = None) -> Override:
    """A reviewed exception."""
    return Override(merchant, value, "a reason", expires)


def environment(
    *,
    max_percent: float | None = None,
    max_count: int | None = None,
    never_to_empty: bool = False,
    freezes: Iterable[Freeze] = (),
    allow: Iterable[Allowance] = (),
    schema_owner: SchemaOwner = SchemaOwner.MANAGED,
) -> Environment:
    """An environment without limits, unless they are given."""
    second = timedelta(seconds=1)
    return Environment(
        name="production",
        database=DatabaseSettings(
            "DATABASE_URL", "public", schema_owner, MerchantTables(), second, second
        ),
        deploy_env=None,
        workflow_data=WorkflowDataSettings("", {}, {}, (), (), (), 60 * DAY, ()),
        limits=GuardrailLimits(
            Percent(round(max_percent * 100)) if max_percent is not None else None,
            max_count,
            never_to_empty,
        ),
        freezes=tuple(freezes),
        allowances=tuple(allow),
        on_rollback=OnRollback.REPORT,
    )


def allowance(
    guardrail: Guardrail, flag: str | None = None, expires: date | None = None
) -> Allowance:
    """One guardrail lifted."""
    return Allowance(guardrail, flag, "it is known and wanted", "@acme/team", expires)


def desired(
    *flags: DesiredFlag, env: Environment | None = None, revision: str | None = None
) -> Desired:
    """What git says."""
    ordered = tuple(sorted(flags, key=lambda f: f.key))
    return Desired(env or environment(), ordered, {}, (), revision)


def small_gate(*, soak: int = 0) -> DeterministicGate:
    """A gate of one run; `soak` in days."""
    minutes = timedelta(minutes=1)
    timing = GateTiming(soak * DAY, 30 * minutes, DAY, 14 * DAY)
    return DeterministicGate("small", timing, 1, 10 * minutes, 30 * minutes, 1, 1, (), ())


def policy(*gates: GatePolicy) -> FlagPolicy:
    """What a revision demands of a flag."""
    return FlagPolicy({gate.name: gate for gate in gates}, (), environment().workflow_data)


def applied(definition: DesiredFlag, *gates: GatePolicy, since: datetime = LONG_AGO) -> AppliedFlag:
    """A flag as the ledger remembers it."""
    return AppliedFlag(definition, since, since, generation=1, revision=None, policy=policy(*gates))


def ledger(
    *definitions: DesiredFlag,
    halts: Iterable[str] = (),
    resumed: Iterable[str] = (),
    evaluated_at: datetime | None = NOW - DAY,
    since: datetime = LONG_AGO,
    gates: Iterable[GatePolicy] = (),
) -> Ledger:
    """A ledger that has applied these definitions; without any, an empty one."""
    return Ledger(
        exists=bool(definitions),
        generation=int(bool(definitions)),
        revision=None,
        applied={d.key: applied(d, *gates, since=since) for d in definitions},
        halts={key: Halt(key, "orders are lost", "ann", NOW - DAY, OFF) for key in halts},
        resumed=frozenset(resumed),
        evaluated_at=evaluated_at if definitions else None,
    )


def world(
    wanted: Desired,
    remembered: Ledger | None = None,
    *,
    schema: ActualSchema | None = None,
    deploy: DeployState | None = None,
    now: datetime = NOW,
    gate_answers: Mapping[str, GateAnswer] | None = None,
) -> World:
    """Everything gathered; by default with every column that a flag names."""
    remembered = remembered or ledger()
    if schema is None:
        definitions = [*wanted.flags, *(a.desired for a in remembered.applied.values())]
        homes = {d.flag.merchant_config for d in definitions if d.flag.merchant_config}
        schema = ActualSchema(True, frozenset(home.column for home in homes), {})
    return World(wanted, remembered, schema, deploy, now, gate_answers or {})


def batch_of(
    values: Mapping[str, bool | None], created_at: Mapping[str, datetime] | None = None
) -> MerchantBatch:
    """A batch with one column from a dictionary; merchants without an age are old."""
    return next(Company.of(values, created_at).batches(["flag"]))


def merchant(id_: str, created_at: datetime = LONG_AGO) -> Merchant:
    """One merchant."""
    return Merchant(id_, f"{id_}.example.com", is_active=True, created_at=created_at)


def with_bucket(low: int, high: int, *, salt: str = "seq", count: int = 1) -> tuple[str, ...]:
    """Merchant ids whose bucket for a salt is in `[low, high)`."""
    ids = (f"shop{number:06}" for number in range(1_000_000))
    found = (id_ for id_ in ids if low <= bucket(salt, id_) < high)
    return tuple(next(found) for _ in range(count))


# --- strategies -----------------------------------------------------------------------------------

any_id = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
"""Any text that UTF-8 can carry, line ends and the empty text among it."""

salts = st.one_of(st.sampled_from(["seq", "a", "sequential_workflow"]), any_id)
pool_ids = st.sampled_from(POOL)
named_ids = st.sampled_from(POOL + GHOSTS)
percents = st.builds(
    Percent, st.one_of(st.sampled_from([0, 1, 9_999, 10_000]), st.integers(0, 10_000))
)
any_words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
words = st.sampled_from(["", "a reason", 'ü 🍊 "\n'])
soaks = st.sampled_from([timedelta(), timedelta(days=2), timedelta(days=5)])
moments = st.integers(-120 * 86_400_000, 86_400_000).map(
    lambda ms: NOW + timedelta(milliseconds=ms)
)
"""Instants with milliseconds, as Prisma writes them: up to 120 days before now, and a day after."""


dates = st.sampled_from([None, *(NOW.date() + days * DAY for days in range(-3, 4)), date.max])
"""No date, the days around now, and the last one there is."""


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Phase, ...]:
    """Any valid ladder: phases by name first, then percentages that never fall."""
    by_name = draw(st.integers(0, 2))
    shares = sorted(draw(st.lists(percents, min_size=0 if by_name else 1, max_size=3)))
    return tuple(
        Phase(
            name=f"phase {number}",
            merchants=tuple(sorted(draw(st.frozensets(named_ids, max_size=2)))),
            percent=share,
            soak=draw(soaks),
            gate=draw(st.sampled_from([None, "ramp"])),
        )
        for number, share in enumerate([None] * by_name + shares, start=1)
    )


@st.composite
def rollouts(draw: st.DrawFn, key: str = "seq") -> Rollout:
    """Any valid rollout, at any of its phases."""
    phases = draw(ladders())
    age = timedelta(days=draw(st.sampled_from([0, 0, 1, 30, 90])))
    return Rollout(
        flag=key,
        phase=draw(st.sampled_from([OFF, *(step.name for step in phases)])),
        bucketing=Bucketing(draw(st.sampled_from(["seq", "seq", "other"])), 1),
        eligible=Eligibility(age, draw(st.frozensets(named_ids, max_size=2))),
        phases=phases,
    )


overrides = st.lists(
    st.builds(Override, named_ids, st.booleans(), words, dates),
    max_size=4,
    unique_by=lambda o: o.merchant,
).map(lambda found: tuple(sorted(found, key=lambda o: o.merchant)))


@st.composite
def flags(draw: st.DrawFn, key: str = "seq", column: str | None = "enableSeq") -> DesiredFlag:
    """Any flag with this home; sometimes without a rollout, sometimes on through the deploy env."""
    variable = DeployEnvHome(key.upper(), "1", "0", ("preview", "production"))
    deploy_env = draw(st.sampled_from([None, variable]))
    return DesiredFlag(
        Flag(
            key=key,
            description=draw(words),
            owner=draw(words),
            expires=draw(dates),
            merchant_config=MerchantConfigHome(column) if column else None,
            deploy_env=deploy_env,
            globally_on=deploy_env is not None and draw(st.booleans()),
            overrides=draw(overrides),
        ),
        draw(st.one_of(st.none(), rollouts(key), rollouts(key))),
    )


@st.composite
def edits(draw: st.DrawFn, before: DesiredFlag) -> DesiredFlag:
    """What a pull request may make of a flag: often one change, sometimes everything."""
    kind = draw(st.sampled_from(["nothing", "phase", "phase", "part", "overrides", "everything"]))
    if kind == "nothing":
        return before
    if kind == "overrides":
        return replace(before, flag=replace(before.flag, overrides=draw(overrides)))
    if kind == "everything" or before.rollout is None:
        home = before.flag.merchant_config
        column = home and draw(st.sampled_from([home.column, home.column, f"{home.column}Moved"]))
        return draw(flags(before.key, column))
    names = [OFF, *(step.name for step in before.rollout.phases)]
    moved = replace(before.rollout, phase=draw(st.sampled_from(names)))
    if kind == "phase":
        return replace(before, rollout=moved)
    other = draw(rollouts(before.key))
    parts = [
        None,
        replace(before.rollout, eligible=other.eligible),
        replace(before.rollout, bucketing=other.bucketing),
        replace(moved, eligible=other.eligible),
        replace(moved, bucketing=other.bucketing),
        replace(before.rollout, phases=other.phases, phase=other.phase),
    ]
    return replace(before, rollout=draw(st.sampled_from(parts)))


ages = tuple(
    NOW - timedelta(days=days, milliseconds=ms)
    for days in (-1, 0, 1, 30, 90, 400)
    for ms in (-1_000, -250, 0, 750)
)
"""Around now and around every age that rollouts here ask for."""


@st.composite
def companies(draw: st.DrawFn, *columns: str) -> Company:
    """Some merchants of the pool, of any age, with any values in the columns."""
    values = (True, False, None)
    kinds = len(ages) * len(values) ** len(columns)
    drawn = draw(st.lists(st.integers(0, kinds - 1), min_size=1, max_size=len(POOL)))
    company = Company({}, {column: {} for column in columns})
    for id_, kind in zip(POOL, drawn, strict=False):
        rest, age = divmod(kind, len(ages))
        company.created_at[id_] = ages[age]
        for place, column in enumerate(columns):
            company.values[column][id_] = values[rest // len(values) ** place % len(values)]
    return company


limits = st.builds(
    environment,
    max_percent=st.sampled_from([None, 0, 10, 29, 100]),
    max_count=st.sampled_from([None, 0, 2]),
    never_to_empty=st.booleans(),
    freezes=st.sampled_from([(), (Freeze(NOW - DAY, NOW + DAY, "holidays"),)]),
)


@st.composite
def ledgers(draw: st.DrawFn, *definitions: DesiredFlag) -> Ledger:
    """A ledger that has applied some of these, with any of them halted or resumed."""
    known = [d for d in definitions if draw(st.sampled_from([True, True, False]))]
    keys = [d.key for d in known]
    halts = draw(st.frozensets(st.sampled_from(keys))) if keys else frozenset[str]()
    resumed = draw(st.frozensets(st.sampled_from(keys))) if keys else frozenset[str]()
    return ledger(
        *known,
        halts=halts,
        resumed=resumed - halts,
        evaluated_at=NOW - timedelta(hours=draw(st.integers(0, 24 * 60))),
        since=NOW - timedelta(hours=draw(st.integers(0, 24 * 6))),
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[World, Company]:
    """Two flags as applied and as edited since, over a company whose values are anything."""
    before = [draw(flags("one", "enableOne")), draw(flags("two", "enableTwo"))]
    after = [draw(edits(definition)) for definition in before]
    kept = [d for d in after if draw(st.sampled_from([True, True, True, False]))]
    columns = ("enableOne", "enableTwo", "enableOneMoved", "enableTwoMoved")
    company = draw(companies(*columns))
    return world(desired(*kept, env=draw(limits)), draw(ledgers(*before))), company
