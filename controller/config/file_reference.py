"""docs/files.md: every key of every file, made from the JSON Schemas and so from the models."""

from collections.abc import Iterator
from typing import Any, Final

from controller.config.layout import Kind
from controller.config.model_schema import schema_of
from controller.config.scalars import JsonSchema

_PREFACE: Final = """\
# The files

Everything that `rolloutctl` does follows from these files. Together they are reviewed like code;
`rolloutctl validate` checks all of them at once, and nothing is applied while any of them is wrong.
The JSON Schemas in [schema/](schema/) let editors complete and explain every key: the first line of
each shipped file points at its schema.

| file | what it says |
|---|---|
| `flags/KEY.yaml` | a flag, where it lives, and its exceptions |
| `rollout/FLAG.yaml` | the ladder of phases of one flag, and the phase it is in |
| `rollout/environments/NAME.yaml` | where all this is applied, and under which guardrails |
| `rollout/gates/NAME.yaml` | a gate that several rollouts use |
| `rollout/waivers/NAME.yaml` | a reviewed exception to one criterion of one gate |
| `rollout/rules/NAME.json` | the company's own rules |

## How they are written

YAML, read strictly. `off`, `no`, `10%`, `1_000`, `12:30` and `010` are text, whatever other readers
make of them; the key decides what the text means. No key may stand twice, and anchors, aliases,
merge keys, tags and second documents are refused, as is anything that is not UTF-8. A file may have
1 MiB, 32 levels and 50,000 values. Unknown keys are errors, and so is a key without a value. A file
is called after what it defines. Files that start with a dot and `*.md` are left alone; any other
file that nobody would read is an error.

| kind of value | how it is written |
|---|---|
| duration | `90s`, `10m`, `36h`, `2d` |
| percentage | `10`, `10%` or `12.5%`, with at most two decimals, above 0 |
| date | `2027-01-31`; where it is a last day, that day counts, in UTC |
| moment | `2026-12-20T00:00:00Z`, always with a zone |
| true or false | exactly that, without quotes |
| whole number, number | plain decimal digits, without quotes |
| merchant id | `Merchant.id`: letters, digits and `_ . : -`; never a shop domain |
| variable name | upper-case letters, digits and `_`; of a secret only the name is written |
| text | one line of up to 300 characters; put quotes around text with `: `, ` #` or a leading `@` |

<!-- Written by `rolloutctl schema` from controller/config/*_file.py. -->
"""
_RULES: Final = """\
## `rollout/rules/NAME.json`

A JSON Schema (draft 2020-12), applied to the other files as a YAML 1.2 reader sees them: `true` is
a boolean, `10` is a number, `10%`, `off` and dates are text. Two keywords matter besides the
standard ones:

| key | value | meaning |
|---|---|---|
| `x-applies-to` | one or a list of the five folders below | which files it is about |
| `description` | text | shown to whoever breaks the rule |

The folders are called `flags`, `rollout`, `environments`, `gates` and `waivers`.
A rule refers only to itself (`#/...`); nothing is fetched. All rules have five seconds together.
Example: [owner-is-a-team.json](../rollout/rules/owner-is-a-team.json).
"""
_CHAPTERS: Final = (
    (Kind.FLAG, "flags/KEY.yaml", "../flags/sequential_workflow.yaml"),
    (Kind.ROLLOUT, "rollout/FLAG.yaml", "../rollout/sequential_workflow.yaml"),
    (Kind.GATE, "rollout/gates/NAME.yaml", "../rollout/sequential_workflow.yaml"),
    (Kind.ENVIRONMENT, "rollout/environments/NAME.yaml", "../rollout/environments/production.yaml"),
    (Kind.WAIVER, "rollout/waivers/NAME.yaml", ""),
)
_ELSEWHERE: Final = {(Kind.ROLLOUT, "gates.NAME"): "a [gate](#rolloutgatesnameyaml)"}


