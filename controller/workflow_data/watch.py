"""The runs of a cohort as they come, for who looks every few seconds.

Beside `sql.py`, which counts for the gate: the same tables, cohorts and conditions, over a
connection that stays open from one look to the next. One look is one transaction; where the runs
are in a database of their own, three.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.expression import ColumnElement, FromClause, Select

from controller.domain.environment import Environment
from controller.gate.single_run import RunLimits
from controller.gate.watched import WatchedRun
from controller.workflow_data import cohorts
from controller.workflow_data.asking import Asker, CannotCountError, Row, cannot_be_read
from controller.workflow_data.cohorts import app_table
from controller.workflow_data.fates import fate_columns, outcome_of, why_unjudged
from controller.workflow_data.flavour import as_utc, readable
from controller.workflow_data.interface import Question, RecentRuns
from controller.workflow_data.outcomes import Clock
from controller.workflow_data.session import Source
from controller.workflow_data.sql import SqlWorkflowData
from controller.workflow_data.treated import Treated

_LEDGER: Final = sa.table(
    "environment", sa.column("name"), sa.column("generation"), schema="rollout"
)
_OPTIONAL: Final = ("stage", "error")


class SqlRunWatch(SqlWorkflowData):
    """Counts and lists runs, wherever the app's tables are; see `SqlWorkflowData`."""

    def __init__(
        self, environment: Environment, app_address: str, own_address: str | None = None
    ) -> None:
        super().__init__(environment, app_address, own_address)
        apart = self._runs is not self._app
        self._app = self._app.kept()
        self._runs = self._runs.kept() if apart else self._app

    def recent(
        self, question: Question, limits: RunLimits, span: timedelta, limit: int
    ) -> RecentRuns:
        """The runs of the question's cohort in its window, as one look finds them."""
        with _translated(self._app), self._app.reading() as connection:
            now, generation = _pulse(connection, question)
            asked = replace(question, now=now)
            parts = self._parts(connection, asked)
            clock = _clock(asked, limits, span)
            if self._runs is self._app:
                rows = self._rows(connection, parts, clock, limits, limit)
                shops = self._shops(connection, rows)
        if self._runs is not self._app:
            with _translated(self._runs), self._runs.reading() as connection:
                rows = self._rows(connection, parts, clock, limits, limit)
            with _translated(self._app), self._app.reading() as connection:
                shops = self._shops(connection, rows)
        found = tuple(_watched(row, shops) for row in rows[:limit])
        return RecentRuns(now, generation, found, cut=len(rows) > limit)

    def _parts(self, connection: Connection, question: Question) -> tuple[FromClause, ...]:
        if question.cohort is not None:
            return cohorts.batches(question.cohort, self._runs.flavour)
        cohort = cohorts.recorded(question, self._database)
        if self._runs is self._app:
            return (cohort,)
        return cohorts.batches(cohorts.fetched(connection, cohort), self._runs.flavour)

    def _rows(
        self,
        connection: Connection,
        parts: tuple[FromClause, ...],
        clock: Clock,
        limits: RunLimits,
        limit: int,
    ) -> list[Row]:
        """One more than asked for, so that it shows whether there are more."""

        def treated(cohort: FromClause) -> Treated:
            return Treated(self._runs.flavour, self._tables, clock, cohort)

        asker = Asker(self._runs, connection, parts, treated)
        rows = asker.many(lambda of: _listed(of, limits).limit(limit + 1))
        newest_first = sorted(rows, key=lambda row: (row["created"], row["id"]), reverse=True)
        return sorted(newest_first, key=lambda row: int(row["over"]))[: limit + 1]

    def _shops(self, connection: Connection, rows: Sequence[Row]) -> dict[str, str]:
        ids = sorted({str(row["merchant"]) for row in rows})
        if not ids:
            return {}
        names = self._database.tables
        table = app_table(self._database, names.merchant, names.merchant_id, names.shop_domain)
        wanted = sa.bindparam("ids", ids, postgresql.ARRAY(sa.Text))
        known = sa.select(*table.c).where(table.c[names.merchant_id] == sa.func.any(wanted))
        return {str(merchant): str(shop) for merchant, shop in connection.execute(known) if shop}


@contextmanager
def _translated(source: Source) -> Iterator[None]:
    try:
        yield
    except (CannotCountError, SQLAlchemyError) as error:
        raise cannot_be_read(error, source) from error


def _pulse(connection: Connection, question: Question) -> tuple[datetime, int]:
    """The clock, and which plan was applied last."""
    generation: ColumnElement[Any] = sa.literal(0)
    if question.cohort is None:
        known = sa.select(_LEDGER.c.generation).where(_LEDGER.c.name == question.environment)
        generation = sa.func.coalesce(known.scalar_subquery(), 0)
    row = connection.execute(sa.select(sa.func.now(), generation)).one()
    return row[0], int(row[1])


def _clock(question: Question, limits: RunLimits, span: timedelta) -> Clock:
    lately = question.now - span
    starts = lately if question.since is None else max(lately, question.since)
    return Clock(starts, None, question.now, question.now, limits.deadline)


def _listed(treated: Treated, limits: RunLimits) -> Select[Any]:
    """What needs a look and what has not ended first, then the newest."""
    tables, outcomes = treated.tables, treated.outcomes
    over: ColumnElement[int] = sa.case((outcomes.done(limits.on_time), 1), else_=0)
    optional: list[ColumnElement[Any]] = [
        (tables.column(f"run.{name}") if tables.has(f"run.{name}") else sa.null()).label(name)
        for name in _OPTIONAL
    ]
    return (
        treated.select(
            treated.id.label("id"),
            treated.merchant.label("merchant"),
            outcomes.status.label("status"),
            readable(outcomes.created).label("created"),
            readable(outcomes.completed).label("completed"),
            *optional,
            over.label("over"),
            why_unjudged(outcomes),
            *fate_columns(outcomes, limits.on_time),
        )
        .where(outcomes.timed)
        .order_by(over, outcomes.created.desc(), treated.id.desc())
    )


def _watched(row: Row, shops: dict[str, str]) -> WatchedRun:
    created, merchant = as_utc(row["created"]), str(row["merchant"])
    assert created is not None  # noqa: S101 -- only runs of known times are listed
    return WatchedRun(
        id=str(row["id"]),
        merchant=merchant,
        shop=shops.get(merchant),
        status=row["status"],
        stage=row["stage"],
        error=row["error"],
        created=created,
        completed=as_utc(row["completed"]),
        outcome=outcome_of(row),
    )
