"""For and against a merchant as a pilot, in words, the same in every format.

Nothing here is escaped: shop domains and reasons come from data, and are made harmless where they
are shown.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from controller.domain.candidates import Candidate, CandidateRules, Fitness
from controller.domain.wording import counted
from controller.gate import words
from controller.inquiry.candidates import Candidates

Say = Callable[[Candidate, CandidateRules, datetime], str]

_RULES: Final[Mapping[Fitness, str]] = {
    Fitness.ACTIVE: "no run lately",
    Fitness.RELIABLE: "not reliable enough",
    Fitness.MODERATE: "too few or too many runs",
    Fitness.NOT_BUSIEST: "among the busiest",
    Fitness.NO_FAILURES: "failed lately",
    Fitness.NOTHING_STUCK: "got stuck lately",
}


def reason(candidate: Candidate, fitness: Fitness, found: Candidates) -> str:
    """What one rule says for the merchant, or against it."""
    if fitness is Fitness.NOT_BUSIEST:
        return _busiest(candidate, found)
    return _SAY[fitness](candidate, found.rules, found.now)


def in_favour(
    candidate: Candidate, found: Candidates, without: Collection[Fitness] = ()
) -> tuple[str, ...]:
    """Everything that speaks for the merchant.

    Args:
        candidate: The merchant.
        found: What it was found among.
        without: Rules that need not be told, because their figures stand elsewhere.
    """
    kept = (fitness for fitness, holds in candidate.reasons.items() if holds)
    return tuple(reason(candidate, fitness, found) for fitness in kept if fitness not in without)


def against(candidate: Candidate, found: Candidates) -> tuple[str, ...]:
    """Everything that speaks against it."""
    return tuple(reason(candidate, fitness, found) for fitness in candidate.against)


def choice(found: Candidates) -> str:
    """How many merchants there are to choose from."""
    activity = found.activity
    month = words.duration(found.rules.month)
    if not activity.merchants:
        return f"No merchant had a run in the last {month}."
    everyone = counted(activity.merchants, "merchant")
    text = f"Of {everyone} with a run in the last {month}, {_fit(activity.fit)} by what they did"
    if not activity.fit:
        return f"{text}."
    of_those = "" if activity.complete else f"of the best {len(found.ranked):,} of those, "
    return f"{text}; {of_those}{_fit(len(found.fit))} by the files and their age, too."


def _fit(number: int) -> str:
    return {0: "none is fit", 1: "1 is fit"}.get(number, f"{number:,} are fit")


def asked(found: Candidates) -> str:
    """What the rules ask for, in one sentence."""
    rules, time = found.rules, words.duration
    return (
        f"Asked for: {rules.runs_min} to {rules.runs_max} runs in {time(rules.month)}, one of them "
        f"in the last {time(rules.active_within)}; more than {words.percent(rules.success_above)} "
        f"good; nothing failed or stuck in {time(rules.trouble_free)}; at least "
        f"{time(rules.age_min)} old; not among the busiest {words.percent(rules.busiest)}."
    )


def objections(found: Candidates) -> str:
    """Which rules speak against how many, most first; empty where none does."""
    most = sorted(found.activity.broken.items(), key=lambda item: -item[1])
    return ", ".join(f"{_RULES[fitness]} {number:,}" for fitness, number in most if number)


def ago(candidate: Candidate, now: datetime) -> str:
    """When its last run was, in the largest unit: `8 h ago`."""
    time = words.duration(max(now - candidate.activity.last_run, timedelta()))
    number, unit, *_ = time.split(" ")
    return f"{number} {unit} ago"


def live(phase: str, environments: tuple[str, ...]) -> str:
    """What it means to name merchants in a phase that is live."""
    where = " and ".join(environments)
    return (
        f"{phase} is live in {where}: naming another merchant there turns it on when it is merged, "
        "so it is an advance: the gate is asked, and the soak begins anew"
    )


def _active(candidate: Candidate, rules: CandidateRules, now: datetime) -> str:
    since = ago(candidate, now)
    if candidate.reasons[Fitness.ACTIVE]:
        return f"last run {since}"
    return f"last run {since}, more than {words.duration(rules.active_within)}"


def _reliable(candidate: Candidate, rules: CandidateRules, _now: datetime) -> str:
    activity = candidate.activity
    if activity.success is None:
        return "none of its runs is decided yet, so nobody knows how reliable it is"
    share = words.rounded_down(activity.success)
    text = f"{activity.good} of {counted(activity.matured, 'run')} good ({share})"
    if candidate.reasons[Fitness.RELIABLE]:
        return text
    return f"{text}, not more than {words.percent(rules.success_above)}"


def _moderate(candidate: Candidate, rules: CandidateRules, _now: datetime) -> str:
    runs = candidate.activity.runs
    text = f"{counted(runs, 'run')} in {words.duration(rules.month)}"
    if runs < rules.runs_min:
        return f"{text}, fewer than {rules.runs_min}"
    if runs > rules.runs_max:
        return f"{text}, more than {rules.runs_max}"
    return f"{text} ({rules.runs_min} to {rules.runs_max})"


def _busiest(candidate: Candidate, found: Candidates) -> str:
    share = f"the busiest {words.percent(found.rules.busiest)}"
    limit = found.activity.busiest_from
    if not candidate.reasons[Fitness.NOT_BUSIEST]:
        return f"among {share} ({limit} runs and more)"
    return f"not among {share}" + (f" ({limit} runs and more)" if limit is not None else "")


def _no_failures(candidate: Candidate, rules: CandidateRules, _now: datetime) -> str:
    failed, time = candidate.activity.failed_lately, words.duration(rules.trouble_free)
    return (
        f"{words.spelled(failed, 'failed run')} in {time}" if failed else f"none failed in {time}"
    )


def _nothing_stuck(candidate: Candidate, rules: CandidateRules, _now: datetime) -> str:
    stuck, time = candidate.activity.stuck_lately, words.duration(rules.trouble_free)
    if not stuck:
        return f"none stuck in {time}"
    limit = words.duration(rules.stuck_after)
    return f"{words.spelled(stuck, 'run')} stuck in {time} (not ended within {limit})"


def _known(candidate: Candidate, _rules: CandidateRules, _now: datetime) -> str:
    if candidate.merchant is None:
        return "the app has no such merchant any more"
    return "known" if candidate.reasons[Fitness.KNOWN] else "its id cannot be written into a file"


def _established(candidate: Candidate, rules: CandidateRules, now: datetime) -> str:
    assert candidate.merchant is not None  # noqa: S101 -- only then there is such a reason
    age = f"{max((now - candidate.merchant.created_at).days, 0):,} d old"
    if candidate.reasons[Fitness.ESTABLISHED]:
        return age
    return f"only {age}, younger than {words.duration(rules.age_min)}"


def _plain(good: str, bad: str, fitness: Fitness) -> Say:
    return lambda candidate, _rules, _now: good if candidate.reasons[fitness] else bad


def _not_chosen(candidate: Candidate, _rules: CandidateRules, _now: datetime) -> str:
    return candidate.taken or "does not have it yet"


_SAY: Final[Mapping[Fitness, Say]] = {
    Fitness.ACTIVE: _active,
    Fitness.RELIABLE: _reliable,
    Fitness.MODERATE: _moderate,
    Fitness.NO_FAILURES: _no_failures,
    Fitness.NOTHING_STUCK: _nothing_stuck,
    Fitness.KNOWN: _known,
    Fitness.IN_USE: _plain("in use", "not in use any more", Fitness.IN_USE),
    Fitness.ESTABLISHED: _established,
    Fitness.NOT_EXCLUDED: _plain(
        "not excluded", "excluded in the rollout's file", Fitness.NOT_EXCLUDED
    ),
    Fitness.NOT_OVERRIDDEN: _plain(
        "no override against it", "an override keeps it off", Fitness.NOT_OVERRIDDEN
    ),
    Fitness.NOT_CHOSEN: _not_chosen,
}