def reference() -> str:
    """The text of docs/files.md."""
    chapters = [_PREFACE]
    for kind, title, example in _CHAPTERS:
        chapters.append(f"## `{title}`\n")
        chapters.extend(_Chapter(kind, schema_of(kind)).text())
        if example:
            chapters.append(f"Example: [{example.removeprefix('../')}]({example}).\n")
    return "\n".join([*chapters, _RULES])


class _Chapter:
    """One kind of file."""

    def __init__(self, kind: Kind, schema: JsonSchema) -> None:
        self._kind = kind
        self._schema = schema
        self._definitions = schema.get("$defs", {})

    def text(self) -> Iterator[str]:
        """The table of the outermost keys, then one for each mapping inside."""
        for variant in self._variants(self._schema):
            if variant is not self._schema:
                yield f"### {self._distinction(variant)}\n"
            yield from self._mapping("", variant, "")

    def _mapping(self, path: str, schema: JsonSchema, of: str) -> Iterator[str]:
        yield f"{schema['description']}\n"
        yield "| key | value | default | meaning |\n|---|---|---|---|"
        required = schema.get("required", [])
        for key, part in schema["properties"].items():
            default = "**required**" if key in required else _default(part)
            label = self._label(f"{path}{key}", part)
            yield f"| `{key}` | {label} | {default} | {part['description']} |"
        yield ""
        for key, part in schema["properties"].items():
            yield from self._inside(f"{path}{key}", part, of)

    def _inside(self, path: str, part: JsonSchema, of: str) -> Iterator[str]:
        """The mappings below one key."""
        if "items" in part:
            yield from self._inside(f"{path}[]", part["items"], of)
            return
        for member in part.get("patternProperties", {}).values():
            yield from self._inside(f"{path}.NAME", member, of)
        if (self._kind, path) in _ELSEWHERE:
            return
        for variant in self._variants(part):
            if "properties" in variant:
                several = variant is not self._resolve(part)
                with_ = f" with {self._distinction(variant)}" if several else of
                yield f"### `{path}`{with_}\n"
                yield from self._mapping(f"{path}.", variant, with_)

    def _label(self, path: str, part: JsonSchema) -> str:
        """What kind of value belongs there, in words."""
        if (self._kind, path) in _ELSEWHERE:
            return _ELSEWHERE[self._kind, path]
        if "items" in part:
            return f"list: {self._label(f'{path}[]', part['items'])}"
        if "patternProperties" in part:
            member = next(iter(part["patternProperties"].values()))
            return f"mapping by name: {self._label(f'{path}.NAME', member)}"
        if "oneOf" in part:
            labels = (self._label(path, variant) for variant in part["oneOf"])
            return " or ".join(dict.fromkeys(labels))
        return _simple_label(part)

    def _variants(self, part: JsonSchema) -> list[JsonSchema]:
        """The shapes that a value may have; most have one."""
        resolved = self._resolve(part)
        if "properties" in resolved or "oneOf" not in resolved:
            return [resolved]
        return [self._resolve(variant) for variant in resolved["oneOf"]]

    def _resolve(self, part: JsonSchema) -> JsonSchema:
        reference: Any = part.get("$ref")
        found: JsonSchema = self._definitions[reference.rpartition("/")[2]] if reference else part
        return found

    def _distinction(self, variant: JsonSchema) -> str:
        """The key and value by which one shape is told from the others."""
        for key in ("method", "adapter"):
            words = variant["properties"].get(key, {}).get("enum")
            if words:
                return f"`{key}: {words[0]}`"
        return "any other adapter"


def _simple_label(part: JsonSchema) -> str:
    if "enum" in part:
        return " or ".join(f"`{word}`" for word in part["enum"])
    return "mapping" if "$ref" in part else str(part.get("title", "text"))


def _default(part: JsonSchema) -> str:
    default = part.get("default")
    if default is None or default in ({}, []):
        return ""
    if isinstance(default, list):
        return f"`[{', '.join(default)}]`"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`"
