"""A document as a value: sections of facts, tables and sentences, each figure with its source.

Between the words and the formats: Markdown, HTML and JSON write the same document. All text is
plain; names in back-quotes are shown as code, and everything is escaped where it is shown.
"""

from dataclasses import dataclass

Marks = tuple[str, ...]
"""Where a figure comes from, as the last section lists it: `E1`, `B`, `L3`."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One blank of the document, filled in."""

    label: str
    text: str
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Blanks, one below the other."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        applies: Whether it is the one that the reader looks for.
    """

    cells: tuple[str, ...]
    marks: Marks = ()
    applies: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; where its figures come from is one more column, unless it is itself the list.

    Attributes:
        title: Said of the table to those who hear it.
        has_sources: Whether the column with the marks is shown.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    has_sources: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list with a title."""

    title: str
    items: tuple[str, ...]


Block = Facts | Table | Text | Bullets


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document.

    Attributes:
        key: For links and machines: small letters and hyphens.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole document."""

    title: str
    sections: tuple[Section, ...]
