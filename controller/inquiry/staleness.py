"""Gathering for `stale`: how long each flag has stood, and where the app's code names it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from controller.config.layout import FOLDERS
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.staleness import (
    Mentions,
    Patience,
    Reference,
    StaleFlag,
    judge,
    names_of,
    urgency,
)
from controller.inquiry.files import relation_of_files
from controller.ports import Ports
from controller.source_control.code_search import Search, find_words
from controller.source_control.git import Relation


@dataclass(frozen=True, slots=True)
class Checkout:
    """The app's code.

    Attributes:
        folder: As a person named it.
        root: The folder with flags/ and rollout/, which name every flag and are no code.
    """

    folder: Path
    root: Path


@dataclass(frozen=True, slots=True)
class StaleReport:
    """The flags of one environment that should go away.

    Attributes:
        now: The database's clock.
        files: How the revision checked out relates to the one applied last; None where either is
            not known.
        flags: How many there are.
        stale: The most urgent first.
        code: The folder searched; None where none was.
        is_whole: Whether all of it was read.
    """

    environment: str
    generation: int
    now: datetime
    patience: Patience
    files: Relation | None
    flags: int
    stale: tuple[StaleFlag, ...]
    code: Path | None
    is_whole: bool


def look_for_stale(
    ports: Ports, desired: Desired, patience: Patience, code: Checkout | None
) -> StaleReport:
    """Look at the ledger and, if there is some, at the code.

    Raises:
        UsageError: The code is not in a git checkout.
        DatabaseUnreachable: The database did not answer.
    """
    with ports.store.snapshot() as snapshot:
        ledger, now = snapshot.ledger, snapshot.now
    search = _search(code, desired.flags) if code else None
    mentions = _mentions(search, desired.flags) if search else {}
    judged = (
        judge(
            flag,
            ledger.applied.get(flag.key),
            ledger.halts.get(flag.key),
            mentions.get(flag.key),
            now,
            patience,
        )
        for flag in desired.flags
    )
    return StaleReport(
        environment=desired.environment.name,
        generation=ledger.generation,
        now=now,
        patience=patience,
        files=relation_of_files(ports.history, desired, ledger),
        flags=len(desired.flags),
        stale=tuple(sorted((stale for stale in judged if stale), key=urgency)),
        code=code.folder if code else None,
        is_whole=search.is_whole if search else True,
    )


def _search(code: Checkout, flags: Iterable[DesiredFlag]) -> Search:
    words = sorted({word for flag in flags for word in names_of(flag)})
    without = [code.root / folder for folder in FOLDERS]
    return find_words(code.folder.resolve(), words, without=without)


def _mentions(search: Search, flags: Sequence[DesiredFlag]) -> Mapping[str, Mentions]:
    """What was found, by flag; a word that is a name of several counts for each of them."""
    places = defaultdict(list)
    for mention in search.mentions:
        places[mention.word].append(mention)
    return {
        flag.key: Mentions(
            tuple(
                sorted(
                    Reference(mention.path, mention.line, word, name)
                    for word, name in names_of(flag).items()
                    for mention in places[word]
                )
            ),
            search.is_whole,
        )
        for flag in flags
    }
