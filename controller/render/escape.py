"""Untrusted text, made harmless for the place where it is shown.

Merchant ids, shop domains, reasons, branch names and error messages come from data and from people.
Nothing of them may move a cursor, start a link, close a tag or give a command. Templates escape by
themselves; these functions serve the places that are not templates.
"""

import re
from typing import Final

_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+!|<>~@&])")


def terminal(text: str) -> str:
    """Text for a terminal.

    Control, bidirectional and invisible characters become visible escapes.
    """
    visible = _CONTROLS.sub(_visible, text)
    return visible.replace("\n", "\\n").replace("\t", "\\t")


def markdown(text: str) -> str:
    """Text for GitHub's Markdown, on one line, as code.

    GitHub links mentions, issues and addresses after it has rendered the text, so entities alone do
    not stop them; in code it leaves them alone. Markdown is parsed inside the tag all the same,
    hence the entities.
    """
    escaped = _MARKDOWN.sub(lambda match: f"&#{ord(match[1])};", terminal(text))
    return f"<code>{escaped}</code>"


def workflow_data(text: str) -> str:
    """The message of a GitHub workflow command.

    An escaped line end cannot start another command.
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """A property of a GitHub workflow command, such as a file name."""
    return workflow_data(text).replace(":", "%3A").replace(",", "%2C")


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 -- the two widths of an escape
