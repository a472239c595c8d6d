"""Guardrails on files and tables that do not fit the world they are applied to."""

from collections.abc import Iterator
from typing import Final

from controller.domain.cohort import referenced
from controller.domain.deploy_planning import places
from controller.domain.desired import DesiredFlag
from controller.domain.environment import Guardrail, SchemaOwner
from controller.domain.guardrails.case import Case
from controller.domain.ledger import Ledger
from controller.domain.plan import Move, Refusal, SchemaChange
from controller.domain.wording import counted, have

_SHOWN: Final = 5


def unknown_merchant(case: Case) -> Iterator[Refusal]:
    """A file names a merchant that does not exist, and never did."""
    for flag, _, _ in case.changes():
        applied = case.ledger.applied.get(flag.key)
        known_once = referenced(applied.desired) if applied else frozenset[str]()
        unknown = sorted((referenced(flag) & case.unknown) - known_once)
        if unknown:
            shown = ", ".join(unknown[:_SHOWN]) + _and_more(len(unknown))
            yield Refusal(
                Guardrail.UNKNOWN_MERCHANT,
                flag.key,
                f"{flag.key}: the files name {counted(len(unknown))} that the database does not "
                f"have: {shown}",
                "correct the id (rolloutctl explain accepts a shop domain and shows the id), or "
                "remove it",
            )


def _and_more(count: int) -> str:
    return f" and {count - _SHOWN} more" if count > _SHOWN else ""


def partial_release(case: Case) -> Iterator[Refusal]:
    """A flag is let go, or changes its home, while some of what it leaves is on."""
    total = case.plan.merchants
    for flag in case.plan.flags:
        is_globally_on = (
            flag.move is Move.RELEASE and case.ledger.applied[flag.flag].desired.flag.globally_on
        )
        if flag.move is Move.RELEASE and not is_globally_on and 0 < flag.on_before < total:
            yield _half_way(
                flag.flag,
                f"{flag.flag}: its file is gone while {_some(flag.on_before, total)}",
                "bring the file back, and remove it when the flag is off for everyone or on for "
                "everyone",
            )
    for desired, _, _ in case.changes():
        moved_from = _moved_from(desired, case.ledger)
        on = case.on_by_column.get(moved_from, 0) if moved_from else 0
        if 0 < on < total:
            yield _half_way(
                desired.key,
                f"{desired.key}: it leaves the column {moved_from} while {_some(on, total)}",
                "put the column back; change it when the flag is off for everyone or on for "
                "everyone",
            )
        if left := _left_on(desired, case.ledger):
            yield _half_way(
                desired.key,
                f"{desired.key}: it leaves {left} of the deploy environment, which turned it on "
                "for everyone; nothing would turn that off again",
                "put the old variable and its targets back, with global: false; reconcile; then "
                "change them",
            )


def _some(on: int, total: int) -> str:
    return f"{on:,} of {counted(total)} {have(on)}"


def _half_way(flag: str, message: str, remedy: str) -> Refusal:
    return Refusal(Guardrail.PARTIAL_RELEASE, flag, message, remedy)


def _moved_from(desired: DesiredFlag, ledger: Ledger) -> str | None:
    """The column that the flag lived in before, where it is another one now."""
    applied = ledger.applied.get(desired.key)
    before = applied.desired.flag.merchant_config if applied else None
    return before.column if before and before != desired.flag.merchant_config else None


def _left_on(desired: DesiredFlag, ledger: Ledger) -> str:
    """The places in which the flag was on for everyone, and in which it does not live any more."""
    applied = ledger.applied.get(desired.key)
    if applied is None or not applied.desired.flag.globally_on:
        return ""
    left = sorted(places(applied.desired) - places(desired))
    return ", ".join(f"{variable} ({target})" for variable, target in left)


def missing_schema(case: Case) -> Iterator[Refusal]:
    """A column is missing, and creating it is the business of the app's own migrations."""
    if case.desired.environment.database.schema_owner is SchemaOwner.MANAGED:
        return
    steps = case.plan.schema_steps
    missing = {step.name for step in steps if step.kind is SchemaChange.ADD_COLUMN}
    for flag in case.plan.flags:
        if flag.column in missing:
            yield Refusal(
                Guardrail.MISSING_SCHEMA,
                flag.flag,
                f"{flag.flag}: the column {flag.column} does not exist, and this environment's "
                "schema belongs to the app's own migrations",
                "run the migration that rolloutctl plan prints, then reconcile again",
            )
