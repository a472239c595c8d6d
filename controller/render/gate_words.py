"""The gate's answer in words, the same in every format: the answer first, then why, then what next.

Nothing here is escaped: names of merchants and reasons of errors come from data, and are made
harmless where they are shown.
"""

from typing import Final

from controller.domain.instants import format_instant
from controller.domain.units import Percent
from controller.domain.wording import counted
from controller.gate import words
from controller.gate.report import CriterionResult, GateReport, Share, WaiverEffect
from controller.gate.verdict import CriterionVerdict, Verdict

_ANSWERS: Final = {
    Verdict.PROCEED: "Yes: {flag} may {go}.",
    Verdict.FIX_MINOR: "Not yet: something is to be fixed before {flag} may {go}.",
    Verdict.INSUFFICIENT_DATA: "Not yet: it is too early to say whether {flag} may {go}.",
    Verdict.ERROR: "No: it cannot be judged whether {flag} may {go}.",
    Verdict.ROLLBACK: "No: {flag} does harm at {phase}. Take it back.",
}
_STEPS: Final = {
    Verdict.FIX_MINOR: "fix it, or have the criterion waived in rollout/waivers/; then ask again: "
    "rolloutctl gate {flag}",
    Verdict.INSUFFICIENT_DATA: "ask later: rolloutctl gate {flag}",
    Verdict.ERROR: "mend what could not be judged; then ask again: rolloutctl gate {flag}",
    Verdict.ROLLBACK: 'at once: rolloutctl halt {flag} --reason "..."; '
    "by a pull request: rolloutctl rollback {flag}",
}


def title(verdict: Verdict | CriterionVerdict) -> str:
    """A verdict as a person reads it: `fix minor`, `insufficient data`."""
    return str(verdict).replace("_", " ")


def answer(report: GateReport, following: str | None = None) -> str:
    """May this be merged? In one sentence.

    Args:
        report: What the gate found.
        following: The phase that would be entered; None where it is not known.
    """
    go = f"leave {report.phase} upwards"
    if following is not None:
        go = f"go from {report.phase} to {following}"
    text = _ANSWERS[report.verdict].format(flag=report.flag, go=go, phase=report.phase)
    waived = waived_names(report)
    return f"{text} Waived: {words.names(waived)}." if waived else text


def waived_names(report: GateReport) -> tuple[str, ...]:
    """The criteria that pass only because a waiver says so."""
    return tuple(
        use.waiver.criterion for use in report.waivers if use.effect is WaiverEffect.APPLIED
    )


def because(report: GateReport) -> tuple[tuple[str, str], ...]:
    """What the verdict comes from, by name, each with its reason; empty where nothing objects."""
    if report.verdict is Verdict.PROCEED:
        return ()
    checks = [(str(c.name), c.reason) for c in report.checks if _decided(report, c.verdict)]
    criteria = [
        (result.name, result.reason)
        for result in report.criteria
        if result.decides and _decided(report, result.counts_as)
    ]
    return (*checks, *criteria)


def why(report: GateReport) -> tuple[str, ...]:
    """What to read under the claim, where neither it nor what it would take says it."""
    found = because(report)
    if report.verdict is Verdict.FIX_MINOR:
        return (f"Because of {words.names(tuple(name for name, _ in found))}.",)
    if report.verdict is Verdict.ERROR:
        return tuple(f"{name}: {reason}" for name, reason in found)
    return ()


def needs_title(report: GateReport) -> str:
    """What the list of needs is called: with some verdicts it only says how they could turn."""
    waits = report.verdict in {Verdict.FIX_MINOR, Verdict.INSUFFICIENT_DATA}
    return "what it would take" if waits else "what would change it"


def next_step(report: GateReport, following: str | None = None) -> str:
    """What to do next, if possible a command to type; several things are parted by `; `."""
    return after(report.verdict, report.flag, following)


def after(verdict: Verdict, flag: str, following: str | None) -> str:
    """What to do after a verdict: the same words wherever it is known."""
    if verdict is Verdict.PROCEED:
        return go_on(flag, following)
    return _STEPS[verdict].format(flag=flag)


def go_on(flag: str, following: str | None, when: str = "") -> str:
    """How the next phase is entered.

    Args:
        flag: Its key.
        following: The phase; None where it is not known.
        when: What has to come first, if anything.
    """
    to = f" to {following}" if following is not None else ""
    return f"go on{to}{when and f', {when}'}: rolloutctl promote {flag}"


