"""The recommendation: the verdict in the document's words, what it rests on, what to do next."""

from collections.abc import Iterator
from typing import Final

from controller.domain.instants import format_instant
from controller.gate.evidence import Evidence
from controller.gate.verdict import Verdict
from controller.gate.words import about
from controller.inquiry.report import Results
from controller.render import gate_words, words
from controller.render.results import missing
from controller.render.results.document import Block, Bullets, Section, Text

_SAID: Final = {
    Verdict.PROCEED: "Proceed to {following}.",
    Verdict.FIX_MINOR: "Fix issues first.",
    Verdict.INSUFFICIENT_DATA: "Wait: nothing is decided yet.",
    Verdict.ERROR: "Mend what could not be judged.",
    Verdict.ROLLBACK: "Rollback.",
}


def section(found: Results) -> Section:
    """What to do."""
    return Section("recommendation", "Recommendation", tuple(_blocks(found)))


def _blocks(found: Results) -> Iterator[Block]:
    evidence = found.evidence
    if evidence is None:
        yield Text(missing.nothing_judged(found), is_strong=True)
        yield from _careful(found)
        return
    report = evidence.report
    yield Text(headline(found, evidence), is_strong=True)
    alone = "The gate alone says: " if _held(found, evidence) else ""
    answer = gate_words.answer(report, found.following)
    yield Text(f"{alone}{answer} {report.claim} Evidence: E1.")
    yield from _careful(found)
    if why := gate_words.why(report):
        yield Bullets("Why", why)
    if report.needs:
        title = gate_words.needs_title(report)
        yield Bullets(f"{title[:1].upper()}{title[1:]}", report.needs)
    yield Text(f"Next: {_next(found, evidence)}")


def headline(found: Results, evidence: Evidence) -> str:
    """The recommendation in one sentence."""
    if found.is_present and _held(found, evidence):
        return "Halted: nothing advances until a person resumes it."
    said = _SAID[evidence.report.verdict].format(
        following=found.following or "the next step: no phase is above this one"
    )
    return said if found.is_present else f"When the gate was asked last: {said}"


def _held(found: Results, evidence: Evidence) -> bool:
    return found.halt is not None and evidence.report.verdict is not Verdict.ROLLBACK


def _careful(found: Results) -> Iterator[Block]:
    """What keeps the evidence from being the last word."""
    cautions = tuple(_cautions(found))
    if cautions:
        yield Bullets("Mind", cautions)


def _cautions(found: Results) -> Iterator[str]:
    if found.halt is not None:
        yield f"{found.flag} is halted {words.halted(found.halt)}"
        if found.deciding is not None and found.deciding.judged_at < found.halt.since:
            yield "The evidence is from before the halt."
    if not found.is_present:
        was = "has left" if found.since or found.judged else "is not in"
        left = f"{found.flag} {was} this phase: it is in {found.applied.desired.phase}."
        known = " This is what was known when the gate was asked last." if found.evidence else ""
        yield f"{left}{known}"
        return
    if found.evidence is not None:
        yield from _outdated(found, found.evidence)


def _outdated(found: Results, evidence: Evidence) -> Iterator[str]:
    age = found.now - evidence.now
    if age > evidence.policy.timing.max_staleness:
        yield (
            f"The evidence is as of {format_instant(evidence.now)}, {about(age)} old: ask again "
            f"with `rolloutctl gate {found.flag}` before acting on it."
        )
    if found.gate_now is not None and found.gate_now != evidence.policy:
        yield (
            "Another gate has been applied since: the next answer is by that one: "
            f"`rolloutctl gate {found.flag}`"
        )


def _next(found: Results, evidence: Evidence) -> str:
    if not found.is_present:
        return f"`rolloutctl report {found.flag}` is about the phase it is in."
    if _held(found, evidence):
        return f'when the reason is gone: `rolloutctl resume {found.flag} --reason "..."`'
    return gate_words.next_step(evidence.report, found.following)
