"""One run and what belongs to it, in a few keyed reads.

For `analyze`. Its outcome and its measures are decided by the same conditions and the same facts
as the gate's counts, over a window that holds nothing but the instant of its creation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select

from controller.domain.measures import Total
from controller.gate.counts import Uncounted
from controller.gate.single_run import RunFile, RunLimits, RunOrder, SingleRun
from controller.workflow_data import order_facts
from controller.workflow_data.answers import attempt
from controller.workflow_data.asking import Asker, Row
from controller.workflow_data.fates import fate_columns, outcome_of, why_unjudged
from controller.workflow_data.flavour import Flavour, as_utc, moment
from controller.workflow_data.interface import RunQuestion
from controller.workflow_data.outcomes import Clock, Outcomes
from controller.workflow_data.tables import Tables
from controller.workflow_data.treated import Treated

_INSTANT: Final = timedelta(microseconds=1)
_MOST_EARLIER: Final = 1_000
"""Of a merchant's past, its newest runs are enough; a merchant may have had millions."""

_RUN: Final = {
    "merchant": "run.merchant",
    "status": "run.status",
    "stage": "run.stage",
    "error": "run.error",
    "created": "run.created_at",
    "started": "run.started_at",
    "completed": "run.completed_at",
    "upload": "run.upload",
}
_ORDER: Final = {
    "id": "order.id",
    "merchant": "order.merchant",
    "number": "order.number",
    "supplier": "order.supplier",
    "status": "order.status",
    "total": "order.total",
    "shopify_order": "order.shopify_order",
    "sync_status": "order.sync_status",
    "synced_at": "order.synced_at",
}


def owner(tables: Tables, run: str) -> Select[Any]:
    """Whose run it is, and when it was created; no row where there is none."""
    columns = _columns(tables, {name: _RUN[name] for name in ("merchant", "created")})
    return sa.select(*columns).where(tables.column("run.id") == run)


def alike(tables: Tables, beginning: str, limit: int) -> Select[Any]:
    """The ids of runs that begin so."""
    key = tables.column("run.id")
    begins = key.startswith(beginning, autoescape=True)
    return sa.select(key.label("run")).where(begins).order_by(key).limit(limit)


