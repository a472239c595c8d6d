"""Gathering for `export`: what another evaluator needs to answer as the app's own column does.

One look at the database. Nothing is exported ahead of what was applied: gates and guardrails stand
before the reconciler, and an export of files that have not come through them would walk past.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from controller.domain.desired import Desired, DesiredFlag
from controller.domain.ledger import Ledger
from controller.domain.movement import movement
from controller.domain.resolution import ResolvedFlag, resolve
from controller.errors import Refused, Stale
from controller.inquiry.files import relation_of_files
from controller.ports import Ports
from controller.source_control.git import Relation

_AHEAD: Final = "to see what it would be: --unapplied"
_CURRENT: Final = frozenset({None, Relation.SAME, Relation.NEWER})
"""Not older than what was applied, as far as anybody can tell."""


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported of one environment.

    Attributes:
        generation: Of the plan applied last; 0 before the first.
        revision: The commit the files are of; None outside git or with local changes.
        now: The database's clock.
        flags: As the files have them, sorted by key.
        halts: The keys of those that are halted.
        is_current: Whether the files are what was applied last, or newer, as far as is known.
        pending: The keys of those that were applied otherwise than the files have them, or never.
        resolved: Who has each of `flags`; None where the rules are exported instead.
    """

    environment: str
    generation: int
    revision: str | None
    now: datetime
    flags: tuple[DesiredFlag, ...]
    halts: frozenset[str]
    is_current: bool
    pending: tuple[str, ...]
    resolved: tuple[ResolvedFlag, ...] | None


def gather(ports: Ports, desired: Desired, *, with_merchants: bool, unapplied: bool) -> Export:
    """Look at the ledger and, for resolved lists, at every merchant.

    Args:
        ports: The outside world; only read. The deploy environment is not asked.
        desired: What git says.
        with_merchants: Whether to resolve who has what.
        unapplied: Whether files may be exported that were not applied, or are older than what was.

    Raises:
        Refused: The files turn a flag on for more than was applied; or there are no merchants.
        Stale: The files are not those that were applied last, nor newer.
        DatabaseUnreachable: The database did not answer.
    """
    with ports.store.snapshot() as snapshot:
        ledger, now = snapshot.ledger, snapshot.now
        halts = frozenset(ledger.halts)
        relation = relation_of_files(ports.history, desired, ledger)
        is_current = relation in _CURRENT
        if not unapplied:
            _refuse_older(desired, ledger, relation)
            _refuse_ahead(desired.flags, ledger)
        batches = snapshot.batches([], with_age=True)
        return Export(
            environment=desired.environment.name,
            generation=ledger.generation,
            revision=desired.revision,
            now=now,
            flags=desired.flags,
            halts=halts,
            is_current=is_current,
            pending=tuple(_pending(desired.flags, ledger)),
            resolved=resolve(desired.flags, halts, now, batches) if with_merchants else None,
        )


def _pending(flags: Iterable[DesiredFlag], ledger: Ledger) -> Iterator[str]:
    for flag in flags:
        applied = ledger.applied.get(flag.key)
        if applied is None or applied.desired != flag:
            yield flag.key


def _refuse_ahead(flags: Iterable[DesiredFlag], ledger: Ledger) -> None:
    """A retreat may go ahead of its reconcile, as may an exception for one merchant."""
    before = {key: applied.desired for key, applied in ledger.applied.items()}
    ahead = [flag.key for flag in flags if movement(before.get(flag.key), flag).widened]
    if ahead:
        raise Refused(
            f"the files turn on more than was applied: {', '.join(ahead)}; an export of them would "
            "walk past their gates and guardrails",
            f"rolloutctl reconcile, then export; {_AHEAD}",
        )


def _refuse_older(desired: Desired, ledger: Ledger, found: Relation | None) -> None:
    if found in _CURRENT:
        return
    shallow = found is Relation.UNKNOWN_SHALLOW
    fetch = "git fetch --unshallow" if shallow else "git pull on the branch that is applied"
    raise Stale(
        f"the files are of revision {str(desired.revision)[:12]}, and generation "
        f"{ledger.generation} applied {str(ledger.revision)[:12]}, which is not among its "
        "ancestors",
        f"{fetch}, then export; {_AHEAD}",
    )
