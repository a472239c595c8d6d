"""Why a flag is stale, in words, and what to do next: the same for people and machines."""

from collections.abc import Sequence
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.staleness import Finding, Reach, Reason, StaleFlag, Step, names_of
from controller.domain.units import format_duration
from controller.domain.wording import counted
from controller.inquiry.staleness import StaleReport
from controller.render import words

_STEPS: Final = {
    Step.DECIDE_HALT: 'decide: rolloutctl resume {flag} --reason "...", or {turn_off}, and take it '
    "out of the code",
    Step.FINISH: "bring it to its end (rolloutctl status says how), take it back, or give it a "
    "later date in flags/{flag}.yaml for review",
    Step.WITHDRAW: "if {code} is all of the app, it does nothing: {turn_off}, reconcile, then "
    "delete {files}",
    Step.SETTLE_OVERRIDES: "settle {overrides} in flags/{flag}.yaml first: {merchants} kept off, "
    "and without its flag would get it",
    Step.REMOVE_CODE: "{become} in the app's code{where}, deploy that, then delete {files}",
    Step.DELETE_FILES: "delete {files}; {rest}",
}


def label(reason: Reason) -> str:
    """A reason as a title: `expired`, `on for everyone`."""
    return "on for everyone" if reason is Reason.EVERYONE else reason.name.lower()


def finding(found: Finding, stale: StaleFlag, report: StaleReport) -> str:
    """A reason in a sentence. Not escaped: a halt's reason is other people's."""
    days = counted(found.days(report.now), "day")
    since = f", since {format_instant(found.since)}" if found.since else ""
    match found.reason:
        case Reason.EXPIRED:
            return f"its last day, {stale.desired.flag.expires}, was over {days} ago"
        case Reason.EVERYONE:
            how = "globally" if stale.desired.flag.globally_on else f"in {stale.desired.phase}"
            limit = format_duration(report.patience.everyone)
            return f"on for everyone ({how}) for {days}{since}; more than {limit} is long"
        case Reason.HALTED:
            return f"halted for {days}, {words.halted(stale.halt)}" if stale.halt else ""
        case Reason.OFF:
            limit = format_duration(report.patience.off)
            return f"off for everyone for {days}{since}; more than {limit} is long"
        case Reason.UNREFERENCED:
            return (
                f"nothing in {report.code} names it: not {_listed(list(names_of(stale.desired)))}"
            )


def next_step(stale: StaleFlag, report: StaleReport, others: Sequence[str] = ()) -> str:
    """What to do next.

    Args:
        stale: The flag.
        report: Of which it is a part.
        others: The other environments; a flag's files are theirs, too.
    """
    count = len(stale.contrary)
    text = _STEPS[stale.step].format(
        flag=stale.key,
        turn_off=_turn_off(stale, report),
        code=report.code,
        files=_files(stale),
        overrides=counted(count, "override"),
        merchants=f"{counted(count)} {'is' if count == 1 else 'are'}",
        become="make it the only way" if stale.reach is Reach.EVERYONE else "take it out",
        where=_where(stale),
        rest=what_stays(stale),
    )
    deletes = stale.step in {Step.REMOVE_CODE, Step.DELETE_FILES, Step.WITHDRAW}
    if deletes and others:
        text += f"; look at the other environments before: {', '.join(others)}"
    return text


def _turn_off(stale: StaleFlag, report: StaleReport) -> str:
    if stale.desired.rollout is None:
        return f"take its overrides and its global value out of flags/{stale.key}.yaml"
    return f"set phase: off for {report.environment} in rollout/{stale.key}.yaml"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _files(stale: StaleFlag) -> str:
    own = f"flags/{stale.key}.yaml"
    return f"{own} and rollout/{stale.key}.yaml" if stale.desired.rollout else own


def _where(stale: StaleFlag) -> str:
    if stale.mentions is None:
        return " (where: rolloutctl stale --code FOLDER)"
    count = len(stale.mentions.references)
    return f" ({counted(count, 'line')}, see below)" if count else ""


def what_stays(stale: StaleFlag) -> str:
    """What remains when the files are gone: nothing is dropped by us."""
    flag = stale.desired.flag
    homes = []
    if flag.merchant_config:
        homes.append(f"the column {flag.merchant_config.column}")
    if flag.deploy_env:
        homes.append(f"the variable {flag.deploy_env.variable}")
    verb = "stays until somebody drops it" if len(homes) == 1 else "stay until somebody drops them"
    return f"{' and '.join(homes)} {verb}"
