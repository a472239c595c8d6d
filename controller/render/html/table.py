"""Tables that become lists on a phone, and stay tables for who hears them.

The style turns rows into blocks where there is no room; the roles say what they were, because some
browsers forget it then.
"""

from collections.abc import Iterable, Sequence

from controller.render.html.markup import Child, Markup, tag


def table(
    label: str, caption: str, heads: Sequence[str], rows: Iterable[Markup], kind: str = ""
) -> Markup:
    """A table that scrolls in a frame of its own, which the keyboard reaches."""
    columns = (tag("th", head, scope="col", role="columnheader") for head in heads)
    inner = tag(
        "table",
        caption if isinstance(caption, Markup) else tag("caption", caption),
        tag("thead", tag("tr", *columns, role="row"), role="rowgroup"),
        tag("tbody", rows, role="rowgroup"),
        role="table",
    )
    return tag(
        "div", inner, class_=f"wide {kind}".strip(), role="region", aria_label=label, tabindex=0
    )


def row(*cells: Markup) -> Markup:
    """One row; its name comes first."""
    return tag("tr", *cells, role="row")


def name(*children: Child) -> Markup:
    """What the row is about."""
    return tag("th", *children, scope="row", role="rowheader")


def cell(label: str, *children: Child, class_: str | None = None) -> Markup:
    """A value; the label stands before it where the column has no head. Empty ones go there."""
    empty = not any(child if isinstance(child, str) else child is not None for child in children)
    shown = " ".join(filter(None, (class_, "empty" if empty else "")))
    return tag("td", *children, role="cell", data_label=label or None, class_=shown or None)
