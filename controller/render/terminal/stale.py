"""The flags that should go away, for the terminal, the most urgent first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.staleness import Reason, StaleFlag
from controller.domain.wording import counted
from controller.inquiry.staleness import StaleReport
from controller.render import staleness_words, standing_words
from controller.render.escape import terminal
from controller.render.terminal.style import bad, faint, good, strong, warn

SHOWN: Final = 10
"""References of a flag that are shown; the others are counted."""

_STYLES: Final[Mapping[Reason, Callable[[str], str]]] = {Reason.EXPIRED: bad, Reason.HALTED: bad}


def stale_text(report: StaleReport, others: Sequence[str] = ()) -> str:
    """The whole list.

    Args:
        report: What was found.
        others: The other environments.
    """
    return "\n".join(_lines(report, others)) + "\n"


def _lines(report: StaleReport, others: Sequence[str]) -> Iterator[str]:
    yield (
        f"{strong(terminal(report.environment))} · generation {report.generation} · "
        f"{format_instant(report.now)} · {_sum(report)}"
    )
    if older := standing_words.files(report.files):
        yield warn(older)
    if not report.is_whole:
        yield warn(
            f"{terminal(str(report.code))} names them so often that not all of it was read: none "
            "of them is said to be unreferenced"
        )
    for stale in report.stale:
        yield ""
        yield from _flag(stale, report, others)


def _sum(report: StaleReport) -> str:
    if not report.stale:
        return good(f"none of {counted(report.flags, 'flag')} is stale")
    verb = "is" if len(report.stale) == 1 else "are"
    return f"{len(report.stale)} of {counted(report.flags, 'flag')} {verb} stale"


def _flag(stale: StaleFlag, report: StaleReport, others: Sequence[str]) -> Iterator[str]:
    flag, first = stale.desired.flag, stale.findings[0].reason
    style = _STYLES.get(first, warn)
    title = style(staleness_words.label(first).upper())
    yield f"{title}  {strong(flag.key)} · {stale.desired.phase} · {terminal(flag.owner)}"
    for found in stale.findings:
        yield f"  {terminal(staleness_words.finding(found, stale, report))}"
    yield f"  next: {terminal(staleness_words.next_step(stale, report, others))}"
    yield from _references(stale)


def _references(stale: StaleFlag) -> Iterator[str]:
    found = stale.mentions.references if stale.mentions else ()
    for reference in found[:SHOWN]:
        place = terminal(f"{reference.path}:{reference.line}")
        yield f"    {place}  {terminal(reference.word)} {faint(f'({reference.name})')}"
    if len(found) > SHOWN:
        yield f"    ...and {counted(len(found) - SHOWN, 'line')} more"
