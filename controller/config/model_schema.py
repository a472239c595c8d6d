"""A JSON Schema made from each model, for editors, other programs and docs/files.md.

They accept everything that the strict reader accepts. The reverse cannot hold: a schema sees one
file, and it sees `010` and `yes` as its own YAML reader does.
"""

from datetime import timedelta
from enum import Enum
from typing import Any, Final

from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema

from controller.config.kinds import KINDS
from controller.config.layout import Kind
from controller.config.scalars import JsonSchema
from controller.domain.units import Percent, format_duration

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """Titles say what kind of value belongs there; pydantic's own repeat the names of fields."""

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401 -- the signature is pydantic's
        """A default as people write it; None for nothing, which `_tidied` removes."""
        if isinstance(dft, timedelta):
            return format_duration(dft)
        if isinstance(dft, tuple):
            return [self.encode_default(item) for item in dft]
        return str(dft) if isinstance(dft, Percent | Enum) else dft

    def field_title_should_be_set(
        self,
        schema: CoreSchema | FieldInfo,  # noqa: ARG002 -- the signature is pydantic's
    ) -> bool:
        """Never: a title says what kind of value belongs there."""
        return False


def schema_of(kind: Kind) -> JsonSchema:
    """The schema of one kind of file."""
    adapter = KINDS[kind].adapter
    generated = adapter.json_schema(by_alias=True, schema_generator=_Generator)
    plain: JsonSchema = _tidied(generated)
    return {"$schema": _DIALECT, **plain}


def _tidied(schema: Any) -> Any:  # noqa: ANN401 -- any JSON value
    """Without the names of our classes, which would show up in editors."""
    if isinstance(schema, list):
        return [_tidied(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "default" in schema and schema["default"] is None:
        schema = {**schema, "default": "off"} if _takes_off(schema) else _without(schema, "default")
    if "patternProperties" in schema:
        schema = {**schema, "additionalProperties": False}
    if "properties" in schema:
        schema = _without(schema, "title")
    return {key: _tidied(part) for key, part in schema.items()}


def _takes_off(schema: JsonSchema) -> bool:
    return "off" in str(schema.get("pattern", ""))


def _without(schema: JsonSchema, key: str) -> JsonSchema:
    return {name: part for name, part in schema.items() if name != key}
