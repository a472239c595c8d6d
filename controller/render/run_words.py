"""What one run did, in words.

Its summary is what some version of rolloutctl recorded once: nothing in it is taken for granted.
"""

from collections.abc import Iterator, Mapping

from controller.domain.ledger import RunRecord
from controller.domain.wording import counted
from controller.render import words


def story(run: RunRecord) -> Iterator[str]:
    """What a run did, one sentence each. Not escaped: reasons and names are other people's."""
    summary = run.summary
    if "reason" in summary:
        yield from _halt_or_resume(run)
    for move in _objects(summary, "moves"):
        yield f"{move.get('flag')} went from {move.get('from')} to {move.get('to')}"
    for change in _objects(summary, "changes"):
        number, value = change.get("merchants"), bool(change.get("value"))
        count = counted(number) if isinstance(number, int) else "merchants"
        verb = "gained" if value else "lost"
        yield f"{count} {verb} {change.get('flag')} ({words.why(value, str(change.get('cause')))})"
    if run.kind == "reconcile" and not run.changed:
        yield "no value changed; what the files say was recorded"
    for flag in _list(summary, "withheld"):
        yield f"{flag} was withheld by a guardrail"
    yield from lifted(run)


def lifted(run: RunRecord) -> Iterator[str]:
    """The guardrails that were lifted for a run, one sentence each. Not escaped."""
    for allowed in _objects(run.summary, "allowed"):
        yield (
            f"guardrail {allowed.get('guardrail')} lifted by {allowed.get('approved_by')}: "
            f"{allowed.get('reason')}"
        )


def _halt_or_resume(run: RunRecord) -> Iterator[str]:
    flag, reason = run.summary.get("flag"), run.summary.get("reason")
    verb = "halted" if run.kind == "halt" else "resumed"
    yield f"{flag} {verb} at phase {run.summary.get('phase')}: {reason}"
    for key, number in sorted(run.changed.items()):
        yield f"{counted(number)} lost {key}"


def _list(summary: Mapping[str, object], key: str) -> list[object]:
    found = summary.get(key)
    return found if isinstance(found, list) else []


def _objects(summary: Mapping[str, object], key: str) -> Iterator[Mapping[str, object]]:
    return (found for found in _list(summary, key) if isinstance(found, Mapping))
