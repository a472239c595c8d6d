"""Company rules judged by jsonschema: the full language, and the words for what is broken."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable

from controller.config import meaning_codes as codes
from controller.config.document import Document, as_json
from controller.config.problems import Place, Problem, Related, printable, shown
from controller.config.rule_file import Rule
from controller.config.text_reader import MAX_PROBLEMS

_UNUSABLE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    Unresolvable,
    ValueError,
)
"""What a schema that passed all checks can still make jsonschema raise."""


def violations(rule: Rule, documents: Iterable[Document]) -> Iterator[Problem]:
    """What breaks a rule, or why the rule cannot be used."""
    try:
        Draft202012Validator.check_schema(rule.schema)
        validator = Draft202012Validator(rule.schema, registry=Registry())
        for document in documents:
            errors = islice(validator.iter_errors(as_json(document.value)), MAX_PROBLEMS)
            yield from [_violation(rule, document, error) for error in errors]
    except SchemaError as error:
        where = "/".join(str(element) for element in error.absolute_path) or "the top"
        message = f"not a JSON Schema, at {shown(where)}: {printable(error.message)}"
        yield Problem(Place(rule.file, 1, 1), codes.BROKEN_RULE, message)
    except RecursionError:
        message = "it refers to itself in circles"
        yield Problem(Place(rule.file, 1, 1), codes.BROKEN_RULE, message)
    except _UNUSABLE as error:
        message = f"it cannot be applied: {printable(error) or type(error).__name__}"
        yield Problem(Place(rule.file, 1, 1), codes.BROKEN_RULE, message)


def _violation(rule: Rule, document: Document, error: ValidationError) -> Problem:
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    wanted = str(schema.get("description") or rule.schema.get("description", ""))
    name = rule.file.rpartition("/")[2].removesuffix(".json")
    return Problem(
        document.place(*error.absolute_path),
        codes.RULE_VIOLATED,
        f"rule {shown(name)}: {printable(error.message)}",
        printable(wanted, 300),
        (Related(Place(rule.file), "the rule"),),
    )
