"""`rollout/gates/NAME.yaml`, and `gates` of a rollout: what must be true before the next phase."""

from datetime import timedelta
from enum import Enum
from typing import Annotated, Final, TypeAlias

from pydantic import Discriminator, Field, Tag

from controller.config import reading_codes as codes
from controller.config.fields import (
    Alpha,
    FileModel,
    Floor,
    Given,
    MeasureName,
    Percentage,
    Ratio,
    SmallCount,
    Span,
    TotalName,
    Wait,
)
from controller.config.scalars import PROBLEM
from controller.config.texts import choice
from controller.domain.gate_policy import (
    Criterion,
    CriterionMode,
    DeterministicGate,
    GatePolicy,
    GateTiming,
    SequentialGate,
    WorstMerchant,
)
from controller.domain.measures import Total

_SAFETY: Final = (Total.DUPLICATE_ORDERS, Total.CORRUPTED)
_DETERMINISTIC: Final = "<deterministic>"
_SEQUENTIAL: Final = "<sequential>"


class _Deterministic(Enum):
    METHOD = "deterministic"


class _Sequential(Enum):
    METHOD = "sequential"


class GateTimingKeys(FileModel):
    """The times that both kinds of gate share."""

    soak_min: Wait = Field(
        timedelta(0),
        description="How long the phase must have been applied. The phase's own `soak` counts too; "
        "the longer one wins.",
    )
    outcome_deadline: Span = Field(
        timedelta(minutes=30),
        description="When a run's outcome is decided, counted from its creation. A run that is not "
        "finished by then is stuck.",
    )
    max_staleness: Span = Field(
        timedelta(hours=24), description="How old the newest workflow data may be."
    )
    max_wait: Span = Field(
        timedelta(days=14),
        description="After this long undecided a person is asked. Nothing happens by itself.",
    )

    @property
    def timing(self) -> GateTiming:
        """The domain's value."""
        return GateTiming(self.soak_min, self.outcome_deadline, self.max_staleness, self.max_wait)


class DurationKeys(FileModel):
    """How long the slowest run may have taken."""

    proceed: Span = Field(timedelta(minutes=10), description="Up to here a run is good.")
    fix_minor: Span = Field(
        timedelta(minutes=30), description="Up to here something needs fixing; above it, roll back."
    )


class RollbackKeys(FileModel):
    """How often something may not happen."""

    rollback: SmallCount = Field(1, description="This many mean rollback.")


class DeterministicKeys(GateTimingKeys):
    """The pilot's gate: a decision matrix over a handful of runs. A smoke test, not a proof."""

    method: Annotated[_Deterministic, choice(_Deterministic)] = Field(
        description="This kind of gate."
    )
    min_runs: SmallCount = Field(
        1, description="How many finished runs it takes; 3 to 5 are advised."
    )
    duration: DurationKeys = Field(
        {}, validate_default=True, description="How long a run may take."
    )
    failed: RollbackKeys = Field(
        {}, validate_default=True, description="How many runs may not fail."
    )
    stuck: RollbackKeys = Field(
        {}, validate_default=True, description="How many runs may not get stuck."
    )
    require: tuple[MeasureName, ...] = Field(
        (), description="Measures that must hold for every run; otherwise something needs fixing."
    )
    never: tuple[TotalName, ...] = Field(
        _SAFETY, description="What means rollback as soon as it happens once, and cannot be waived."
    )


class CriterionKeys(FileModel):
    """One rate, judged by a test that stays valid however often it is asked."""

    target: Percentage = Field(description="The rate that the feature should reach.")
    floor: Floor = Field(description="The rate below which the feature is not acceptable.")
    within: Given[Span] = Field(
        None, description="Only for `on_time`, which needs it: how fast a run must complete."
    )
    ratio: Given[Ratio] = Field(
        None,
        description="Only for `faster_than_baseline`, which needs it: a run is good at up to this "
        "share of the baseline's median duration.",
    )
    mode: Annotated[CriterionMode, choice(CriterionMode)] = Field(
        CriterionMode.DECIDE, description="`inform` shows the criterion and lets it decide nothing."
    )


