"""Generate a company: merchants, and what the app did for them on the legacy way.

Before the way of a change: the database as the controller finds it on its first day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from controller.demo.company.behaviour import LEGACY
from controller.demo.company.calendar import draw_moments
from controller.demo.company.copying import (
    Connection,
    copy_rows,
    instants,
    keys_checked_at_once,
    present,
    zoned,
)
from controller.demo.company.cuid import Instants, cuids
from controller.demo.company.names import supplier_names
from controller.demo.company.orders import SUPPLIERS
from controller.demo.company.roster import DAY, Roster, draw_roster
from controller.demo.company.runs import Runs, draw_runs
from controller.demo.company.writing import Suppliers, Written, write_runs
from controller.domain.merchant import Merchant

SEED: Final = 20_240_601
_MONTH_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Company:
    """A generated company.

    Attributes:
        merchants: Oldest first.
        at: The present that it was generated for.
        written: How much happened in its database.
    """

    merchants: tuple[Merchant, ...]
    at: datetime
    written: Written


def generate(
    connection: Connection,
    *,
    merchants: int = 1_000,
    days: int = 90,
    named: Sequence[str] = (),
    seed: int = SEED,
    at: datetime | None = None,
) -> Company:
    """Fill the app's empty tables with a believable company, and commit.

    The same arguments give the same rows, byte for byte. The merchants' ids depend on the seed
    alone, so that a demonstration finds the same cohorts on every day.

    Args:
        connection: To a database with the tables of `controller.demo.app_schema`, all empty.
        merchants: How many there are.
        days: How far back their runs go.
        named: Merchant ids that the rollout's files name. They exist, and would make good pilots.
        seed: Another seed is another company.
        at: The present, with a zone; by default the database's clock.

    Raises:
        ValueError: More merchants are named than there are.
    """
    if len(named) > merchants:
        raise ValueError(f"{len(named)} merchants are named, but only {merchants} are wanted")
    now = present(connection, at)
    roster = draw_roster(merchants, named, now, np.random.default_rng([seed, 0]))
    rng = np.random.default_rng([seed, 1])
    with connection.transaction(), keys_checked_at_once(connection):
        _write_merchants(connection, roster)
        suppliers = _write_suppliers(connection, roster, rng)
        runs = _draw_history(roster, now - days * DAY, now, rng)
        written = write_runs(connection, runs, roster.ids, suppliers, rng)
    connection.execute("ANALYZE")
    connection.commit()
    return Company(roster.merchants(), zoned(now), written)


def _draw_history(
    roster: Roster, start: np.datetime64, end: np.datetime64, rng: np.random.Generator
) -> Runs:
    expected = roster.monthly_runs * ((end - start) / DAY / _MONTH_DAYS)
    merchant, created = _with_recent(roster.named, end, *draw_moments(expected, start, end, rng))
    there = (created > roster.created[merchant]) & ~(created > roster.left[merchant])
    merchant, created = merchant[there], created[there]
    return draw_runs(LEGACY, merchant, created, roster.trouble[merchant], rng).as_of(end)


def _with_recent(
    named: NDArray[np.intp], end: np.datetime64, merchant: NDArray[np.intp], created: Instants
) -> tuple[NDArray[np.intp], Instants]:
    """Let the named merchants have uploaded the day before, as one wants it of a pilot."""
    merchant = np.append(merchant, named)
    created = np.append(created, np.full(len(named), end - DAY))
    order = np.argsort(created, kind="stable")
    return merchant[order], created[order]


def _write_merchants(connection: Connection, roster: Roster) -> None:
    columns = {
        "id": roster.ids,
        "shopDomain": roster.domains,
        "isActive": ["t" if active else "f" for active in roster.active.tolist()],
        "createdAt": instants(roster.created),
    }
    copy_rows(connection, "Merchant", columns)


def _write_suppliers(connection: Connection, roster: Roster, rng: np.random.Generator) -> Suppliers:
    known_since = np.full(SUPPLIERS, roster.created[0])
    suppliers = Suppliers(cuids(known_since, rng), supplier_names(SUPPLIERS, rng))
    copy_rows(connection, "Supplier", {"id": suppliers.ids, "name": suppliers.names})
    return suppliers