@dataclass(frozen=True, slots=True)
class Reading:
    """One run being read.

    Attributes:
        asker: Its session.
        past_window: How far back earlier runs are looked for.
    """

    asker: Asker
    tables: Tables
    flavour: Flavour
    question: RunQuestion
    past_window: timedelta

    def read(self) -> SingleRun | None:
        """Everything about it; None where it is gone.

        Raises:
            CannotCountError: The run itself cannot be read; of what belongs to it, an `Uncounted`
                takes the place.
        """
        found = self.asker.rows(sa.select(*self._of_run()).where(self._is_it))
        if not found:
            return None
        row, question = found[0], self.question
        measures, past = attempt(self._measures), attempt(self._past)
        orders = attempt(self._orders)
        # Last, because where there are no savepoints a table that is missing ends the session.
        file = attempt(lambda: self._file(row["upload"])) if row["upload"] else None
        if not isinstance(orders, Uncounted):
            orders = self._with_suppliers(orders)
        ended = row["took"] is not None
        return SingleRun(
            id=question.run,
            merchant=question.merchant,
            status=row["status"],
            stage=row["stage"],
            error=row["error"],
            created=as_utc(row["created"]),
            started=as_utc(row["started"]),
            completed=as_utc(row["completed"]),
            took=timedelta(microseconds=int(row["took"])) if ended else None,
            measured=bool(row["measured"]),
            file=file,
            orders=orders,
            measures=measures,
            outcomes={limits: outcome_of(row, n) for n, limits in enumerate(question.limits)},
            past=past,
        )

    @property
    def _is_it(self) -> ColumnElement[bool]:
        return self.tables.column("run.id") == self.question.run

    def _clock(self, deadline: timedelta) -> Clock:
        now, created = self.question.now, self.question.created
        ends = None if created is None else created + _INSTANT  # else those of unknown times, too
        return Clock(created or now, ends, now, now, deadline)

    def _of_run(self) -> list[ColumnElement[Any]]:
        """Its columns, and for each limit what a gate would say."""
        columns: list[ColumnElement[Any]] = _columns(self.tables, _RUN)
        created, completed = (self.tables.column(f"run.{n}_at") for n in ("created", "completed"))
        outcomes = Outcomes.of(self.tables, self._clock(RunLimits().deadline))
        took = self.flavour.microseconds(created, completed)
        columns += [
            sa.case((completed >= created, took)).label("took"),
            sa.case((outcomes.measured(), 1), else_=0).label("measured"),
            why_unjudged(outcomes),
        ]
        for number, limits in enumerate(self.question.limits):
            decided = Outcomes.of(self.tables, self._clock(limits.deadline))
            columns += fate_columns(decided, limits.on_time, number)
        return columns

    def _file(self, upload: str) -> RunFile | Uncounted:
        columns = {name: f"upload.file_{name}" for name in ("name", "size", "type")}
        key = self.tables.column("upload.id")
        found = self.asker.rows(sa.select(*_columns(self.tables, columns)).where(key == upload))
        if not found:
            return Uncounted("there is no such file any more")
        size = found[0]["size"]
        return RunFile(found[0]["name"], None if size is None else int(size), found[0]["type"])

    def _orders(self) -> tuple[RunOrder, ...]:
        of_run = self.tables.column("order.run") == self.question.run
        rows = self.asker.rows(sa.select(*_columns(self.tables, _ORDER)).where(of_run))
        items = {row["order_id"]: row for row in self.asker.rows(self._items())} if rows else {}
        found = (self._order(row, items.get(row["id"])) for row in rows)
        return tuple(sorted(found, key=lambda order: order.id))

    def _with_suppliers(self, orders: tuple[RunOrder, ...]) -> tuple[RunOrder, ...]:
        wanted = sorted({order.supplier for order in orders if order.supplier})
        names = attempt(lambda: self._suppliers(wanted)) if wanted else {}
        if isinstance(names, Uncounted):  # their ids are shown all the same
            return orders
        return tuple(
            replace(order, supplier_name=names.get(order.supplier or "")) for order in orders
        )

    def _order(self, row: Row, items: Row | None) -> RunOrder:
        return RunOrder(
            id=str(row["id"]),
            merchant=row["merchant"],
            number=row["number"],
            supplier=row["supplier"],
            supplier_name=None,
            status=row["status"],
            total=_amount(row["total"]),
            items=int(items["items"]) if items else 0,
            items_total=_amount(items["amount"]) if items else None,
            shopify_order=row["shopify_order"],
            sync_status=row["sync_status"],
            synced=row["sync_status"] in self.tables.settings.synced,
            synced_at=as_utc(row["synced_at"]),
        )

    def _items(self) -> Select[Any]:
        tables = self.tables
        of_order = tables.column("line_item.order")
        amount: ColumnElement[Any] = sa.null()
        if tables.has("line_item.amount"):
            amount = sa.func.sum(tables.column("line_item.amount"))
        joined = tables.line_item.join(tables.order, tables.column("order.id") == of_order)
        return (
            sa.select(
                of_order.label("order_id"), sa.func.count().label("items"), amount.label("amount")
            )
            .select_from(joined)
            .where(tables.column("order.run") == self.question.run)
            .group_by(of_order)
        )

    def _suppliers(self, ids: Sequence[str]) -> dict[str, str]:
        key, name = self.tables.column("supplier.id"), self.tables.column("supplier.name")
        known = sa.select(key.label("id"), name.label("name")).where(key.in_(ids))
        return {row["id"]: row["name"] for row in self.asker.rows(known)}

    def _measures(self) -> dict[str, bool]:
        """What the gate would find of its orders, whatever became of the run."""
        merchant = sa.literal(self.question.merchant, sa.Text).label("merchant")
        clock = self._clock(RunLimits().deadline)
        cohort = sa.select(merchant, moment(clock.starts).label("since")).subquery("cohort")
        treated = Treated(self.flavour, self.tables, clock, cohort)
        facts = order_facts.rows_of_treated(treated)
        found = self.asker.rows(sa.select(facts).where(facts.c.run == self.question.run))
        row = found[0] if found else {}
        kept = [bool(row), *(row.get(name) == 1 for name in ("itemised", "complete", "synced"))]
        wrong = {Total.DUPLICATE_ORDERS: "twice", Total.CORRUPTED: "corrupted"}
        return {
            **{rate.value: good for rate, good in zip(order_facts.ORDER_RATES, kept, strict=True)},
            **{total.value: row.get(name) == 1 for total, name in wrong.items()},
        }

    def _past(self) -> tuple[timedelta, ...]:
        until = self.question.until
        if until is None:
            return ()
        window = Clock(
            until - self.past_window, until, self.question.now, self.question.now, timedelta()
        )
        outcomes = Outcomes.of(self.tables, window)
        took = self.flavour.microseconds(outcomes.created, outcomes.completed)
        earlier = (
            sa.select(took.label("took"))
            .where(
                self.tables.column("run.merchant") == self.question.merchant,
                sa.not_(self._is_it),
                outcomes.created >= moment(window.starts),
                outcomes.created < moment(until),
                outcomes.measured(),
            )
            .order_by(outcomes.created.desc())
            .limit(_MOST_EARLIER)
        )
        return tuple(timedelta(microseconds=int(row["took"])) for row in self.asker.rows(earlier))


def _columns(tables: Tables, names: Mapping[str, str]) -> list[ColumnElement[Any]]:
    return [tables.column(logical).label(name) for name, logical in names.items()]


def _amount(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
