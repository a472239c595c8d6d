"""Performance: expected, actual, before; how much faster at least, never rounded to flatter."""

import math
from dataclasses import dataclass
from datetime import timedelta

from controller.domain.gate_policy import DeterministicGate, GatePolicy
from controller.domain.measures import Rate
from controller.domain.wording import counted
from controller.gate import words
from controller.gate.counts import Baseline, Durations, RateCount, Uncounted
from controller.gate.deterministic import EXCELLENT
from controller.gate.evidence import Evidence
from controller.inquiry.report import Results
from controller.render import words as common
from controller.render.results import missing, sources
from controller.render.results.document import Fact, Facts, Section, Text

_BOTH = (*sources.EVIDENCE, *sources.BASELINE)


@dataclass(frozen=True, slots=True)
class Typical:
    """A time that half of the runs took at most.

    Attributes:
        said: Where it is from.
    """

    time: timedelta
    said: str


def section(found: Results) -> Section:
    """How long runs take with it, and how long they took before."""
    evidence = found.evidence
    if evidence is None:
        return Section("performance", "Performance", (Text(missing.see_above(found)),))
    before = _before(evidence)
    marks = sources.BASELINE if isinstance(evidence.counts.baseline, Baseline) else ("E1",)
    facts = (
        Fact("Expected", expected(evidence.policy), sources.EVIDENCE),
        Fact("Actual", actual(evidence), sources.EVIDENCE),
        Fact("Slowest", _slowest(evidence), sources.EVIDENCE),
        Fact("Before (legacy)", before, marks),
        *_comparison(evidence),
    )
    return Section(
        "performance", "Performance", (Facts("How long runs take with it, and took before", facts),)
    )


def limit_of(policy: GatePolicy) -> timedelta | None:
    """Within which time a run is good; None where the gate asks for none."""
    if isinstance(policy, DeterministicGate):
        return policy.duration_proceed
    return next((c.within for c in policy.criteria if c.within is not None), None)


def expected(policy: GatePolicy) -> str:
    """What the gate asks of durations."""
    limit = limit_of(policy)
    if limit is None:
        return "nothing: this gate asks for no duration"
    text = f"at most {words.duration(limit)}"
    if isinstance(policy, DeterministicGate):
        return f"{text}; {words.duration(limit * EXCELLENT)} or less is excellent"
    target = next(c.target for c in policy.criteria if c.within is not None)
    return f"{text}, for at least {words.percent(target)} of the runs"


def actual(evidence: Evidence) -> str:
    """How long runs took, as far as it is stored."""
    durations, limit = evidence.counts.durations, limit_of(evidence.policy)
    if isinstance(durations, Durations):
        return _measured(durations, limit)
    tally = on_time(evidence)
    if tally is None or limit is None:
        return f"not known: {durations.reason}"
    good = f"{tally.all_runs.good:,} of {counted(tally.all_runs.matured, 'run')}"
    return f"{good} completed within {words.duration(limit)}"


def _measured(durations: Durations, limit: timedelta | None) -> str:
    if not durations.runs:
        return "none: no run has completed yet"
    runs = counted(durations.runs, "completed run")
    good = f"{durations.within:,} of {runs} within {words.duration(limit)}" if limit else runs
    if durations.median is None:
        return f"{good}; how long half of them took is not in evidence of the first format"
    half = "it took" if durations.runs == 1 else "half of them took at most"
    return f"{good}; {half} {words.duration(durations.median)}"


def _slowest(evidence: Evidence) -> str:
    durations = evidence.counts.durations
    if isinstance(durations, Uncounted):
        return f"not known: {durations.reason}"
    return words.duration(durations.worst) if durations.worst else "no run has completed yet"


def on_time(evidence: Evidence) -> RateCount | None:
    """The runs that were completed in time, where they were counted."""
    count = evidence.counts.rates.get(Rate.ON_TIME)
    return count if isinstance(count, RateCount) else None


def _before(evidence: Evidence) -> str:
    flag = evidence.report.flag
    return common.baseline(flag, evidence.counts.baseline).removeprefix(f"{flag}: ")


def _comparison(evidence: Evidence) -> tuple[Fact, ...]:
    baseline, typical = evidence.counts.baseline, _typical(evidence)
    if isinstance(baseline, Uncounted) or baseline.median_bound is None:
        why = "not known: there is no median of before to compare with"
        return Fact("Improvement", why, ("E1",)), Fact("Speedup", why, ("E1",))
    if typical is None:
        why = "not known: no time is stored that half of the runs with it took at most"
        return Fact("Improvement", why, _BOTH), Fact("Speedup", why, _BOTH)
    ratio = baseline.median_bound / typical.time if typical.time else math.inf
    return (
        Fact("Improvement", f"{_faster(ratio)} ({typical.said})", _BOTH),
        Fact("Speedup", f"{_times(ratio)} ({typical.said})", _BOTH),
    )


def _typical(evidence: Evidence) -> Typical | None:
    """A time that at least half of the runs kept, the smallest that is stored."""
    durations, limit = evidence.counts.durations, limit_of(evidence.policy)
    if isinstance(durations, Durations):
        if durations.median is not None:
            half = "it took" if durations.runs == 1 else "half took at most"
            return Typical(durations.median, f"{half} {words.duration(durations.median)}")
        if durations.worst is not None:
            return Typical(durations.worst, f"all took at most {words.duration(durations.worst)}")
        return None
    tally = on_time(evidence)
    if tally is None or limit is None or 2 * tally.all_runs.good < max(1, tally.all_runs.matured):
        return None
    return Typical(limit, f"at least half took at most {words.duration(limit)}")


def _faster(ratio: float) -> str:
    if ratio <= 1:
        return "none: not faster than before"
    return f"at least {words.rounded_down(1 - 1 / ratio)} faster than before"


def _times(ratio: float) -> str:
    if ratio <= 1:
        return "none: not faster than before"
    if math.isinf(ratio):
        return "no time can be measured"
    return f"at least {math.floor(ratio * 10) / 10:g} times as fast"
