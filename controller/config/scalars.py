"""Single values: how each kind is read, what is said when it is wrong, and its JSON Schema.

An instance stands in the annotation of a model's field, and pydantic asks it for both. The text is
exactly what the file says: nothing has been guessed from its looks before the field is known.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from controller.config import reading_codes as codes
from controller.config.problems import Code, a, did_you_mean, shown

JsonSchema = dict[str, Any]

PROBLEM: Final = "rolloutctl"
"""The pydantic error type of every problem raised here; its context holds the rest."""

_TEXT_TYPES: Final = ["string", "number", "boolean"]  # for editors, `0123` is a number
VARIABLE: Final = "[A-Z][A-Z0-9_]{0,127}"
"""The pattern of the name of an environment variable."""

_SHOP_DOMAIN: Final = re.compile(r"[A-Za-z0-9-]+\.myshopify\.com", re.IGNORECASE)


def complaint(
    code: Code, message: str, suggestion: str = "", at: tuple[str | int, ...] = ()
) -> PydanticCustomError:
    """An error for pydantic to collect.

    Args:
        code: What kind of problem it is.
        message: What is wrong.
        suggestion: What to write instead.
        at: The path below the value that is being validated, where the problem is more exactly.
    """
    return PydanticCustomError(
        PROBLEM, "{message}", {"code": code, "message": message, "suggestion": suggestion, "at": at}
    )


class Scalar(ABC):
    """One kind of single value."""

    @abstractmethod
    def convert(self, text: str) -> object:
        """The value that a text stands for.

        Raises:
            PydanticCustomError: It stands for none; made by `complaint`.
        """

    @abstractmethod
    def json_schema(self) -> JsonSchema:
        """What editors check and explain. Accepts whatever `convert` accepts."""

    def read(self, value: object) -> object:
        """Refuse what is no single value, convert the rest."""
        if isinstance(value, str):
            return self.convert(value)
        if value is None:
            raise complaint(
                codes.NO_VALUE, "there is no value here", "write a value, or remove the line"
            )
        shape = "list" if isinstance(value, list) else "mapping"
        raise complaint(codes.TEXT_EXPECTED, f"a single value is expected here, not a {shape}")

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchema:
        return self.json_schema()


@dataclass(frozen=True, slots=True)
class Word(Scalar):
    """A name from a small alphabet.

    Attributes:
        title: What it is called in messages, editors and docs.
        pattern: Of the whole text.
        alphabet: The pattern in words.
        reserved: Texts that fit the pattern and mean something else.
    """

    title: str
    pattern: str
    alphabet: str
    reserved: Mapping[str, str] | None = None

    def convert(self, text: str) -> str:
        """The text itself."""
        if re.fullmatch(self.pattern, text) is None:
            raise complaint(
                codes.NOT_ALLOWED_TEXT,
                f"{shown(text)} cannot be {a(self.title)}",
                f"allowed are {self.alphabet}",
            )
        if self.reserved and text in self.reserved:
            raise complaint(
                codes.NOT_ALLOWED_TEXT,
                f"{shown(text)} cannot be {a(self.title)}: {self.reserved[text]}",
            )
        return str(text)

    def json_schema(self) -> JsonSchema:
        """A text with a pattern."""
        return {"title": self.title, "type": _TEXT_TYPES, "pattern": f"^(?:{self.pattern})$"}


class MerchantIdWord(Word):
    """A merchant's id; shop domains get advice of their own."""

    __slots__ = ()

    def convert(self, text: str) -> str:
        """The text itself."""
        if _SHOP_DOMAIN.fullmatch(text):
            advice = f"write the merchant's id; `rolloutctl explain {text}` prints it"
            raise complaint(
                codes.SHOP_DOMAIN, f"{shown(text)} is a shop domain, not a merchant id", advice
            )
        return super().convert(text)


@dataclass(frozen=True, slots=True)
class SecretVariable(Scalar):
    """The name of the process's variable that holds a secret.

    What stands there instead is never repeated.
    """

    example: str

    def convert(self, text: str) -> str:
        """The variable's name."""
        if re.fullmatch(VARIABLE, text) is None:
            raise complaint(
                codes.SECRET_IN_FILE,
                "the name of a variable belongs here; what it holds never stands in a file",
                f"write for example `{self.example}`, and set that variable",
            )
        return str(text)

    def json_schema(self) -> JsonSchema:
        """A text with a pattern."""
        return {"title": "variable that holds it", "type": "string", "pattern": f"^(?:{VARIABLE})$"}


@dataclass(frozen=True, slots=True)
class Prose(Scalar):
    """Free text, usually one line."""

    longest: int = 300
    one_line: bool = True

    def convert(self, text: str) -> str:
        """The text without white space around it."""
        stripped = text.strip()
        if not stripped:
            raise complaint(
                codes.TEXT_TOO_LONG, "the text is empty", "write a sentence, or remove the line"
            )
        if len(stripped) > self.longest or (self.one_line and "\n" in stripped):
            line = "one line of " if self.one_line else ""
            message = f"the text is longer than {line}{self.longest} characters"
            raise complaint(codes.TEXT_TOO_LONG, message, "shorten it; a link can carry the rest")
        return stripped

    def json_schema(self) -> JsonSchema:
        """A text of some length."""
        return {"title": "text", "type": _TEXT_TYPES, "minLength": 1}


@dataclass(frozen=True, slots=True)
class Choice(Scalar):
    """One of a few words."""

    words: type[Enum]

    def convert(self, text: str) -> Enum:
        """The member of that value."""
        try:
            return self.words(str(text))
        except ValueError:
            known = [str(word.value) for word in self.words]
            raise complaint(
                codes.NOT_A_CHOICE,
                f"{shown(text)} is not a word that is known here",
                did_you_mean(text, known),
            ) from None

    def json_schema(self) -> JsonSchema:
        """An enumeration."""
        return {"title": "word", "type": "string", "enum": [word.value for word in self.words]}
