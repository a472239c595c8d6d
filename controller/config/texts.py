"""Kinds of value that are text: names from small alphabets, prose, words from a closed set."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from controller.config import reading_codes as codes
from controller.config.problems import a, did_you_mean, shown
from controller.config.scalars import Scalar, complaint

VARIABLE: Final = "[A-Z][A-Z0-9_]{0,127}"
"""The pattern of the name of an environment variable."""

_TEXT_TYPES: Final = ["string", "number", "boolean"]  # for editors, `0123` is a number
_SHOP_DOMAIN: Final = r"(?i:[a-z0-9-]+\.myshopify\.com)"


def word(
    title: str, pattern: str, alphabet: str, reserved: Mapping[str, str] | None = None
) -> Scalar:
    """A name from a small alphabet.

    Args:
        title: What it is called in messages, editors and docs.
        pattern: Of the whole text.
        alphabet: The pattern in words.
        reserved: Texts that fit the pattern and mean something else; what they mean.
    """

    def _read(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            message = f"{shown(text)} cannot be {a(title)}"
            raise complaint(codes.NOT_ALLOWED_TEXT, message, f"allowed are {alphabet}")
        if reserved and text in reserved:
            message = f"{shown(text)} cannot be {a(title)}: {reserved[text]}"
            raise complaint(codes.NOT_ALLOWED_TEXT, message, "choose another name")
        return str(text)

    schema = {"title": title, "type": _TEXT_TYPES, "pattern": f"^(?:{pattern})$"}
    return Scalar(_read, schema)


def merchant_id(pattern: str, alphabet: str) -> Scalar:
    """A merchant's id; shop domains get advice of their own."""
    title = "merchant id"
    name = word(title, pattern, alphabet)

    def _read(text: str) -> object:
        if re.fullmatch(_SHOP_DOMAIN, text):
            advice = f"write the merchant's id; `rolloutctl explain {text}` prints it"
            message = f"{shown(text)} is a shop domain, not a merchant id"
            raise complaint(codes.SHOP_DOMAIN, message, advice)
        return name.read(text)

    schema = {"title": title, "type": _TEXT_TYPES, "pattern": f"^(?:{pattern})$"}
    return Scalar(_read, schema)


def secret_variable(example: str) -> Scalar:
    """The name of the process's variable that holds a secret.

    What stands there instead is never repeated.
    """

    def _read(text: str) -> str:
        if re.fullmatch(VARIABLE, text) is None:
            raise complaint(
                codes.SECRET_IN_FILE,
                "the name of a variable belongs here; what it holds never stands in a file",
                f"write for example `{example}`, and set that variable",
            )
        return str(text)

    pattern = f"^(?:{VARIABLE})$"
    return Scalar(_read, {"title": "variable name", "type": "string", "pattern": pattern})


def prose(longest: int = 300, *, title: str = "text", one_line: bool = True) -> Scalar:
    """Free text, usually one line, without the white space around it."""
    room = f"{'one line of ' if one_line else ''}at most {longest:,} characters"

    def _read(text: str) -> str:
        stripped = text.strip()
        if not stripped:
            advice = "write a sentence, or remove the line"
            raise complaint(codes.TEXT_TOO_LONG, "the text is empty", advice)
        if len(stripped) > longest or (one_line and "\n" in stripped):
            message = f"the text does not fit: {room} are allowed"
            raise complaint(codes.TEXT_TOO_LONG, message, "shorten it; a link can carry the rest")
        return stripped

    return Scalar(_read, {"title": title, "type": _TEXT_TYPES, "minLength": 1})


def choice(words: type[Enum]) -> Scalar:
    """One of a few words: the values of an enumeration."""
    members = {str(member.value): member for member in words}

    def _read(text: str) -> Enum:
        member = members.get(text)
        if member is None:
            message = f"{shown(text)} is not a word that is known here"
            raise complaint(codes.NOT_A_CHOICE, message, did_you_mean(text, members))
        return member

    return Scalar(_read, {"title": "word", "type": "string", "enum": list(members)})
