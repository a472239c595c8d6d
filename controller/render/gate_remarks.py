"""What is said beside the gate's report, and what where there is no gate, in words.

Nothing here is escaped; see `gate_words.py`.
"""

from collections.abc import Iterator
from typing import Final

from controller.domain.instants import format_instant
from controller.gate import words
from controller.gate.verdict import Verdict
from controller.inquiry.gate import Asked, Free, NothingToPass, Other
from controller.render import gate_words
from controller.render import words as common

SHORT_ID: Final = 12
"""So many characters of an evidence's id are shown, and find it again."""

_OTHERS: Final = {
    Other.GATE: "The files here have another gate for this phase.",
    Other.WAIVERS: "The files here have other waivers for this phase.",
    Other.WORKFLOW_DATA: "The files here count runs differently (workflow_data).",
}
_JUDGES_LATER: Final = (
    "This answer is by the policy applied last; theirs judges once a run that advances nothing has "
    "recorded it."
)
_FREE: Final = {
    Free.OFF: "{flag} is off. Its first phase is entered without a gate",
    Free.NO_GATE: "Phase {phase} of {flag} has no gate",
    Free.NO_PHASES: "{flag} has no phases",
    Free.GLOBAL: "{flag} is on for everyone (global: true); nothing is above that",
    Free.RETREAT: "From {phase} to {following} {flag} retreats, and a retreat is never asked "
    "anything",
    Free.SAME: "{flag} is in {phase} already",
}


def remarks(asked: Asked) -> tuple[str, ...]:
    """What a reader should know beside the report itself."""
    return tuple(_remarks(asked))


def _remarks(asked: Asked) -> Iterator[str]:
    if asked.as_of is not None:
        yield (
            f"This is the answer as of {format_instant(asked.as_of)}, by the gate applied last; "
            "only an answer for now lets anything pass."
        )
    for freeze in asked.freezes:
        yield f"Nothing is advanced until {format_instant(freeze.ends)}: {freeze.reason}"
    for other in asked.others:
        yield f"{_OTHERS[other]} {_JUDGES_LATER}"
    judgement, short = asked.judgement, asked.judgement.id[:SHORT_ID]
    if judgement.stored:
        yield f"Evidence {short} is in the ledger: `rolloutctl gate --recompute {short}`"
    else:
        why = judgement.problem or "there is no ledger yet"
        yield f"Evidence {short} is not in the ledger: {why}"


def nothing_to_pass(found: NothingToPass) -> str:
    """What stands in the way where no gate does, in one or two sentences."""
    text = _FREE[found.free].format(
        flag=found.flag, phase=found.phase, following=found.following or "nothing"
    )
    if found.halt is not None:
        return (
            f"{text}, but it is halted {common.halted(found.halt)}. Nothing is judged and nothing "
            "advances while it is."
        )
    if found.soaked_at is not None:
        left = words.about(found.soaked_at - found.now)
        return f"{text}, but it soaks until {format_instant(found.soaked_at)}, {left} from now."
    return f"{text}: nothing has to be passed."


def after_nothing(found: NothingToPass, environment: str) -> str:
    """What to do next, if possible a command to type; empty where there is nothing to do."""
    if found.halt is not None:
        return f'when the reason is gone: rolloutctl resume {found.flag} --reason "..."'
    if found.soaked_at is not None:
        return gate_words.after(Verdict.INSUFFICIENT_DATA, found.flag, found.following)
    if found.following is None or found.free in {Free.SAME, Free.GLOBAL, Free.NO_PHASES}:
        return ""
    if found.free is Free.RETREAT:
        return f"set phase: {found.following} for {environment} in rollout/{found.flag}.yaml"
    return gate_words.go_on(found.flag, found.following)
