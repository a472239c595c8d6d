"""The results document in Markdown: a file for a repository, a pull request or an e-mail."""

from collections.abc import Iterable, Iterator

from controller.render.escape import markdown_name, markdown_prose
from controller.render.results.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Marks,
    Row,
    Section,
    Table,
    Text,
)


def results_markdown(document: Document) -> str:
    """The whole document."""
    lines = [f"# {_prose(document.title)}", ""]
    for section in document.sections:
        lines += _section(section)
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.title}"
    yield ""
    for block in section.blocks:
        yield from _block(block)
        yield ""


def _block(block: Block) -> Iterable[str]:
    match block:
        case Text():
            text = _prose(block.text)
            return [f"**{text}**" if block.is_strong else text]
        case Bullets():
            items = (f"- {_prose(item)}" for item in block.items)
            return [f"**{block.title}**", "", *items]
        case Facts():
            rows = (Row((fact.label, fact.text), fact.marks) for fact in block.facts)
            return _table(("", ""), rows, has_sources=True)
        case Table():
            return _table(block.heads, block.rows, has_sources=block.has_sources)


def _table(heads: tuple[str, ...], rows: Iterable[Row], *, has_sources: bool) -> Iterator[str]:
    all_heads = (*heads, "Evidence") if has_sources else heads
    yield _line(all_heads)
    yield _line(("---",) * len(all_heads))
    for row in rows:
        cells = [_prose(cell) for cell in row.cells]
        if row.applies:
            cells = [f"**{cell}**" for cell in cells]
        yield _line((*cells, _marks(row.marks)) if has_sources else cells)


def _prose(text: str) -> str:
    return markdown_prose(text, markdown_name)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _marks(marks: Marks) -> str:
    return ", ".join(marks) if marks else "none"
