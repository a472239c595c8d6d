"""Some more hours of the company: the app runs, and the feature does what one wants to see.

Before the way of a change: between two of them, a rollout is judged by what the app did meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from controller.demo.company.behaviour import LEGACY, SEQUENTIAL, Behaviour, Profile
from controller.demo.company.calendar import draw_moments
from controller.demo.company.copying import Connection, present
from controller.demo.company.runs import Fate, Runs, draw_runs
from controller.demo.company.writing import Suppliers, Written, write_runs

_HOUR_MS: Final = 3_600_000
_USUAL_DAYS: Final = 30.0

_CUSTOMERS: Final[LiteralString] = """
    SELECT m."id", {has}, greatest(count(w."id"), 1) / greatest(1, least(%(usual)s,
               date_part('day', %(start)s - m."createdAt"), date_part('day', %(start)s - (
                   SELECT min("createdAt") FROM "WorkflowExecution"))))
    FROM "Merchant" m {join}
    LEFT JOIN "WorkflowExecution" w ON w."merchantId" = m."id" AND w."createdAt" < %(start)s
         AND w."createdAt" >= %(start)s - %(usual)s * interval '1 day'
    WHERE m."isActive" AND m."createdAt" < %(start)s
    GROUP BY 1, 2
    ORDER BY 1
"""
_HAS_COLUMN: Final = """
    SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_schema = current_schema()
                   AND table_name = 'MerchantConfig' AND column_name = %s)
"""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was simulated.

    Attributes:
        treated: Merchants that have the feature.
        treated_runs: Their runs in the window.
        written: How much happened, to all merchants.
    """

    treated: int
    treated_runs: int
    written: Written


@dataclass(frozen=True, slots=True, eq=False)
class _Customers:
    """The active merchants: who has the feature, and how many runs each has in a day."""

    ids: list[str]
    treated: NDArray[np.bool_]
    daily_runs: NDArray[np.float64]


def simulate(  # noqa: PLR0913 -- each is one thing that a story may want otherwise
    connection: Connection,
    *,
    hours: float,
    behaviour: Behaviour = Behaviour.GOOD,
    at: datetime | None = None,
    pace: float = 1.0,
    treated_pace: float = 1.0,
    column: str = "enableSequentialWorkflow",
    seed: int = 0,
) -> Simulated:
    """Let the app run for a while, and commit.

    Every active merchant goes on as busily as before. Runs of merchants whose value is on now are
    sequential and behave as told, the others are legacy runs. A run that would not have ended by
    the end of the window is left out, unless it is stuck: windows can follow one another without
    runs that hang between them by accident.

    Args:
        connection: To a database that `generate` filled.
        hours: The length of the window.
        behaviour: What becomes of the sequential runs.
        at: The end of the window, with a zone; by default the database's clock.
        pace: By how much the merchants are busier than usual.
        treated_pace: By how much those that have the feature are busier beyond that.
        column: The flag's column; nobody has it where it does not exist.
        seed: Another seed is another course of events.
    """
    end = present(connection, at)
    start = end - np.timedelta64(round(hours * _HOUR_MS), "ms")
    with connection.transaction():
        customers = _customers(connection, start, column)
        rng = np.random.default_rng([seed, int(end.astype(np.int64)), _number_of_runs(connection)])
        busier = np.where(customers.treated, pace * treated_pace, pace)
        expected = customers.daily_runs * busier * (hours / 24)
        merchant, created = draw_moments(expected, start, end, rng)
        runs = _ended_by(end, _draw(behaviour, customers, merchant, created, rng))
        written = write_runs(connection, runs, customers.ids, _suppliers(connection), rng)
    connection.commit()
    treated = customers.treated
    return Simulated(int(treated.sum()), int(treated[runs.merchant].sum()), written)


def _draw(
    behaviour: Behaviour,
    customers: _Customers,
    merchant: NDArray[np.intp],
    created: NDArray[np.datetime64],
    rng: np.random.Generator,
) -> Runs:
    def runs_of(profile: Profile, which: NDArray[np.bool_]) -> Runs:
        average = np.ones(np.count_nonzero(which))
        return draw_runs(profile, merchant[which], created[which], average, rng)

    treated = customers.treated[merchant]
    return runs_of(LEGACY, ~treated).joined(runs_of(SEQUENTIAL[behaviour], treated))


def _ended_by(end: np.datetime64, runs: Runs) -> Runs:
    return runs.chosen((runs.completed <= end) | (runs.fate == Fate.PROCESSING))


def _customers(connection: Connection, start: np.datetime64, column: str) -> _Customers:
    # The same question as the app's own: a missing row, column or table means off.
    has: sql.Composable = sql.SQL("false")
    join = sql.SQL("")
    if connection.execute(_HAS_COLUMN, [column]).fetchone() == (True,):
        has = sql.SQL("coalesce(c.{}, false)").format(sql.Identifier(column))
        join = sql.SQL('LEFT JOIN "MerchantConfig" c ON c."merchantId" = m."id"')
    statement = sql.SQL(_CUSTOMERS).format(has=has, join=join)
    values = {"start": start.item(), "usual": _USUAL_DAYS}
    rows = connection.execute(statement, values).fetchall()
    ids, treated, daily_runs = zip(*rows, strict=True) if rows else ((), (), ())
    return _Customers(
        list(ids), np.array(treated, dtype=np.bool_), np.array(daily_runs, dtype=float)
    )


def _suppliers(connection: Connection) -> Suppliers:
    rows = connection.execute('SELECT "id", "name" FROM "Supplier" ORDER BY "id"').fetchall()
    return Suppliers([row[0] for row in rows], [row[1] for row in rows])


def _number_of_runs(connection: Connection) -> int:
    [(number,)] = connection.execute('SELECT count(*) FROM "WorkflowExecution"').fetchall()
    return int(number)
