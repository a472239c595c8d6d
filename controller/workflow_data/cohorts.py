"""Who has the feature, and since when: the ledger's word, held against the app's own table.

First of all counts. The ledger's changes are in the app's database. Where the runs are there too,
the cohort is a join; otherwise it is read here and travels in batches.
"""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import CTE, ColumnElement, FromClause, Select, TableClause

from controller.domain.environment import DatabaseSettings
from controller.gate.counts import Identity
from controller.workflow_data.flavour import Flavour, as_utc, moment
from controller.workflow_data.interface import Cohort, Question

_HISTORY: Final = sa.table(
    "history",
    *(
        sa.column(name)
        for name in ("environment", "flag", "merchant_id", "generation", "at", "value")
    ),
    schema="rollout",
)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about the cohort.

    Attributes:
        late: Merchants that got the feature after the phase began.
        merchants: All merchants there are.
    """

    identity: Identity
    late: int
    merchants: int


def recorded(question: Question, settings: DatabaseSettings) -> CTE:
    """The merchants that the ledger has as turned on, with columns `merchant` and `since`."""
    merchant = app_table(settings, settings.tables.merchant, settings.tables.merchant_id)
    last, on = _last_changes(question)
    changed = (
        sa.select(last.c.merchant, last.c.since)
        .join(merchant, merchant.c[0] == last.c.merchant)
        .where(on)
    )
    parts = [changed]
    if question.named and question.column and question.since:
        parts.append(_named_before(question, settings, last))
    return sa.union_all(*parts).cte("cohort").prefix_with("MATERIALIZED", dialect="postgresql")


def _last_changes(question: Question) -> tuple[CTE, ColumnElement[bool]]:
    history = _HISTORY.c
    on = sa.func.max(history.generation).filter(history.value)
    since = sa.cast(sa.func.max(history.at).filter(history.value), sa.DateTime)
    # The ledger's ids are in byte order, the app's in the database's own.
    merchant = sa.collate(history.merchant_id, "default").label("merchant")
    last = (
        sa.select(
            merchant,
            since.label("since"),
            (on == sa.func.max(history.generation)).label("is_on"),
        )
        .where(
            history.environment == question.environment,
            history.flag == question.flag,
            history.at <= moment(question.moment),
        )
        .group_by(history.merchant_id)
        .cte("last_changes")
        # Without this the planner takes the comparison of two maxima for very rare.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return last, last.c.is_on


def _named_before(question: Question, settings: DatabaseSettings, last: CTE) -> Select[Any]:
    """Merchants that files name and that had the value before the ledger began to record."""
    config = _config(question, settings)
    assert question.since is not None  # noqa: S101 -- the caller looked
    names = sa.bindparam("named", sorted(question.named), postgresql.ARRAY(sa.Text))
    return sa.select(config.c.merchant, moment(question.since).label("since")).where(
        config.c.merchant == sa.func.any(names),
        ~sa.exists().where(last.c.merchant == config.c.merchant),
    )


def _config(question: Question, settings: DatabaseSettings) -> FromClause:
    tables = settings.tables
    owner, value = tables.config_merchant_id, str(question.column)
    config = app_table(settings, tables.merchant_config, owner, value)
    return sa.select(config.c[owner].label("merchant")).where(config.c[value]).subquery("found")


def app_table(settings: DatabaseSettings, name: str, *columns: str) -> TableClause:
    """A table of the app's, in its schema."""
    return sa.table(name, *(sa.column(column) for column in columns), schema=settings.schema)


def comparison(question: Question, settings: DatabaseSettings, cohort: CTE) -> Select[Any]:
    """How the ledger's cohort compares with the app's table of values; one row."""
    start = moment(question.since or question.moment)
    merchants = sa.select(sa.func.count()).select_from(
        app_table(settings, settings.tables.merchant, settings.tables.merchant_id)
    )
    late = sa.func.count().filter(cohort.c.since > start)
    everyone = merchants.scalar_subquery().label("merchants")
    if question.in_the_past:
        count = sa.func.count(cohort.c.merchant)
        nobody = sa.literal(0)
        return sa.select(
            count.label("recorded"),
            count.label("found"),
            nobody.label("missing"),
            nobody.label("extra"),
            late.label("late"),
            everyone,
        )
    found = _config(question, settings)
    both = cohort.join(found, found.c.merchant == cohort.c.merchant, full=True)
    ours, theirs = cohort.c.merchant, found.c.merchant
    return sa.select(
        sa.func.count(ours).label("recorded"),
        sa.func.count(theirs).label("found"),
        sa.func.count().filter(theirs.is_(None)).label("missing"),
        sa.func.count().filter(ours.is_(None)).label("extra"),
        late.label("late"),
        everyone,
    ).select_from(both)


def given(question: Question, cohort: Cohort) -> Found:
    """The identity of a cohort that the caller vouches for."""
    size, since = len(cohort.since), question.since
    late = sum(since is not None and at > since for at in cohort.since.values())
    identity = Identity(question.applied, since, question.halted, size, size, 0, 0, size)
    return Found(identity, late, size)


def fetched(connection: Connection, cohort: FromClause) -> Cohort:
    """The merchants of a recorded cohort, to be sent to another database."""
    rows = connection.execute(sa.select(cohort.c.merchant, cohort.c.since))
    since = {merchant: as_utc(at) for merchant, at in rows}
    return Cohort({merchant: at for merchant, at in since.items() if at is not None})


def batches(cohort: Cohort, flavour: Flavour) -> tuple[FromClause, ...]:
    """A cohort as tables that can be sent along with a statement."""
    merchants = sorted(cohort.since)
    size = flavour.cohort_batch
    parts = [merchants[start : start + size] for start in range(0, len(merchants), size)] or [[]]
    return tuple(flavour.cohort(part, [cohort.since[one] for one in part]) for part in parts)
