"""Untrusted text, made harmless for the place where it is shown.

Merchant ids, shop domains, reasons, branch names and error messages come from data and from people.
Nothing of them may move a cursor, start a link, close a tag or give a command. Templates escape by
themselves; these functions serve the places that are not templates.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+!|<>~@&])")
_ADDRESS: Final = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_MAIL: Final = re.compile(r"(?<=\S)@")
_QUOTED: Final = re.compile(r"`([^`]+)`")
COMMAND: Final = re.compile(
    r"""\b(rolloutctl\ [a-z]+
    (?:\ (?:--?[\w-]+|"[^"]*"|[A-Z]+\b|\w*_\w*|(?!again\b)[\w.-]*\w(?=[;,)]|$)))*)""",
    re.VERBOSE,
)
"""A command with its options, names in capitals, and whatever else ends the sentence with it."""
_PLAIN: Final = re.compile(
    r"(?!.*(?://|www\.))[A-Za-z0-9%(](?:[A-Za-z0-9_.,:;=%/()'\" -]*[A-Za-z0-9_.:;=%/()'\"-])?",
    re.IGNORECASE,
)
_WORD: Final = re.compile(
    r"[(\"']?(?![a-f]{7,}|[Ww]{3})[A-Za-z]+(?:['-][A-Za-z]+)*[\"')]?[.,;:?]?[)]?"
)
_FIGURE: Final = re.compile(
    r"(?!\d+[.)]$)[(]?[0-9]{1,6}(?:[.,:-][0-9]{1,6}){0,2}%?[)]?[.,;:]?|%(?:-[a-z]+)?[.,;:)]*"
)


def terminal(text: str) -> str:
    """Text for a terminal.

    Control, bidirectional and invisible characters become visible escapes.
    """
    visible = _CONTROLS.sub(_visible, text)
    return visible.replace("\n", "\\n").replace("\t", "\\t")


def markdown(text: str) -> str:
    """Text for GitHub's Markdown, on one line, as code.

    GitHub links mentions and issues after it has rendered the text, so entities alone do not stop
    them; in code it leaves them alone. Markdown is parsed inside the tag all the same, hence the
    entities. Web addresses are linked there, too, unless they are broken by one, and those of
    e-mail even then: they need a tag in between, one that shows nothing and is not copied.
    """
    parts = (
        _ADDRESS.sub(_entity, _MARKDOWN.sub(_entity, part)) for part in _MAIL.split(terminal(text))
    )
    return f"<code>{'&#64;<wbr>'.join(parts)}</code>"


def markdown_prose(text: str, code: Callable[[str], str] = markdown) -> str:
    """A sentence of ours for GitHub's Markdown, whatever of other people's stands in it.

    Plain words and figures stay as they are, everything else is code: a name in back-quotes, a
    command to type, and each single word that could be markup, a mention, an issue, a commit or an
    address.

    Args:
        text: The sentence.
        code: How code is written: `markdown`, or `markdown_name`.
    """
    parts = _QUOTED.split(terminal(text.strip()))
    return "".join(code(part) if quoted else _said(part, code) for quoted, part in _turns(parts))


def markdown_name(text: str) -> str:
    """Like `markdown`, for a document that is read unrendered too: plain names in back-quotes."""
    return f"`{text}`" if _PLAIN.fullmatch(text) else markdown(text)


def workflow_data(text: str) -> str:
    """The message of a GitHub workflow command.

    An escaped line end cannot start another command.
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """A property of a GitHub workflow command, such as a file name."""
    return workflow_data(text).replace(":", "%3A").replace(",", "%2C")


def _turns(parts: list[str]) -> Iterator[tuple[bool, str]]:
    return ((number % 2 == 1, part) for number, part in enumerate(parts))


def _said(text: str, code: Callable[[str], str]) -> str:
    parts = COMMAND.split(text)
    return "".join(code(part) if typed else _prose(part, code) for typed, part in _turns(parts))


def _prose(text: str, code: Callable[[str], str]) -> str:
    return " ".join(_harmless(word, code) for word in text.split(" "))


def _harmless(word: str, code: Callable[[str], str]) -> str:
    if word == "->":
        return "-&gt;"
    if word == "·" or _WORD.fullmatch(word) or _FIGURE.fullmatch(word):
        return word
    if not word.strip("(),.;:"):
        return word
    text = word.rstrip(".,;:")  # what ends a sentence is no part of its last word
    return code(text) + word[len(text) :]


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 -- the two widths of an escape