def gate_line(report: GateReport) -> str:
    """The answer in one line, for a plan, a status or a commit status."""
    waived = waived_names(report)
    says = f"gate {report.gate} says {title(report.verdict)}"
    if waived:
        says += f", with {'a waiver' if len(waived) == 1 else 'waivers'} for {words.names(waived)}"
    found = obstacle(report)
    return f"{says}: {found}" if found else says


def obstacle(report: GateReport) -> str:
    """What stands in the way, the nearest first; empty where nothing does."""
    if report.verdict is Verdict.PROCEED:
        return ""
    if report.verdict is Verdict.INSUFFICIENT_DATA and report.needs:
        return report.needs[0].rstrip(".")
    found = because(report)
    more = f"; and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{found[0][0]}: {found[0][1].rstrip('.')}{more}" if found else ""


def short(verdict: CriterionVerdict) -> str:
    """A verdict of one criterion or check, in a column: `pass`, `not yet`."""
    return "not yet" if verdict is CriterionVerdict.INSUFFICIENT_DATA else title(verdict)


def verdict_of(result: CriterionResult) -> str:
    """`pass`, `waived`, or in brackets where it is only shown: `(fail)`."""
    if result.waiver is not None:
        return "waived"
    return short(result.verdict) if result.decides else f"({short(result.verdict)})"


def objects(result: CriterionResult) -> bool:
    """Whether a reader must see why: it decides, and does not pass by itself."""
    return result.decides and result.verdict is not CriterionVerdict.PASS


def reason_of(result: CriterionResult) -> str:
    """What was found, and who accepted it."""
    waiver = result.waiver
    if waiver is None:
        return result.reason
    return (
        f"{result.reason} It is {title(result.verdict)}, waived by {waiver.approved_by} until "
        f"{waiver.expires}: {waiver.reason}"
    )


def good_of(share: Share) -> str:
    """`23/23`, `9,876/10,000`."""
    return f"{share.tally.good:,}/{share.tally.matured:,}"


def rate(share: Share) -> str:
    """The share of good runs, cut to one decimal; nothing where nothing has matured."""
    return words.rounded_down(share.tally.rate) if share.tally.rate is not None else ""


def percent(share: Percent | None) -> str:
    """A percentage of the policy; nothing where it has none."""
    return words.percent(share) if share is not None else ""


def interval(result: CriterionResult) -> str:
    """Where the true rate lies: `91.4 to 100 %`.

    The lower end is what passing rests on, the upper one what failing rests on.
    """
    if result.all_runs is None:
        return ""
    lower = (result.capped or result.all_runs).lower
    low, high = words.rounded_down(lower), words.rounded_up(result.all_runs.upper)
    return f"{low.removesuffix(' %')} to {high}"


def merchants(result: CriterionResult) -> str:
    """`10 merchants; worst is m07 with 2 of 3 good (66.6 %)`; nothing where there are none.

    Where no run is bad, no merchant is the worst.
    """
    if not result.merchants:
        return ""
    number = counted(result.merchants, "merchant")
    if result.worst is None or result.worst.tally.rate is None:
        return number
    if result.all_runs is not None and not result.all_runs.tally.bad:
        return number
    tally = result.worst.tally
    share = words.rounded_down(result.worst.tally.rate)
    seen = f"{tally.good:,} of {tally.matured:,} good ({share})"
    return f"{number}; worst is {result.worst.merchant} with {seen}"


def error_rates(report: GateReport) -> str:
    """The chances of error, in words; for a deterministic gate, that it claims none."""
    rates = report.error_rates
    if rates is None:
        return "A deterministic gate looks and tests nothing: it claims no chance of error."
    return (
        f"However often it is asked, each criterion passes at its floor with a chance of at most "
        f"{words.probability(rates.passing)}, and calls for rollback at its target with at most "
        f"{words.probability(rates.failing)}."
    )


def origin(report: GateReport) -> str:
    """Which gate judged what, and when."""
    since = f", entered {format_instant(report.since)}" if report.since else ""
    return (
        f"{report.environment} · phase {report.phase}{since} · gate {report.gate} "
        f"({report.method}) · judged {format_instant(report.judged_at)}"
    )


def queries(report: GateReport) -> tuple[tuple[str, str], ...]:
    """The resolved queries, each once, with the criteria that rest on it."""
    by_text: dict[str, list[str]] = {}
    for result in report.criteria:
        if result.query:
            by_text.setdefault(result.query, []).append(result.name)
    return tuple((", ".join(names), query) for query, names in by_text.items())


def _decided(report: GateReport, verdict: CriterionVerdict) -> bool:
    return verdict.for_the_gate is report.verdict
