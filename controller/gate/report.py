"""The answer of the gate, as a value: the verdict and everything a reader needs to trust it.

`judge.py` makes it, `controller.render` shows it, `evidence.py` stores it beside what it was made
from. All sentences are plain text; names of merchants and reasons of errors in them come from data
and are escaped where they are shown.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from controller.domain.gate_policy import Waiver
from controller.domain.units import Percent
from controller.gate.counts import MerchantTally, Tally
from controller.gate.verdict import CriterionVerdict, Verdict


class CheckName(StrEnum):
    """What is asked of the whole, in the order of evaluation."""

    POLICY = "policy"  # the gate itself makes sense
    IDENTITY = "identity"  # what was counted is what was rolled out
    FRESHNESS = "freshness"  # the data is new enough
    CLOCKS = "clocks"  # few runs are left out for impossible time stamps
    SOAK = "soak"  # the phase has been applied long enough
    RUNS = "runs"  # enough runs have matured
    MERCHANTS = "merchants"  # they belong to enough merchants


@dataclass(frozen=True, slots=True)
class Check:
    """One thing asked of the whole.

    Attributes:
        reason: What was found.
        needs: What it would take; empty where nothing is missing, or where waiting does not help.
    """

    name: CheckName
    verdict: CriterionVerdict
    reason: str
    needs: str = ""


class CriterionKind(StrEnum):
    """How a criterion is judged."""

    NEVER = "never"  # a count that must be zero; cannot be waived
    LIMIT = "limit"  # a count with a limit: failed, stuck
    DURATION = "duration"  # of the slowest run
    EVERY_RUN = "every_run"  # must hold for every run
    RATE = "rate"  # target and floor, by the exact sequential test
    WORST_MERCHANT = "worst_merchant"  # so that an average does not hide one


@dataclass(frozen=True, slots=True)
class Share:
    """Good runs out of matured ones, with what they say about the true rate.

    Attributes:
        lower: The true rate is above this: anytime-valid in a sequential gate, for one look in a
            deterministic one. Between 0 and 1, rounded down to six decimals.
        upper: The true rate is below this, rounded up.
    """

    tally: Tally
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """What one criterion says.

    Attributes:
        verdict: As judged, whatever a waiver says.
        decides: False for a criterion that is only shown (`mode: inform`).
        all_runs: Over every matured run; its `upper` is what failing rests on.
        capped: Over the first runs of each merchant; its `lower` is what passing rests on.
        worst: The worst merchant, among those with enough runs.
        good_runs_needed: So many more good runs, and none bad, would make it pass; None where no
            number would, or where it is not a matter of runs.
        failures_to_rollback: So many more bad runs would make it fail; None where no number would.
        waiver: The waiver that lets it pass despite its verdict.
    """

    name: str
    kind: CriterionKind
    verdict: CriterionVerdict
    reason: str
    decides: bool = True
    floor: Percent | None = None
    target: Percent | None = None
    all_runs: Share | None = None
    capped: Share | None = None
    merchants: int | None = None
    worst: MerchantTally | None = None
    query: str = ""
    good_runs_needed: int | None = None
    failures_to_rollback: int | None = None
    waiver: Waiver | None = None

    @property
    def counts_as(self) -> CriterionVerdict:
        """The verdict that the whole is made from."""
        return self.verdict if self.waiver is None else CriterionVerdict.PASS


class WaiverEffect(StrEnum):
    """What a waiver in force does to this verdict."""

    APPLIED = "applied"
    NOT_NEEDED = "not_needed"  # the criterion passes by itself
    REFUSED = "refused"  # it cannot be waived
    NO_SUCH_CRITERION = "no_such_criterion"


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """A waiver in force and what it does. It is shown until it expires, used or not."""

    waiver: Waiver
    effect: WaiverEffect
    explanation: str


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """The chances of error that the verdict rests on, however often the gate was asked.

    Attributes:
        passing: For each criterion: ever passing although the true rate is at its floor.
        failing: For each criterion: ever failing although the true rate is at its target.
    """

    passing: float
    failing: float


@dataclass(frozen=True, slots=True)
class GateReport:
    """The answer to: may this flag leave this phase upwards?

    Attributes:
        gate: The gate's name.
        method: `deterministic` or `sequential`.
        since: When the phase was entered; None where that is not known.
        claim: What the verdict supports, and what it does not.
        checks: In the order of evaluation.
        criteria: Empty where nothing counted can be attributed to the rollout.
        needs: What it would take; the nearest obstacle first.
        notes: What else a reader should know: baseline, comparability, runs left out.
        waivers: Those in force for this phase.
        error_rates: None for a deterministic gate, which claims none.
        ask_a_person: The longest wait is over and nothing is decided.
    """

    environment: str
    flag: str
    phase: str
    gate: str
    method: str
    judged_at: datetime
    since: datetime | None
    verdict: Verdict
    claim: str
    checks: tuple[Check, ...]
    criteria: tuple[CriterionResult, ...]
    needs: tuple[str, ...]
    notes: tuple[str, ...]
    waivers: tuple[WaiverUse, ...]
    error_rates: ErrorRates | None
    ask_a_person: bool
