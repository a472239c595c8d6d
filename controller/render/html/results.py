"""The results document as one page that loads nothing: to send, to print, to keep."""

from collections.abc import Iterable, Iterator
from typing import Final

from controller.render.html import table as tables
from controller.render.html.markup import Markup, prose, tag, whole
from controller.render.html.style import policy, sheet
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

_SHEET: Final = """
.doc section{background:var(--panel);border:1px solid var(--rule);border-radius:.6rem;
padding:.2rem 1.2rem 1rem;margin:1rem 0}
.doc h2{margin:.8rem 0 .4rem}
.doc tbody th{min-width:3rem}
.doc th,.doc td{overflow-wrap:break-word}
.doc [aria-labelledby=evidence] td{overflow-wrap:anywhere}
.doc td.nowrap{white-space:nowrap}
@media print{.doc section{border:0;padding:0;break-inside:auto}}
"""
"""Beside the dashboard's sheet: sections as cards, and tables of words more than of figures."""
_SHORT: Final = 16
"""Cells of so many characters stay on one line."""


def results_page(document: Document) -> str:
    """The whole page."""
    style, targets = f"{sheet()}{_SHEET}", frozenset(_targets(document))
    head = (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy(style)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", document.title),
    )
    sections = (_section(section, targets) for section in document.sections)
    body = (
        tag("a", "Skip to the results", href="#main", class_="skip"),
        tag("header", tag("h1", document.title)),
        tag("main", *sections, id="main", class_="doc"),
        tag(
            "footer", tag("p", "Made by rolloutctl report; nothing on it is loaded from anywhere.")
        ),
    )
    return whole(style, head, body)


def _targets(document: Document) -> Iterator[str]:
    """The marks that the list of sources has: only these can be linked."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table) and not block.has_sources:
                yield from (row.cells[0] for row in block.rows)


def _section(section: Section, targets: frozenset[str]) -> Markup:
    blocks = [part for block in section.blocks for part in _block(block, targets)]
    title = tag("h2", section.title, id=section.key)
    return tag("section", title, *blocks, aria_labelledby=section.key)


def _block(block: Block, targets: frozenset[str]) -> Iterator[Markup]:
    match block:
        case Text():
            text = prose(block.text)
            if block.is_strong:
                yield tag("p", tag("strong", text), class_="next")
            else:
                yield tag("p", text)
        case Bullets():
            yield tag("p", tag("strong", block.title))
            yield tag("ul", (tag("li", prose(item)) for item in block.items))
        case Facts():
            rows = (Row((fact.label, fact.text), fact.marks) for fact in block.facts)
            yield _table(Table(block.title, ("What", "Found"), tuple(rows)), targets)
        case Table():
            yield _table(block, targets)


def _table(block: Table, targets: frozenset[str]) -> Markup:
    heads = (*block.heads, "Evidence") if block.has_sources else block.heads
    rows = (_row(row, block, targets) for row in block.rows)
    return tables.table(block.title, block.title, heads, rows)


def _row(row: Row, block: Table, targets: frozenset[str]) -> Markup:
    first, *others = row.cells
    cells = [
        tables.cell(head, _shown(prose(cell), row.applies), class_=_class(cell))
        for head, cell in zip(block.heads[1:], others, strict=True)
    ]
    if block.has_sources:
        cells.append(tables.cell("Evidence", *_marks(row.marks, targets), class_="nowrap"))
        return tables.row(tables.name(prose(first)), *cells)
    return tables.row(tables.name(tag("span", first, id=f"source-{first}")), *cells)


def _class(cell: str) -> str | None:
    """A figure or a single word is not broken over two lines."""
    return "nowrap" if len(cell) <= _SHORT else None


def _shown(text: Markup, applies: bool) -> Markup:  # noqa: FBT001 -- the two belong together
    return tag("strong", text) if applies else text


def _marks(marks: Marks, targets: Iterable[str]) -> Iterator[Markup | str]:
    if not marks:
        yield "none"
    for place, mark in enumerate(marks):
        if place:
            yield ", "
        yield tag("a", mark, href=f"#source-{mark}") if mark in targets else mark
