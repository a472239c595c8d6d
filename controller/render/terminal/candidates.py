"""Merchants for a pilot, for the terminal: a row each, and under it what speaks for and against."""

from collections.abc import Iterator, Sequence
from typing import Final

from controller.domain.candidates import Candidate, Fitness
from controller.domain.instants import format_instant
from controller.domain.wording import counted
from controller.gate.words import duration, rounded_down
from controller.inquiry.candidates import Candidates
from controller.render import candidate_words
from controller.render.escape import terminal
from controller.render.terminal.layout import WIDTH, columns, styled, wrapped
from controller.render.terminal.style import bad, faint, good, strong, warn

_TITLES: Final = (
    "#",
    "merchant",
    "shop domain",
    "runs",
    "good",
    "mean time",
    "last run",
)
_LEFT: Final = frozenset({1, 2})
_IN_COLUMNS: Final = frozenset({Fitness.ACTIVE, Fitness.RELIABLE, Fitness.MODERATE})
_GIVEN: Final = frozenset({Fitness.KNOWN, Fitness.IN_USE, Fitness.NOT_OVERRIDDEN})
"""What goes without saying where it holds."""


def candidates_text(
    found: Candidates, shown: Sequence[Candidate], *, width: int = WIDTH, with_next: bool = True
) -> str:
    """The list.

    Args:
        found: What was found.
        shown: Those of the ranked that are wanted, in their order.
        width: Of the terminal, in characters.
        with_next: Whether to say what to do next.
    """
    lines = [*_head(found, width), *_table(found, shown, width)]
    if with_next:
        lines += ["", *_next(found)]
    return "".join(f"{line}\n" for line in lines)


def named_text(file: str, phase: str, chosen: Sequence[Candidate], live_in: Sequence[str]) -> str:
    """What was written, and what to do next.

    Args:
        file: The file, relative to the repository.
        phase: The phase that the merchants are named in now.
        chosen: Those merchants.
        live_in: The environments that the phase is live in.
    """
    lines = [f"{strong(terminal(file))}: {counted(len(chosen))} named in phase {phase}"]
    lines += [good(f"  + {_name(candidate)}") for candidate in chosen]
    if live_in:
        note = candidate_words.live(phase, tuple(live_in))
        lines += styled(warn, wrapped(note, WIDTH, first="  ", rest="  "))
    lines += ["", f"  review it:    git diff {terminal(file)}"]
    lines.append("  then commit it and open a pull request")
    return "".join(f"{line}\n" for line in lines)


def _name(candidate: Candidate) -> str:
    shop = candidate.merchant.shop_domain if candidate.merchant else ""
    return f"{terminal(candidate.activity.merchant)}  {terminal(shop)}".rstrip()


def _head(found: Candidates, width: int) -> Iterator[str]:
    place = f", {found.phase}" if found.phase else ""
    yield (
        f"{strong(terminal(found.flag))}: merchants for its first phase{place} · "
        f"{terminal(found.environment)} · {format_instant(found.now)}"
    )
    yield from wrapped(candidate_words.choice(found), width)
    yield from styled(faint, wrapped(candidate_words.asked(found), width))
    if objections := candidate_words.objections(found):
        yield from styled(faint, wrapped(f"Against the others: {objections}.", width))


def _table(found: Candidates, shown: Sequence[Candidate], width: int) -> Iterator[str]:
    rows = [_row(number, candidate, found) for number, candidate in enumerate(shown, start=1)]
    if not rows:
        return
    title, *lines = columns([_TITLES, *rows], _LEFT)
    yield ""
    yield faint(title)
    for line, candidate in zip(lines, shown, strict=True):
        yield strong(line) if candidate.is_fit else line
        yield from _reasons(candidate, found, width)


def _row(number: int, candidate: Candidate, found: Candidates) -> tuple[str, ...]:
    activity, merchant = candidate.activity, candidate.merchant
    return (
        str(number),
        terminal(activity.merchant),
        terminal(merchant.shop_domain) if merchant else "-",
        f"{activity.runs:,}",
        rounded_down(activity.success) if activity.success is not None else "-",
        duration(activity.mean_duration) if activity.mean_duration is not None else "-",
        candidate_words.ago(candidate, found.now),
    )


def _reasons(candidate: Candidate, found: Candidates, width: int) -> Iterator[str]:
    contra = candidate_words.against(candidate, found)
    if contra:
        text = terminal(" · ".join(contra))
        yield from styled(bad, wrapped(text, width, first="   against: ", rest=" " * 12))
    pro = candidate_words.in_favour(candidate, found, _IN_COLUMNS | _GIVEN)
    if pro:
        text = terminal(" · ".join(pro))
        yield from styled(faint, wrapped(text, width, first="   for:     ", rest=" " * 12))


def _next(found: Candidates) -> Iterator[str]:
    flag = terminal(found.flag)
    if found.phase is None:
        yield f"  next: write rollout/{flag}.yaml with a phase for one merchant; see docs/files.md"
    elif found.fit:
        yield f"  next: rolloutctl candidates {flag} --write  (names the best in {found.phase})"
    else:
        yield warn("  nobody is fit by every rule")
        yield "  next: loosen a rule (rolloutctl candidates --help), or name the nearest by hand"
