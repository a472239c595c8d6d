"""From files to a configuration, or to every problem of every file: the way through this package.

    sources ──► text ──► YAML ──► models ──► cross checks and company rules ──► configuration

Nothing raises on the way; problems are collected and raised together at the end.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from controller.config import reading_codes as codes
from controller.config.assembly import assemble
from controller.config.configuration import Configuration
from controller.config.cross_checks import check_all
from controller.config.document import Document
from controller.config.facts import Facts, Item
from controller.config.kinds import KINDS, name_problem
from controller.config.layout import Kind, Located, locate
from controller.config.problems import Place, Problem, ProblemsFound, in_order
from controller.config.sources import Sources, from_mapping, read_folder
from controller.config.text_reader import MAX_PROBLEMS
from controller.config.yaml_reader import read_yaml

__all__ = ["Configuration", "Examined", "examine", "load", "load_files", "read_folder"]

_FIRST_OF_SHAPES: Final = "RC2"
_MANY_VALUES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Examined:
    """The outcome of looking at all files.

    Attributes:
        configuration: None if any problem is an error.
        problems: All of them, warnings included, sorted by place.
    """

    configuration: Configuration | None
    problems: tuple[Problem, ...]


def load(root: Path, today: date | None = None) -> Configuration:
    """Read the configuration below a folder.

    Args:
        root: The folder with `flags/` and `rollout/`.
        today: For warnings about what has expired; None for none.

    Raises:
        ProblemsFound: Some file is wrong; every problem of every file is attached.
    """
    return _usable(examine(read_folder(root), today))


def load_files(files: Mapping[str, bytes], today: date | None = None) -> Configuration:
    """Read a configuration from content, for example of a git tree.

    Args:
        files: Content by path relative to the root; everything below `flags/` and `rollout/`.
        today: As for `load`.

    Raises:
        ProblemsFound: Some file is wrong; every problem of every file is attached.
    """
    return _usable(examine(from_mapping(files), today))


def examine(sources: Sources, today: date | None = None) -> Examined:
    """Look at all files and say everything that is wrong. Never raises because of what they say."""
    with _no_garbage_collection():
        reading = _Reading(problems=list(sources.problems))
        for file in sorted(sources.files):
            reading.add(file, sources.files[file])
        facts = reading.facts(today)
        reading.problems.extend(check_all(facts))
        reading.apply_rules()
        problems = in_order(_without_echoes(reading.problems))
        if any(problem.is_error for problem in problems):
            return Examined(None, problems)
        return Examined(assemble(facts, reading.documents, problems), problems)


def _usable(examined: Examined) -> Configuration:
    if examined.configuration is None:
        raise ProblemsFound(examined.problems)
    return examined.configuration


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Thousands of small values are made and none of them is garbage: looking costs two thirds.

    If they are many, not even the first collection afterwards should look at them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > _MANY_VALUES:
            gc.freeze()
        if was_on:
            gc.enable()


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    problems: list[Problem]
    items: dict[Kind, dict[str, Item[Any]]] = field(
        default_factory=lambda: {kind: {} for kind in Kind}
    )
    names: dict[Kind, set[str]] = field(default_factory=lambda: {kind: set() for kind in Kind})
    documents: dict[str, Document] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    rules: dict[str, bytes] = field(default_factory=dict)

    def add(self, file: str, data: bytes) -> None:
        """Read one file."""
        located = locate(file)
        if isinstance(located, Problem):
            self.problems.append(located)
        elif located is not None:
            self.names[located.kind].add(located.stem)
            if located.kind is Kind.RULE:
                self.rules[file] = data
            else:
                found = self._read(located, data)
                self.problems.extend(_cut(located.file, found))

    def _read(self, located: Located, data: bytes) -> list[Problem]:
        document, problems = read_yaml(located.file, data)
        if document is None:
            return problems
        self.documents[located.file] = document
        self.kinds[located.file] = located.kind
        model, misfits = KINDS[located.kind].fit(document)
        if model is None:
            return problems + misfits
        mismatch = name_problem(located, model, document)
        self.items[located.kind][located.stem] = Item(model, document)
        return [*problems, *mismatch]

    def facts(self, today: date | None) -> Facts:
        """What the cross checks look at."""
        return Facts(
            flags=self.items[Kind.FLAG],
            rollouts=self.items[Kind.ROLLOUT],
            environments=self.items[Kind.ENVIRONMENT],
            gates=self.items[Kind.GATE],
            waivers=self.items[Kind.WAIVER],
            names={kind: frozenset(names) for kind, names in self.names.items()},
            today=today,
        )

    def apply_rules(self) -> None:
        """Apply the company's own rules, if there are any."""
        if self.rules:
            from controller.config import company_rules  # noqa: PLC0415 -- jsonschema costs 40 ms

            documents = [(self.kinds[file], document) for file, document in self.documents.items()]
            self.problems.extend(company_rules.apply(self.rules, documents))


def _without_echoes(problems: list[Problem]) -> Iterator[Problem]:
    """A value that could not be read, such as an alias, is not also of the wrong kind."""
    unread = {problem.place for problem in problems if problem.code.id < _FIRST_OF_SHAPES}
    for problem in problems:
        if problem.code.id < _FIRST_OF_SHAPES or problem.place not in unread:
            yield problem


def _cut(file: str, problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MAX_PROBLEMS:
        return problems
    message = f"only the first {MAX_PROBLEMS} problems of this file are shown"
    return [*problems[:MAX_PROBLEMS], Problem(Place(file), codes.MORE_PROBLEMS, message)]
