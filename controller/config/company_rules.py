"""The company's own rules: JSON Schema files in `rollout/rules/`, applied to the parsed documents.

A rule says with `x-applies-to` which kinds of file it is about. It sees a document as a YAML 1.2
reader does: `true` is a boolean, `10` a number, `10%` and dates are text. Nothing is ever fetched.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from controller.config import meaning_codes as codes
from controller.config.document import Document
from controller.config.layout import Kind
from controller.config.problems import Place, Problem
from controller.config.quick_rules import surely_keeps, understands
from controller.config.rule_file import BrokenRule, read_rule
from controller.config.text_reader import read_text
from controller.config.time_limit import TimeIsUp, time_limit

SECONDS: Final = 5.0
"""How long all rules together may take."""


def apply(
    rules: Mapping[str, bytes],
    documents: Sequence[tuple[Kind, Document]],
    seconds: float = SECONDS,
) -> list[Problem]:
    """Apply all rules to all documents.

    Args:
        rules: The content of each rule file.
        documents: What the other files say, good or bad, and their kinds.
        seconds: How long it may take.
    """
    problems: list[Problem] = []
    file = ""
    try:
        with time_limit(seconds):
            for file, data in rules.items():
                problems.extend(_apply(file, data, documents))
    except TimeIsUp:
        message = f"the rules took longer than {seconds:g} seconds; this one was running"
        advice = "look for patterns such as `(a+)+`, and for references in circles"
        problems.append(Problem(Place(file), codes.RULES_TOO_SLOW, message, advice))
    return problems


def _apply(file: str, data: bytes, documents: Iterable[tuple[Kind, Document]]) -> Iterator[Problem]:
    text, problems = read_text(file, data)
    yield from problems
    if text is None:
        return
    try:
        rule = read_rule(file, text)
    except BrokenRule as broken:
        place = Place(file, broken.line, broken.column)
        yield Problem(place, codes.BROKEN_RULE, str(broken))
        return
    simple = understands(rule.schema)
    subjects = [document for kind, document in documents if kind in rule.kinds]
    if simple:
        subjects = [doc for doc in subjects if not surely_keeps(rule.schema, doc.value)]
    if subjects or not simple:
        from controller.config import schema_rules  # noqa: PLC0415 -- importing jsonschema is slow

        yield from schema_rules.violations(rule, subjects)
