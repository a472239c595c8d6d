"""Where engines differ: the few expressions that standard SQL has no common word for.

Between what is asked and the engine. Everything else is written once: intervals and moments are
standard literals, statements are SQLAlchemy Core. An engine that is not named here gets the
standard form.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Self

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.expression import ColumnElement, FromClause

Moment = ColumnElement[datetime]
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND: Final = 1_000_000
_FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)


class Flavour(StrEnum):
    """The engines that something is said differently for, by SQLAlchemy's name of the dialect."""

    POSTGRESQL = "postgresql"
    DUCKDB = "duckdb"
    SPARK = "hive"
    STANDARD = ""

    @classmethod
    def of(cls, dialect: str) -> Self:
        """The flavour of a dialect; the standard one where nothing is known of it."""
        return cls(dialect) if dialect in set(cls) else cls("")

    @property
    def cohort_batch(self) -> int:
        """How many merchants are sent at a time: as arrays any number, as rows a bounded one."""
        return 50_000 if self in {Flavour.POSTGRESQL, Flavour.DUCKDB} else 1_000

    def microseconds(self, start: Moment, end: Moment) -> ColumnElement[int]:
        """The time between two moments, as a whole number of microseconds."""
        if self is Flavour.POSTGRESQL:
            # Not extract(): that computes in numeric, several times slower.
            seconds = sa.func.date_part("epoch", end - start, type_=sa.Float)
            return sa.cast(sa.func.round(seconds * _SECOND), sa.BigInteger)
        if self is Flavour.DUCKDB:
            return sa.func.date_diff("microsecond", start, end, type_=sa.BigInteger)
        unit: ColumnElement[str] = sa.literal_column("MICROSECOND")
        return sa.func.timestampdiff(unit, start, end, type_=sa.BigInteger)

    def in_byte_order(self, text: ColumnElement[str]) -> ColumnElement[str]:
        """A text that is compared byte by byte, whatever the database's language."""
        return sa.collate(text, "C") if self is Flavour.POSTGRESQL else text

    def cohort(self, merchants: Sequence[str], since: Sequence[datetime]) -> FromClause:
        """A table `cohort` of merchants and the moment each got the feature."""
        naive = [_naive(moment) for moment in since]
        if self is Flavour.POSTGRESQL:
            ids = _array("merchants", merchants)
            if len(set(naive)) == 1:
                every = sa.func.unnest(ids).table_valued("merchant", name="together")
                only = moment(since[0]).label("since")
                return sa.select(every.render_derived().c.merchant, only).subquery("cohort")
            moments = sa.cast(_array("moments", map(str, naive)), postgresql.ARRAY(sa.DateTime))
            rows = sa.func.unnest(ids, moments).table_valued("merchant", "since", name="cohort")
            return rows.render_derived()
        if self is Flavour.DUCKDB:
            return sa.select(
                sa.func.unnest(sa.bindparam("merchants", list(merchants))).label("merchant"),
                sa.func.unnest(sa.bindparam("moments", naive)).label("since"),
            ).subquery("cohort")
        columns = sa.column("merchant", sa.Text), sa.column("since", sa.Text)
        pairs = [(merchant, str(moment)) for merchant, moment in zip(merchants, naive, strict=True)]
        texts = sa.values(*columns, name="given").data(pairs)
        as_moment = sa.cast(texts.c.since, sa.TIMESTAMP).label("since")
        return sa.select(texts.c.merchant, as_moment).subquery("cohort")


def _array(name: str, texts: Iterable[str]) -> ColumnElement[Sequence[str]]:
    """Texts as one parameter, which PostgreSQL takes apart: the driver is slow with arrays."""
    texts = list(texts)
    mark = next(mark for mark in map(chr, range(31, 0, -1)) if not any(mark in t for t in texts))
    joined = sa.bindparam(name, mark.join(texts), sa.Text)
    return sa.func.string_to_array(joined, mark, type_=postgresql.ARRAY(sa.Text))


def moment(at: datetime) -> Moment:
    """An instant as a literal: sessions are in UTC, so it needs no zone."""
    return sa.literal_column(f"TIMESTAMP '{_naive(at).isoformat(' ')}'", sa.DateTime)


def later(column: Moment, by: timedelta) -> Moment:
    """A moment and a length of time after it."""
    seconds, microseconds = divmod(by // _MICROSECOND, _SECOND)
    fraction = f".{microseconds:06d}" if microseconds else ""
    interval: ColumnElement[timedelta] = sa.literal_column(f"INTERVAL '{seconds}{fraction}' SECOND")
    return sa.type_coerce(column + interval, sa.DateTime)


def readable(column: Moment) -> Moment:
    """A moment as Python can hold it: those before or after all it knows become its first or last.

    A column may hold `infinity` or the year 20000. One such row must not hide all others.
    """
    return sa.case(
        (column < moment(_FIRST), moment(_FIRST)),
        (column > moment(_LAST), moment(_LAST)),
        else_=column,
    )


def as_utc(at: datetime | None) -> datetime | None:
    """A moment as an engine delivers it, with its zone: without one it is UTC."""
    if at is None:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)
