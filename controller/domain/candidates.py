"""Candidates: which merchants are fit for a pilot, by what they did and what files say. Pure.

Before the way of a change, when somebody has to name the first merchant. What a merchant did comes
from the workflow data, already added up; every rule says for or against, and none is left out
because another one has decided. The first six rules are also asked inside the database, to bring
only the best of a million; a property test holds that both always agree.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from controller.domain.desired import DesiredFlag
from controller.domain.merchant import Merchant
from controller.domain.targeting import Rule, active_override, decide
from controller.domain.units import Percent

_PERMILLE: Final = 1_000
_WHOLE: Final = 10_000
_MOST: Final = Percent(8_000)
_FEW: Final = Percent(1_000)


class Fitness(StrEnum):
    """The stable names of the rules, in the order in which they are told."""

    ACTIVE = "active"  # it had a run lately
    RELIABLE = "reliable"  # more than a share of its judged runs were completed in time
    MODERATE = "moderate"  # it has neither too few runs in a month nor too many
    NOT_BUSIEST = "not_busiest"
    NO_FAILURES = "no_failures"  # no run of it failed lately
    NOTHING_STUCK = "nothing_stuck"  # no run of it got stuck lately
    KNOWN = "known"  # the app still has it, and a file can name it
    IN_USE = "in_use"
    ESTABLISHED = "established"  # it is old enough
    NOT_EXCLUDED = "not_excluded"
    NOT_OVERRIDDEN = "not_overridden"
    NOT_CHOSEN = "not_chosen"  # it has the feature, or a phase names it, already


BY_ACTIVITY: Final = (
    Fitness.ACTIVE,
    Fitness.RELIABLE,
    Fitness.MODERATE,
    Fitness.NOT_BUSIEST,
    Fitness.NO_FAILURES,
    Fitness.NOTHING_STUCK,
)
"""The rules that what a merchant did decides."""


@dataclass(frozen=True, slots=True)
class CandidateRules:
    """What makes a merchant fit for a pilot; the defaults are those of the deployment plan.

    Attributes:
        month: How far back runs are counted.
        active_within: Its newest run is at most this old.
        success_above: Of the judged runs of the month, more than this share were completed.
        runs_min: The fewest runs of a month that show something soon.
        runs_max: The most runs of a month that are not too much to lose.
        busiest: The share of merchants with the most runs, who come last.
        age_min: How long the merchant must have been there.
        trouble_free: No run of this time failed or got stuck.
        stuck_after: A run that has not ended by then is stuck. Far above what the old way takes,
            which a gate's own deadline may not be.
    """

    month: timedelta = timedelta(days=30)
    active_within: timedelta = timedelta(days=7)
    success_above: Percent = _MOST
    runs_min: int = 5
    runs_max: int = 20
    busiest: Percent = _FEW
    age_min: timedelta = timedelta(days=30)
    trouble_free: timedelta = timedelta(days=7)
    stuck_after: timedelta = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class MerchantActivity:
    """What one merchant did in the month.

    Attributes:
        runs: All of them, judged or not; at least one.
        matured: Those whose outcome is decided.
        good: Those of the matured that were completed before they counted as stuck.
        failed_lately: Failed runs of the trouble-free time.
        stuck_lately: Stuck ones.
        last_run: When the newest was created.
        mean_duration: Of its completed runs; None without one.
    """

    merchant: str
    runs: int
    matured: int
    good: int
    failed_lately: int
    stuck_lately: int
    last_run: datetime
    mean_duration: timedelta | None

    @property
    def success(self) -> float | None:
        """The share of judged runs that were good; None while none is judged."""
        return self.good / self.matured if self.matured else None


@dataclass(frozen=True, slots=True)
class Activity:
    """What all merchants did, and those whom it suits best.

    Attributes:
        merchants: How many had a run in the month.
        fit: How many of them break none of the rules about what they did.
        broken: How many break each of those rules.
        busiest_from: From so many runs on, a merchant is one of the busiest; None where nobody is,
            because too many are alike.
        unknown_statuses: Runs of a status that nobody has explained; nothing can be said with any.
        best: By their rules and their score, the best first.
    """

    merchants: int
    fit: int
    broken: Mapping[Fitness, int]
    busiest_from: int | None
    unknown_statuses: int
    best: tuple[MerchantActivity, ...]

    @property
    def complete(self) -> bool:
        """Whether `best` holds everybody who had a run."""
        return len(self.best) >= self.merchants


@dataclass(frozen=True, slots=True)
class Candidate:
    """One merchant, judged.

    Attributes:
        merchant: None where the app does not know it any more.
        reasons: For every rule: whether it speaks for the merchant.
        taken: In words: why it has the feature or is named already; empty where it is not.
    """

    activity: MerchantActivity
    merchant: Merchant | None
    reasons: Mapping[Fitness, bool]
    taken: str = ""

    @property
    def against(self) -> tuple[Fitness, ...]:
        """The rules that speak against it."""
        return tuple(fitness for fitness, holds in self.reasons.items() if not holds)

    @property
    def is_fit(self) -> bool:
        """Whether no rule speaks against it."""
        return not self.against


def by_activity(
    activity: MerchantActivity, busiest_from: int | None, rules: CandidateRules, now: datetime
) -> dict[Fitness, bool]:
    """What the rules about its runs say of a merchant."""
    enough = activity.good * _WHOLE > activity.matured * rules.success_above.basis_points
    return {
        Fitness.ACTIVE: activity.last_run >= now - rules.active_within,
        Fitness.RELIABLE: enough,
        Fitness.MODERATE: rules.runs_min <= activity.runs <= rules.runs_max,
        Fitness.NOT_BUSIEST: busiest_from is None or activity.runs < busiest_from,
        Fitness.NO_FAILURES: not activity.failed_lately,
        Fitness.NOTHING_STUCK: not activity.stuck_lately,
    }


def score(activity: MerchantActivity, rules: CandidateRules) -> int:
    """How well a merchant suits among those that break as many rules: the plan's own order.

    Ten points for each run and one for each percent of success, in tenths; runs above the most that
    a pilot should have bring nothing more.
    """
    runs = min(activity.runs, rules.runs_max)
    return 100 * runs + (_PERMILLE * activity.good // activity.matured if activity.matured else 0)


@dataclass(frozen=True, slots=True)
class Search:
    """A search for the pilot's merchants.

    Attributes:
        desired: What the files say of the flag.
        rules: What is asked of a merchant.
        now: The database's clock.
    """

    desired: DesiredFlag
    rules: CandidateRules
    now: datetime

    def rank(
        self, activity: Activity, merchants: Mapping[str, Merchant], nameless: Collection[str] = ()
    ) -> tuple[Candidate, ...]:
        """Judge the best merchants, and put them in order: fit ones first, then nearest misses.

        Args:
            activity: What they did.
            merchants: Those of them that the app knows, by id.
            nameless: Ids that no file can hold.
        """
        candidates = (
            self._judge(one, merchants.get(one.merchant), activity.busiest_from, nameless)
            for one in activity.best
        )
        return tuple(sorted(candidates, key=self._place))

    def _place(self, candidate: Candidate) -> tuple[int, int, str]:
        activity = candidate.activity
        return len(candidate.against), -score(activity, self.rules), activity.merchant

    def _judge(
        self,
        activity: MerchantActivity,
        merchant: Merchant | None,
        busiest_from: int | None,
        nameless: Collection[str],
    ) -> Candidate:
        reasons = by_activity(activity, busiest_from, self.rules, self.now)
        reasons[Fitness.KNOWN] = merchant is not None and merchant.id not in nameless
        if merchant is None:
            return Candidate(activity, None, reasons)
        taken, rollout = _taken(self.desired, merchant, self.now), self.desired.rollout
        override = active_override(self.desired, merchant.id, self.now)
        reasons |= {
            Fitness.IN_USE: merchant.is_active,
            Fitness.ESTABLISHED: merchant.created_at <= self.now - self.rules.age_min,
            Fitness.NOT_EXCLUDED: rollout is None or merchant.id not in rollout.eligible.exclude,
            Fitness.NOT_OVERRIDDEN: override is None or override.value,
            Fitness.NOT_CHOSEN: not taken,
        }
        return Candidate(activity, merchant, reasons, taken)


def _taken(desired: DesiredFlag, merchant: Merchant, now: datetime) -> str:
    rollout = desired.rollout
    for phase in rollout.phases if rollout else ():
        if merchant.id in phase.merchants:
            return f"named in phase {phase.name} already"
    decision = decide(desired, merchant, now, halted=False)
    if decision.rule is Rule.OVERRIDE and decision.value:
        return "has it already, by an override"
    return f"has it already, in phase {desired.phase}" if decision.value else ""