class WorstMerchantKeys(FileModel):
    """A rule on the single worst merchant, so that an average cannot hide one broken customer."""

    criterion: MeasureName = Field(description="Which of `criteria` it looks at.")
    min_runs: SmallCount = Field(3, description="Merchants with fewer runs are left out.")
    fix_minor_below: Percentage = Field(description="Below this rate something needs fixing.")


class SequentialKeys(GateTimingKeys):
    """The ramp's gate: exact one-sided tests of rates, over many merchants."""

    method: Annotated[_Sequential, choice(_Sequential)] = Field(description="This kind of gate.")
    min_runs: SmallCount = Field(20, description="How many runs with an outcome it takes.")
    min_merchants: SmallCount = Field(4, description="How many merchants they must come from.")
    runs_per_merchant: SmallCount = Field(
        5,
        description="At most this many runs of one merchant count as evidence to pass, because "
        "runs of one merchant are alike. Evidence of harm counts all.",
    )
    criteria: dict[MeasureName, CriterionKeys] = Field(
        min_length=1, description="The rates to judge, by measure."
    )
    never: tuple[TotalName, ...] = Field(
        _SAFETY, description="What means rollback as soon as it happens once, and cannot be waived."
    )
    worst_merchant: Given[WorstMerchantKeys] = Field(
        None, description="A rule on the worst merchant."
    )
    alpha_pass: Alpha = Field(
        0.05, description="For each criterion: the chance of ever passing a feature at the floor."
    )
    alpha_fail: Alpha = Field(
        0.05,
        description="For all criteria together: the chance of ever failing one at its target.",
    )


def _method(value: object) -> str | None:
    """Which of the two shapes it has; None where its method is neither."""
    method = value.get("method") if isinstance(value, dict) else _Sequential.METHOD.value
    return {"deterministic": _DETERMINISTIC, "sequential": _SEQUENTIAL}.get(str(method))


GateKeys: TypeAlias = Annotated[
    Annotated[DeterministicKeys, Tag(_DETERMINISTIC)] | Annotated[SequentialKeys, Tag(_SEQUENTIAL)],
    Discriminator(
        _method,
        custom_error_type=PROBLEM,
        custom_error_message="the method of a gate is unknown",
        custom_error_context={
            "code": codes.NOT_A_CHOICE,
            "message": "`method` must be `deterministic` or `sequential`",
            "suggestion": "the first suits a few runs of one merchant, the second many merchants",
            "at": ("method",),
        },
    ),
]


def to_gate(name: str, keys: DeterministicKeys | SequentialKeys) -> GatePolicy:
    """The domain's value."""
    if isinstance(keys, DeterministicKeys):
        return DeterministicGate(
            name=name,
            timing=keys.timing,
            min_runs=keys.min_runs,
            duration_proceed=keys.duration.proceed,
            duration_fix_minor=keys.duration.fix_minor,
            failed_rollback=keys.failed.rollback,
            stuck_rollback=keys.stuck.rollback,
            require=keys.require,
            never=tuple(str(total) for total in keys.never),
        )
    worst = keys.worst_merchant
    return SequentialGate(
        name=name,
        timing=keys.timing,
        min_runs=keys.min_runs,
        min_merchants=keys.min_merchants,
        runs_per_merchant=keys.runs_per_merchant,
        criteria=tuple(_to_criterion(measure, keys) for measure, keys in keys.criteria.items()),
        never=tuple(str(total) for total in keys.never),
        worst_merchant=WorstMerchant(worst.criterion, worst.min_runs, worst.fix_minor_below)
        if worst
        else None,
        alpha_pass=keys.alpha_pass,
        alpha_fail=keys.alpha_fail,
    )


def _to_criterion(measure: str, keys: CriterionKeys) -> Criterion:
    return Criterion(measure, keys.target, keys.floor, keys.within, keys.ratio, keys.mode)
