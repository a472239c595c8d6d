"""Single values: how each kind is read, what is said when it is wrong, and its JSON Schema.

A `Scalar` stands in the annotation of a model's field, and pydantic asks it for both. The text is
exactly what the file says: nothing has been guessed from its looks before the field is known.
`texts.py` and `quantities.py` make them.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from controller.config import reading_codes as codes
from controller.config.problems import Code

JsonSchema: TypeAlias = dict[str, Any]

PROBLEM: Final = "rolloutctl"
"""The pydantic error type of every problem raised here; its context holds the rest."""


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
    context = {"code": code, "message": message, "suggestion": suggestion, "at": at}
    return PydanticCustomError(PROBLEM, "{message}", context)


class Scalar:
    """One kind of single value.

    Args:
        convert: The value that a text stands for; raises a `complaint` where it stands for none.
        schema: What editors check and explain. Accepts whatever `convert` accepts.
    """

    __slots__ = ("_convert", "_schema")

    def __init__(self, convert: Callable[[str], object], schema: JsonSchema) -> None:
        self._convert = convert
        self._schema = schema

    def read(self, value: object) -> object:
        """Refuse what is no single value, convert the rest."""
        if isinstance(value, str):
            return self._convert(value)
        if value is None:
            advice = "write a value, or remove the line"
            raise complaint(codes.NO_VALUE, "there is no value here", advice)
        shape = "list" if isinstance(value, list) else "mapping"
        raise complaint(codes.TEXT_EXPECTED, f"a single value is expected here, not a {shape}")

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchema:
        return dict(self._schema)


class GivenMark:
    """Makes pydantic refuse nothing at all as a value of a field that may be left out."""

    __slots__ = ()

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema
