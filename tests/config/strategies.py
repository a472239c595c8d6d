"""Domain values of every kind that files can express, for hypothesis."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from controller.domain.environment import (
    NEVER_LIFTED,
    Allowance,
    CustomMeasure,
    DatabaseSettings,
    DeployEnvSettings,
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
from controller.domain.gate_policy import (
    Criterion,
    CriterionMode,
    DeterministicGate,
    GateTiming,
    SequentialGate,
    WorstMerchant,
)
from controller.domain.measures import Rate, Total
from controller.domain.rollout import OFF, Bucketing, Eligibility, Phase, Rollout
from controller.domain.units import Percent

WORDS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
COLUMNS = st.from_regex(r"flag[A-Za-z0-9_]{1,8}", fullmatch=True)
# Editors' own readers take `._` for a number, and stumble over it.
MERCHANTS = st.from_regex(r"[A-Za-z0-9_.:-]{1,12}", fullmatch=True).filter(
    lambda merchant: not merchant.lstrip("-").startswith("._")
)
PHASES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.%+-]{0,6}", fullmatch=True).filter(
    lambda name: name != OFF
)
SETTINGS = st.from_regex(r"[!-~]([ -~]{0,8}[!-~])?", fullmatch=True)
SENTENCES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"]),
    min_size=1,
    max_size=30,
).filter(lambda text: text == text.strip() and text)
DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))
MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2199, 12, 30)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
WAITS = st.integers(0, 10_000).map(lambda minutes: timedelta(minutes=minutes))
SPANS = st.integers(1, 10_000).map(lambda seconds: timedelta(seconds=seconds))
SHARES = st.integers(1, 9_999).map(Percent)
PASSABLE = st.integers(2_000, 9_900).map(Percent)
COUNTS = st.integers(1, 1_000)
ALPHAS = st.sampled_from([0.01, 0.05, 0.1, 0.25])

OVERRIDES = st.builds(
    Override, merchant=MERCHANTS, value=st.booleans(), reason=SENTENCES, expires=st.none() | DAYS
)
DEPLOY_HOMES = st.builds(
    DeployEnvHome,
    variable=st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True),
    enabled=SETTINGS.map(lambda text: f"on {text}"),
    disabled=SETTINGS.map(lambda text: f"off {text}"),
    targets=st.lists(WORDS, min_size=1, max_size=3, unique=True).map(tuple),
)


def flags(key: str = "feature") -> st.SearchStrategy[Flag]:
    """Flags of one key that may have a rollout."""
    overrides = st.lists(OVERRIDES, max_size=4, unique_by=lambda override: override.merchant)
    return st.builds(
        Flag,
        key=st.just(key),
        description=SENTENCES,
        owner=SENTENCES,
        expires=DAYS,
        merchant_config=COLUMNS.map(MerchantConfigHome),
        deploy_env=st.none() | DEPLOY_HOMES,
        globally_on=st.just(value=False),
        overrides=overrides.map(lambda some: tuple(sorted(some, key=lambda o: o.merchant))),
    )


@st.composite
def ladders(draw, gates: tuple[str, ...] = ()) -> tuple[Phase, ...]:
    """Ladders that never get narrower: some phases by name, then rising percentages.

    The first gate is for any phase, the others for percentages only: a few merchants by name could
    hardly pass them.
    """
    names = draw(st.lists(PHASES, min_size=1, max_size=6, unique=True))
    by_name = draw(st.integers(0, len(names)))
    percents = sorted(draw(st.lists(SHARES, min_size=len(names), max_size=len(names), unique=True)))
    phases = []
    for position, name in enumerate(names):
        merchants = draw(st.lists(MERCHANTS, min_size=1, max_size=3, unique=True))
        named = position < by_name
        phases.append(
            Phase(
                name=name,
                merchants=tuple(sorted(merchants)) if named else (),
                percent=None if named else percents[position],
                soak=draw(WAITS),
                gate=draw(st.sampled_from([None, *(gates[:1] if named else gates)])),
            )
        )
    return tuple(phases)


@st.composite
def rollouts(draw, gates: tuple[str, ...] = ()) -> Rollout:
    """Rollouts of the flag `feature`."""
    phases = draw(ladders(gates))
    return Rollout(
        flag="feature",
        phase=draw(st.sampled_from([OFF, *(phase.name for phase in phases)])),
        bucketing=Bucketing(draw(WORDS), 1),
        eligible=Eligibility(draw(WAITS), draw(st.frozensets(MERCHANTS, max_size=3))),
        phases=phases,
    )


TIMINGS = st.builds(
    GateTiming,
    soak_min=st.integers(0, 100).map(lambda hours: timedelta(hours=hours)),
    outcome_deadline=st.integers(120, 600).map(lambda minutes: timedelta(minutes=minutes)),
    max_staleness=SPANS,
    max_wait=st.integers(8, 100).map(lambda days: timedelta(days=days)),
)
_MINUTES = st.integers(1, 60).map(lambda minutes: timedelta(minutes=minutes))
_RATES = tuple(str(rate) for rate in Rate if rate not in {Rate.ON_TIME, Rate.FASTER_THAN_BASELINE})


@st.composite
def criteria(draw, name: str, mode: CriterionMode) -> Criterion:
    """Criteria of one measure that a good release passes and a broken one does not."""
    floor, target = sorted((draw(PASSABLE), draw(PASSABLE)))
    within = draw(_MINUTES) if name == Rate.ON_TIME else None
    ratio = draw(st.sampled_from([0.25, 0.5, 1.5])) if name == Rate.FASTER_THAN_BASELINE else None
    return Criterion(name, target, floor, within, ratio, mode)


@st.composite
def deterministic_gates(draw, name: str = "smoke") -> DeterministicGate:
    """Sound deterministic gates."""
    proceed, fix_minor = sorted((draw(_MINUTES), draw(_MINUTES)))
    return DeterministicGate(
        name=name,
        timing=draw(TIMINGS),
        min_runs=draw(COUNTS),
        duration_proceed=proceed,
        duration_fix_minor=fix_minor,
        failed_rollback=draw(COUNTS),
        stuck_rollback=draw(COUNTS),
        require=tuple(draw(st.lists(st.sampled_from(_RATES), max_size=3, unique=True))),
        never=tuple(draw(st.sampled_from([(), ("corrupted",), ("duplicate_orders", "corrupted")]))),
    )


@st.composite
def sequential_gates(draw, name: str = "ramp") -> SequentialGate:
    """Sound sequential gates."""
    names = draw(st.lists(st.sampled_from([str(r) for r in Rate]), min_size=1, unique=True))
    modes = [
        CriterionMode.DECIDE,
        *draw(st.lists(st.sampled_from(CriterionMode), min_size=len(names))),
    ]
    judged = tuple(draw(criteria(n, mode)) for n, mode in zip(names, modes, strict=False))
    worst = draw(st.none() | st.builds(WorstMerchant, st.sampled_from(names), COUNTS, SHARES))
    return SequentialGate(
        name=name,
        timing=draw(TIMINGS),
        min_runs=draw(COUNTS),
        min_merchants=draw(COUNTS),
        runs_per_merchant=draw(COUNTS),
        criteria=judged,
        never=tuple(draw(st.lists(st.sampled_from([str(t) for t in Total]), unique=True))),
        worst_merchant=worst,
        alpha_pass=draw(ALPHAS),
        alpha_fail=draw(ALPHAS),
    )


DEPLOY_ENVS = st.one_of(
    st.just(DeployEnvSettings("dotenv", {"path": ".env"})),
    st.just(
        DeployEnvSettings(
            "vercel",
            {
                "project": "shop",
                "team_slug": "acme",
                "token": "TOKEN",
                "api_url": "https://vercel.example.com",
                "redeploy": "hook",
                "deploy_hook": "HOOK",
                "redeploy_timeout": "20m",
                "verify_url": "https://shop.example.com/flags",
            },
        )
    ),
    st.builds(
        DeployEnvSettings,
        WORDS.map(lambda word: f"acme_{word}_cloud"),
        st.dictionaries(WORDS, SETTINGS, max_size=3),
    ),
)


@st.composite
def environments(draw, name: str = "demo") -> Environment:
    """Environments for the flag `feature`."""
    freezes = [sorted(pair) for pair in draw(st.lists(st.tuples(MOMENTS, MOMENTS), max_size=2))]
    liftable = sorted(set(Guardrail) - NEVER_LIFTED)
    allowances = st.builds(
        Allowance, st.sampled_from(liftable), st.just("feature"), SENTENCES, SENTENCES, DAYS
    )
    tables = {"run": "Run", "order": "Order", "line_item": "Item", "upload": "Up", "supplier": "Su"}
    return Environment(
        name=name,
        database=DatabaseSettings(
            url_variable=draw(st.sampled_from(["DATABASE_URL", "DB"])),
            schema="public",
            schema_owner=draw(st.sampled_from(SchemaOwner)),
            tables=MerchantTables(merchant=draw(WORDS), shop_domain=draw(WORDS)),
            statement_timeout=draw(SPANS),
            lock_timeout=draw(SPANS),
        ),
        deploy_env=draw(st.none() | DEPLOY_ENVS),
        workflow_data=WorkflowDataSettings(
            url_variable="WORKFLOW_DATABASE_URL",
            tables=tables,
            columns=draw(st.just(_COLUMNS) | st.just(_COLUMNS | {"line_item.amount": "total"})),
            completed=("completed", "done"),
            failed=("failed",),
            running=draw(st.sampled_from([("pending",), ("queued", "in progress")])),
            synced=("synced",),
            baseline_window=draw(SPANS),
            measures=draw(st.sampled_from([(), (CustomMeasure("kept", "SELECT id, ok FROM t"),)])),
        ),
        limits=GuardrailLimits(
            draw(st.none() | SHARES), draw(st.none() | COUNTS), draw(st.booleans())
        ),
        freezes=tuple(Freeze(a, b, "busy") for a, b in freezes if a < b),
        allowances=tuple(draw(st.lists(allowances, max_size=2))),
        on_rollback=draw(st.sampled_from(OnRollback)),
    )


_COLUMNS = {
    **{
        f"run.{name}": f"r_{name}"
        for name in ("id", "merchant", "upload", "status", "stage", "error")
    },
    **{f"run.{name}": f"r_{name}" for name in ("created_at", "started_at", "completed_at")},
    **{
        f"order.{name}": f"o_{name}"
        for name in ("id", "merchant", "run", "number", "status", "total")
    },
    **{f"order.{name}": f"o_{name}" for name in ("supplier", "shopify_order", "sync_status")},
    "order.synced_at": "o_synced_at",
    **{f"line_item.{name}": f"l_{name}" for name in ("id", "order")},
    **{f"upload.{name}": f"u_{name}" for name in ("id", "file_name", "file_size", "file_type")},
    **{f"supplier.{name}": f"s_{name}" for name in ("id", "name")},
}
