"""What gates would do, would have done, and recounts, for the terminal."""

from collections.abc import Iterable, Iterator, Sequence

from controller.gate.evidence import Evidence, Recomputation
from controller.inquiry.gate_review import PhaseReplays, Preview
from controller.render import gate_review_words as review
from controller.render.escape import terminal
from controller.render.terminal.layout import WIDTH, columns, wrapped
from controller.render.terminal.style import bad, faint, good, strong

_INDENT = "  "


def previews_text(
    previews: Sequence[Preview], *, remarks: Iterable[str] = (), width: int = WIDTH
) -> str:
    """What each gate does to releases of known quality."""
    lines = [line for preview in previews for line in _preview(preview, width)]
    return _text([*lines, *_remarks(remarks, width)])


def replays_text(found: Sequence[PhaseReplays], *, width: int = WIDTH) -> str:
    """What each gate would have said to the judgements of the past."""
    return _text([line for replays in found for line in _replays(replays, width)])


def recomputation_text(evidence: Evidence, found: Recomputation, *, width: int = WIDTH) -> str:
    """The same, or every difference."""
    style = good if found.same_decision else bad
    title = "SAME" if found.same_decision else "DIFFERENT"
    first, *rest = wrapped(f"{title}  {terminal(review.recomputed(evidence, found))}", width)
    lines = [style(strong(title)) + first[len(title) :], *rest]
    for path, was, now in review.differences(found):
        lines.append(f"{_INDENT}{terminal(path)}")
        for label, text in (("was", was), ("is", now)):
            begin = f"{_INDENT * 2}{label:<4}"
            lines += wrapped(terminal(text), width, first=begin, rest=" " * len(begin))
    return _text(lines)


def _preview(preview: Preview, width: int) -> Iterator[str]:
    yield from map(strong, wrapped(terminal(review.preview_title(preview)), width))
    if gist := review.preview_gist(preview):
        yield from wrapped(terminal(gist), width)
    for flaw in review.flaws(preview.characteristics):
        yield from map(bad, wrapped(terminal(flaw), width, first="x ", rest=_INDENT))
    points = preview.characteristics.points
    if points:
        titles, *rows = columns([review.POINT_TITLES, *map(review.point, points)], frozenset())
        yield ""
        yield _INDENT + faint(titles)
        yield from (_INDENT + row for row in rows)
    yield ""


def _replays(found: PhaseReplays, width: int) -> Iterator[str]:
    yield strong(terminal(f"gate {found.gate} of phase {found.phase}"))
    yield from wrapped(terminal(review.replay_gist(found.replays)), width)
    if found.replays:
        rows = [tuple(map(terminal, row)) for row in review.replays(found.replays)]
        left = frozenset(range(len(review.REPLAY_TITLES)))
        titles, *lines = columns([review.REPLAY_TITLES, *rows], left)
        yield ""
        yield _INDENT + faint(titles)
        start = len(lines[0]) - len(rows[0][-1])
        for line in lines:
            yield from wrapped(line[start:], width, first=_INDENT + line[:start], rest=_INDENT * 3)
    yield ""


def _remarks(remarks: Iterable[str], width: int) -> Iterator[str]:
    for remark in remarks:
        yield from map(faint, wrapped(terminal(remark), width))


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"
