"""The ramp's gate: each rate against its floor and target, by tests that allow re-checking.

For every criterion, with the evidence of `statistics.py`:

    fail          proven below the target, and what was seen is below the floor
    warn          proven below the target, or proven above the floor without reaching the target
    pass          proven above the floor, and the target is reached
    inconclusive  otherwise

Passing rests on the first runs of each merchant only: runs of one merchant are alike, and a busy
one must not vouch for the others. Failing rests on all runs: harm to one merchant is harm. The
target must be reached in both, so that a feature that went bad after those first runs is held.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from controller.domain.gate_policy import Criterion, CriterionMode, SequentialGate, WorstMerchant
from controller.domain.measures import WORST_MERCHANT
from controller.domain.units import Percent
from controller.domain.wording import counted
from controller.gate import statistics, words
from controller.gate.counts import GateCounts, RateCount, Tally, Uncounted
from controller.gate.invariants import judge_never, uncounted
from controller.gate.report import CriterionKind, CriterionResult, ErrorRates, Share
from controller.gate.verdict import CriterionVerdict

_SEARCH_LIMIT = 1_000_000
_WHOLE = 10_000


def judge_criteria(policy: SequentialGate, counts: GateCounts) -> tuple[CriterionResult, ...]:
    """Judge the counts that must be zero, then the rates, then the worst merchant."""
    rates = tuple(_judge(criterion, policy, counts) for criterion in policy.criteria)
    worst = (_judge_worst(policy.worst_merchant, counts),) if policy.worst_merchant else ()
    return judge_never(policy.never, counts) + rates + worst


def error_rates(policy: SequentialGate) -> ErrorRates:
    """The error rates of one criterion.

    All must pass, so passing needs no correction; any may fail, so failing shares its error rate
    among the criteria that decide.
    """
    deciding = sum(criterion.mode is CriterionMode.DECIDE for criterion in policy.criteria)
    return ErrorRates(policy.alpha_pass, policy.alpha_fail / max(1, deciding))


@dataclass(frozen=True, slots=True)
class _Rule:
    """One criterion with its error rates: the decision, from two tallies."""

    floor: Percent
    target: Percent
    alpha: ErrorRates

    def decide(self, all_runs: Tally, capped: Tally) -> CriterionVerdict:
        """What the runs prove: all of them what is bad, those within the caps what is good."""
        below = self._proven_below_target(all_runs)
        if below and not _reaches(all_runs, self.floor):
            return CriterionVerdict.FAIL
        above = self._proven_above_floor(capped)
        on_target = _reaches(all_runs, self.target) and _reaches(capped, self.target)
        if above and on_target:
            return CriterionVerdict.PASS
        return CriterionVerdict.WARN if above or below else CriterionVerdict.INCONCLUSIVE

    def _proven_above_floor(self, capped: Tally) -> bool:
        evidence = statistics.log_evidence_above(capped.good, capped.matured, self.floor.fraction)
        return evidence >= statistics.log_threshold(self.alpha.passing)

    def _proven_below_target(self, all_runs: Tally) -> bool:
        evidence = statistics.log_evidence_below(
            all_runs.good, all_runs.matured, self.target.fraction
        )
        return evidence >= statistics.log_threshold(self.alpha.failing)


def _reaches(tally: Tally, share: Percent) -> bool:
    # In whole numbers: 19 of 20 is exactly 95 %, whatever a float makes of it.
    return tally.good * _WHOLE >= share.basis_points * tally.matured


def _judge(criterion: Criterion, policy: SequentialGate, counts: GateCounts) -> CriterionResult:
    decides = criterion.mode is CriterionMode.DECIDE
    count = counts.rates.get(criterion.name) or Uncounted(
        f"there is no measure called `{criterion.name}`"
    )
    if isinstance(count, RateCount) and (
        count.capped.matured > count.merchants * policy.runs_per_merchant
    ):
        count = Uncounted(
            f"{count.capped.matured} runs of {count.merchants} merchants were counted with at most "
            f"{policy.runs_per_merchant} each"
        )
    if isinstance(count, Uncounted):
        missing = uncounted(criterion.name, CriterionKind.RATE, count, decides=decides)
        return replace(missing, floor=criterion.floor, target=criterion.target)
    rule = _Rule(criterion.floor, criterion.target, error_rates(policy))
    return _judge_rate(criterion, count, rule, policy.runs_per_merchant)


def _judge_rate(
    criterion: Criterion, count: RateCount, rule: _Rule, runs_per_merchant: int
) -> CriterionResult:
    verdict = rule.decide(count.all_runs, count.capped)
    # Without a run that may count as evidence to pass there is nothing that a waiver can let by.
    if count.capped.matured == 0 and verdict is not CriterionVerdict.FAIL:
        verdict = CriterionVerdict.INSUFFICIENT_DATA
    shares = _share(count.all_runs, rule.alpha), _share(count.capped, rule.alpha)
    return CriterionResult(
        criterion.name,
        CriterionKind.RATE,
        verdict,
        _reason(verdict, rule, shares, runs_per_merchant),
        decides=criterion.mode is CriterionMode.DECIDE,
        floor=criterion.floor,
        target=criterion.target,
        all_runs=shares[0],
        capped=shares[1],
        merchants=count.merchants,
        worst=count.worst.worst,
        query=count.query,
        good_runs_needed=_good_runs_needed(verdict, count, rule),
        failures_to_rollback=_failures_to_rollback(verdict, count, rule),
    )


def _share(tally: Tally, alpha: ErrorRates) -> Share:
    lower = statistics.lower_limit(tally.good, tally.matured, alpha.passing)
    upper = statistics.upper_limit(tally.good, tally.matured, alpha.failing)
    return Share(tally, math.floor(lower * 1e6) / 1e6, math.ceil(upper * 1e6) / 1e6)


def _reason(
    verdict: CriterionVerdict, rule: _Rule, shares: tuple[Share, Share], runs_per_merchant: int
) -> str:
    all_runs, capped = shares
    if verdict is CriterionVerdict.INSUFFICIENT_DATA:
        return "No run that it could be judged by has matured yet."
    seen = f"{_seen(all_runs.tally)}{_seen_capped(all_runs, capped, runs_per_merchant)}."
    floor, target = words.percent(rule.floor), words.percent(rule.target)
    lower, upper = words.rounded_down(capped.lower), words.rounded_up(all_runs.upper)
    above = f"proven above the floor of {floor} (at least {lower})"
    below = f"proven below the target of {target} (at most {upper})"
    if verdict is CriterionVerdict.PASS:
        found = f"The true rate is {above}, and the target of {target} is reached."
    elif verdict is CriterionVerdict.FAIL:
        found = f"The true rate is {below}, and what was seen is below the floor of {floor}."
    elif verdict is CriterionVerdict.INCONCLUSIVE:
        found = (
            f"Not enough to tell: the true rate may be as low as {lower} and as high as {upper}, "
            f"with a floor of {floor} and a target of {target}."
        )
    elif capped.lower >= rule.floor.fraction:
        found = f"The true rate is {above}, but the target of {target} is not reached."
    else:
        found = f"The true rate is {below}, though what was seen is not below the floor."
    return f"{seen} {found}"


def _seen(tally: Tally) -> str:
    rate = f" ({words.rounded_down(tally.rate)})" if tally.rate is not None else ""
    return f"{tally.good:,} of {counted(tally.matured, 'run')} good{rate}"


def _seen_capped(all_runs: Share, capped: Share, runs_per_merchant: int) -> str:
    if capped.tally == all_runs.tally:
        return ""
    return f"; among the first {runs_per_merchant} of each merchant {_seen(capped.tally)}"


def _good_runs_needed(verdict: CriterionVerdict, count: RateCount, rule: _Rule) -> int | None:
    if verdict in {CriterionVerdict.PASS, CriterionVerdict.FAIL}:
        return None

    def passes(more: int) -> bool:
        verdict = rule.decide(_more_good(count.all_runs, more), _more_good(count.capped, more))
        return verdict is CriterionVerdict.PASS

    return _smallest(passes)


def _failures_to_rollback(verdict: CriterionVerdict, count: RateCount, rule: _Rule) -> int | None:
    if verdict is CriterionVerdict.FAIL:
        return None

    def fails(more: int) -> bool:
        all_runs = Tally(count.all_runs.good, count.all_runs.matured + more)
        return rule.decide(all_runs, count.capped) is CriterionVerdict.FAIL

    return _smallest(fails)


def _more_good(tally: Tally, more: int) -> Tally:
    return Tally(tally.good + more, tally.matured + more)


def _smallest(holds: Callable[[int], bool]) -> int | None:
    """The smallest positive number that meets a condition which all larger ones meet too."""
    high = 1
    while not holds(high):
        high *= 2
        if high > _SEARCH_LIMIT:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _judge_worst(rule: WorstMerchant, counts: GateCounts) -> CriterionResult:
    name, kind = WORST_MERCHANT, CriterionKind.WORST_MERCHANT
    count = counts.rates.get(rule.criterion) or Uncounted(f"`{rule.criterion}` is not measured")
    if isinstance(count, Uncounted):
        return uncounted(name, kind, count)
    worst = count.worst.worst
    enough = counted(rule.min_runs, "matured run")
    if worst is None:
        # Known, not missing: every merchant was looked at. With so few runs each, no average of
        # many can hide one, so there is nothing for this rule to find.
        reason = f"No merchant has {enough} yet, so none can be singled out."
        return CriterionResult(name, kind, CriterionVerdict.PASS, reason, query=count.query)
    if worst.tally.matured < rule.min_runs:
        return uncounted(name, kind, Uncounted(f"{worst.merchant} has fewer than {enough}"))
    reached = _reaches(worst.tally, rule.fix_minor_below)
    reason = (
        f"{worst.merchant} has the lowest `{rule.criterion}`: {_seen(worst.tally)}, "
        f"{'at least' if reached else 'below'} {words.percent(rule.fix_minor_below)}."
    )
    verdict = CriterionVerdict.PASS if reached else CriterionVerdict.WARN
    return CriterionResult(name, kind, verdict, reason, worst=worst, query=count.query)
