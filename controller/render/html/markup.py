"""Elements of HTML and SVG, made so that text can never become one of them.

Whatever is not `Markup` already is text and is escaped; only `tag` and `whole` make `Markup`.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Final

from controller.render.escape import COMMAND, terminal

VOID: Final = frozenset({"meta", "br", "line", "rect", "circle", "path", "polyline", "use"})
"""Elements without content."""
LONGEST: Final = 600
"""So many characters of one text are shown: a page stays small whatever somebody wrote."""


class Markup(str):
    """HTML that was made here."""

    __slots__ = ()


_TOGETHER: Final = re.compile(r"(?<=\d) %")
Child = str | Iterable[str] | None


def text(raw: str) -> Markup:
    """Text as text: nothing in it is markup, and what is invisible becomes visible."""
    if isinstance(raw, Markup):
        return raw
    return _harmless(raw if len(raw) <= LONGEST else f"{raw[:LONGEST]}… ({len(raw):,} characters)")


def prose(raw: str) -> Markup:
    """A sentence of ours: names in back-quotes and commands to type become code, all else is text.

    A number stays on one line with its percent sign.
    """
    parts = _TOGETHER.sub("\u00a0%", raw).split("`")
    if len(parts) % 2 == 0:
        return text(raw)
    return joined(tag("code", part) if n % 2 else _commands(part) for n, part in enumerate(parts))


def _commands(raw: str) -> Markup:
    parts = COMMAND.split(raw)
    return joined(tag("code", part) if n % 2 else text(part) for n, part in enumerate(parts))


def joined(parts: Iterable[str]) -> Markup:
    """Several pieces, one after the other."""
    return Markup("".join(text(part) for part in parts))


def tag(name: str, /, *children: Child, **attributes: str | float | None) -> Markup:
    """An element.

    Args:
        name: Such as `td`.
        *children: Text, markup or several of either; None is nothing.
        **attributes: `class_` is `class` and `aria_label` is `aria-label`; None leaves it away.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID and not children:
        return Markup(f"<{name}{given}>" if name in {"meta", "br"} else f"<{name}{given}/>")
    return Markup(f"<{name}{given}>{''.join(map(_child, children))}</{name}>")


def whole(style: str, head: Iterable[str], body: Iterable[str], language: str = "en") -> Markup:
    """The document; the style is ours and is not escaped."""
    styled = Markup(f"<style>{style}</style>")
    document = tag("html", tag("head", *head, styled), tag("body", *body), lang=language)
    return Markup(f"<!doctype html>\n{document}\n")


def _child(child: Child) -> str:
    if child is None:
        return ""
    return text(child) if isinstance(child, str) else joined(child)


def _value(value: str | float) -> str:
    """Whole, however long: half of a drawing is none."""
    return _harmless(value) if isinstance(value, str) else f"{value:g}"


def _harmless(raw: str) -> Markup:
    return Markup(escape(terminal(raw)))
