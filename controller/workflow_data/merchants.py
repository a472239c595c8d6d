"""What every merchant did in a month, and which of them suit a pilot best, in one statement.

For `candidates`. Runs are added up a merchant, the rules are asked of the sums, and only the best
and a row of totals leave the database. Outcomes are decided by the same conditions as the gate's.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.expression import CTE, ColumnElement, FromClause, Select

from controller.domain.candidates import (
    BY_ACTIVITY,
    Activity,
    CandidateRules,
    Fitness,
    MerchantActivity,
)
from controller.workflow_data.asking import Row
from controller.workflow_data.flavour import Flavour, as_utc, moment
from controller.workflow_data.notable import number_of, total
from controller.workflow_data.outcomes import Clock, Condition, Outcomes
from controller.workflow_data.tables import Tables

_WHOLE: Final = 10_000
_PERMILLE: Final = 1_000


def best_merchants(
    tables: Tables, flavour: Flavour, rules: CandidateRules, now: datetime, *, limit: int
) -> Select[Any]:
    """Add up what merchants did, and choose the best; a row each, all with the totals.

    Args:
        tables: Where the runs are.
        flavour: The engine they are in.
        rules: What is asked of a merchant.
        now: The app database's clock.
        limit: How many merchants to return; with none at all, there is a row of totals alone.
    """
    facts = _facts(tables, flavour, rules, now)
    busiest = _busiest(facts, rules)
    broken = _broken(facts, busiest, rules, now)
    columns = [sa.case((condition, 1), else_=0).label(name) for name, condition in broken.items()]
    assessed = (
        sa.select(*facts.c, *columns, busiest.c.busiest_from)
        .select_from(facts.join(busiest, sa.true()))
        .cte("assessed")
    )
    best = _best(assessed, flavour, rules, limit)
    totals = _totals(assessed)
    chosen = [column for column in best.c if column.name in _FACTS]
    return sa.select(*chosen, *totals.c).select_from(totals.outerjoin(best, sa.true()))


_FACTS: Final = (
    "merchant",
    "runs",
    "matured",
    "good",
    "failed_lately",
    "stuck_lately",
    "last_run",
    "measured",
    "took",
)


def _facts(tables: Tables, flavour: Flavour, rules: CandidateRules, now: datetime) -> CTE:
    """One row a merchant that had a run."""
    clock = Clock(now - rules.month, None, now, now, rules.stuck_after)
    outcomes, merchant = Outcomes.of(tables, clock), tables.column("run.merchant")
    created, settings = outcomes.created, tables.settings
    lately = created >= moment(now - rules.trouble_free)
    explained = outcomes.status.in_((*settings.completed, *settings.failed, *settings.running))
    # Whole numbers up to 285 years are exact in it, and it adds up quicker than a big integer.
    took = sa.cast(flavour.microseconds(created, outcomes.completed), sa.Double)
    return (
        sa.select(
            merchant.label("merchant"),
            sa.func.count().label("runs"),
            number_of(outcomes.matured).label("matured"),
            number_of(outcomes.done()).label("good"),
            number_of(lately & outcomes.failed).label("failed_lately"),
            number_of(lately & outcomes.stuck).label("stuck_lately"),
            number_of(sa.not_(sa.func.coalesce(explained, sa.false()))).label("unknown"),
            sa.func.max(created).label("last_run"),
            number_of(outcomes.measured()).label("measured"),
            sa.func.sum(sa.case((outcomes.measured(), took), else_=0.0)).label("took"),
        )
        .where(
            merchant.is_not(None),
            created >= moment(clock.starts),
            created <= moment(clock.impossible),
        )
        .group_by(merchant)
        .cte("facts")
    )


def _busiest(facts: CTE, rules: CandidateRules) -> FromClause:
    """One row: from how many runs on a merchant is one of the busiest; NULL where nobody is."""
    volumes = (
        sa.select(facts.c.runs, sa.func.count().label("merchants"))
        .group_by(facts.c.runs)
        .subquery("volumes")
    )
    as_busy = sa.func.sum(volumes.c.merchants).over(order_by=volumes.c.runs.desc())
    everyone = sa.func.sum(volumes.c.merchants).over()
    ranked = sa.select(
        volumes.c.runs, as_busy.label("as_busy"), everyone.label("everyone")
    ).subquery("ranked")
    few = ranked.c.as_busy * _WHOLE <= ranked.c.everyone * rules.busiest.basis_points
    return sa.select(sa.func.min(sa.case((few, ranked.c.runs))).label("busiest_from")).subquery(
        "busiest"
    )


def _broken(
    facts: CTE, busiest: FromClause, rules: CandidateRules, now: datetime
) -> dict[Fitness, Condition]:
    """When each rule speaks against a merchant: the contrary of `domain.candidates.by_activity`."""
    enough = facts.c.good * _WHOLE > facts.c.matured * rules.success_above.basis_points
    return {
        Fitness.ACTIVE: facts.c.last_run < moment(now - rules.active_within),
        Fitness.RELIABLE: sa.not_(enough),
        Fitness.MODERATE: sa.not_(facts.c.runs.between(rules.runs_min, rules.runs_max)),
        Fitness.NOT_BUSIEST: facts.c.runs >= busiest.c.busiest_from,
        Fitness.NO_FAILURES: facts.c.failed_lately > 0,
        Fitness.NOTHING_STUCK: facts.c.stuck_lately > 0,
    }


def _against(assessed: CTE) -> ColumnElement[int]:
    first, *others = (assessed.c[fitness] for fitness in BY_ACTIVITY)
    return sum(others, start=first)


def _best(assessed: CTE, flavour: Flavour, rules: CandidateRules, limit: int) -> FromClause:
    matured, runs = assessed.c.matured, assessed.c.runs
    share = sa.case(
        (matured > 0, sa.cast(assessed.c.good, sa.Double) * _PERMILLE / matured), else_=0
    )
    counted = sa.case((runs > rules.runs_max, rules.runs_max), else_=runs)
    score = counted * 100 + sa.cast(sa.func.floor(share), sa.BigInteger)
    merchant = flavour.in_byte_order(assessed.c.merchant)
    order = (_against(assessed), score.desc(), merchant)
    return sa.select(assessed).order_by(*order).limit(limit).subquery("best")


def _totals(assessed: CTE) -> FromClause:
    broken = [total(assessed.c[fitness]).label(f"broken_{fitness}") for fitness in BY_ACTIVITY]
    return sa.select(
        sa.func.count().label("merchants"),
        number_of(_against(assessed) == 0).label("fit"),
        total(assessed.c.unknown).label("unknown_statuses"),
        sa.func.max(assessed.c.busiest_from).label("busiest_from"),
        *broken,
    ).subquery("totals")


def activity_of(rows: list[Row]) -> Activity:
    """What the statement returned, as the domain's value; in the order of the database."""
    totals, threshold = rows[0], rows[0]["busiest_from"]
    return Activity(
        merchants=int(totals["merchants"]),
        fit=int(totals["fit"]),
        broken={fitness: int(totals[f"broken_{fitness}"]) for fitness in BY_ACTIVITY},
        busiest_from=None if threshold is None else int(threshold),
        unknown_statuses=int(totals["unknown_statuses"]),
        best=tuple(_merchant(row) for row in rows if row["merchant"] is not None),
    )


def _merchant(row: Mapping[str, Any]) -> MerchantActivity:
    last_run, measured = as_utc(row["last_run"]), int(row["measured"])
    assert last_run is not None  # noqa: S101 -- only runs with a time are counted
    return MerchantActivity(
        merchant=str(row["merchant"]),
        runs=int(row["runs"]),
        matured=int(row["matured"]),
        good=int(row["good"]),
        failed_lately=int(row["failed_lately"]),
        stuck_lately=int(row["stuck_lately"]),
        last_run=last_run,
        mean_duration=timedelta(microseconds=int(row["took"]) // measured) if measured else None,
    )
