"""The company's own rules: JSON Schema files in `rollout/rules/`, applied to the parsed documents.

A rule says with `x-applies-to` which kinds of file it is about. It sees a document as a YAML 1.2
reader does: `true` is a boolean, `10` a number, `10%` and dates are text. Nothing is ever fetched.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from controller.config import meaning_codes as codes
from controller.config.document import Document, as_json
from controller.config.layout import Kind
from controller.config.problems import Place, Problem
from controller.config.quick_rules import surely_keeps, understands
from controller.config.rule_file import BrokenRule, Rule, Subject, read_rule
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
            subjects = [Subject(kind, doc, as_json(doc.value)) for kind, doc in documents]
            for file, data in rules.items():
                problems.extend(_apply(file, data, subjects))
    except TimeIsUp:
        message = f"the rules took longer than {seconds:g} seconds; this one was running"
        advice = "look for patterns such as `(a+)+`, and for references in circles"
        problems.append(Problem(Place(file), codes.RULES_TOO_SLOW, message, advice))
    return problems


def _apply(file: str, data: bytes, subjects: Iterable[Subject]) -> Iterator[Problem]:
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
    yield from _judge(rule, [subject for subject in subjects if subject.kind in rule.kinds])


def _judge(rule: Rule, subjects: Sequence[Subject]) -> Iterator[Problem]:
    simple = understands(rule.schema)
    doubtful = [s for s in subjects if not simple or not surely_keeps(rule.schema, s.value)]
    if doubtful or not simple:
        from controller.config import schema_rules  # noqa: PLC0415 -- importing jsonschema is slow

        yield from schema_rules.violations(rule, doubtful)
