"""What gates would do, would have done, and recounts, in Markdown: for the review of a policy."""

from collections.abc import Iterable, Iterator, Sequence

from controller.gate.evidence import Evidence, Recomputation
from controller.inquiry.gate_review import PhaseReplays, Preview
from controller.render import gate_review_words as review
from controller.render.escape import markdown, markdown_prose


def previews_markdown(previews: Sequence[Preview], *, remarks: Iterable[str] = ()) -> str:
    """What each gate does to releases of known quality."""
    lines = [line for preview in previews for line in _preview(preview)]
    return _text([*lines, *(f"<sub>{markdown_prose(remark)}</sub>" for remark in remarks)])


def replays_markdown(found: Sequence[PhaseReplays]) -> str:
    """What each gate would have said to the judgements of the past."""
    return _text([line for replays in found for line in _replays(replays)])


def recomputation_markdown(evidence: Evidence, found: Recomputation) -> str:
    """The same, or every difference."""
    title = "same" if found.same_decision else "different"
    lines = [f"**{title}** {markdown_prose(review.recomputed(evidence, found))}", ""]
    lines += [
        f"- {markdown(path)}: {markdown(was)}, now {markdown(now)}"
        for path, was, now in review.differences(found)
    ]
    return _text(lines)


def _preview(preview: Preview) -> Iterator[str]:
    yield f"### {markdown_prose(review.preview_title(preview))}"
    yield ""
    if gist := review.preview_gist(preview):
        yield markdown_prose(gist)
        yield ""
    for flaw in review.flaws(preview.characteristics):
        yield f"> **{markdown_prose(flaw)}**"
        yield ""
    if preview.characteristics.points:
        rows = map(review.point, preview.characteristics.points)
        yield from _table(review.POINT_TITLES, rows, "---:")


def _replays(found: PhaseReplays) -> Iterator[str]:
    yield f"### {markdown_prose(f'gate {found.gate} of phase {found.phase}')}"
    yield ""
    yield markdown_prose(review.replay_gist(found.replays))
    yield ""
    if found.replays:
        yield from _table(review.REPLAY_TITLES, review.replays(found.replays), "---")


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], align: str) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield f"|{'|'.join(align for _ in titles)}|"
    for row in rows:
        yield f"| {' | '.join(markdown_prose(cell) for cell in row)} |"
    yield ""


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"
