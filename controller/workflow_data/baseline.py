"""The baseline: how it was before, with a lower bound of the median that few runs cannot fool.

Once, when the first phase was applied.
"""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import FromClause, Select

from controller.gate.baseline import frozen
from controller.gate.counts import Baseline, BaselineSource, Tally
from controller.gate.statistics import median_lower_rank
from controller.workflow_data.asking import Asker, CannotCountError
from controller.workflow_data.counting import unjudged
from controller.workflow_data.flavour import moment
from controller.workflow_data.notable import number_of
from controller.workflow_data.outcomes import UNKNOWN_STATUS, Clock
from controller.workflow_data.ranked import Ask, value_at
from controller.workflow_data.tables import Tables
from controller.workflow_data.treated import Treated


def measure(asker: Asker, tables: Tables, window: Clock) -> Baseline:
    """Measure the cohort's own runs of a window, or everyone else's where those are too few.

    Args:
        asker: Knows the cohort; when each merchant got the feature does not matter here.
        tables: Where the runs are.
        window: Its beginning, its end, and the present.

    Raises:
        CannotCountError: A statement failed, or there are runs of unknown status.
    """
    own = _measure(asker, tables, window, BaselineSource.SAME_MERCHANTS)
    if own.median_bound is not None or len(asker.cohorts) > 1:
        return own
    return _measure(asker, tables, window, BaselineSource.UNTREATED)


def _measure(asker: Asker, tables: Tables, window: Clock, source: BaselineSource) -> Baseline:
    def treated(cohort: FromClause) -> Treated:
        begins = moment(window.starts).label("since")
        if source is BaselineSource.SAME_MERCHANTS:
            chosen = sa.select(cohort.c.merchant, begins)
        else:
            merchant = tables.column("run.merchant")
            has_it = sa.exists().where(cohort.c.merchant == merchant)
            chosen = sa.select(merchant.label("merchant"), begins).where(~has_it).distinct()
        return Treated(asker.source.flavour, tables, window, chosen.subquery("compared"))

    ask = replace(asker, treated=treated).many
    _refuse_unknown(ask)
    sums = ask(_sums)
    durations = sum(int(row["durations"]) for row in sums)
    rank = median_lower_rank(durations)
    return frozen(
        Baseline(
            source=source,
            starts=window.starts,
            ends=window.ends or window.at,
            merchants=sum(int(row["merchants"]) for row in sums),
            completed=Tally(
                sum(int(row["done"]) for row in sums), sum(int(row["matured"]) for row in sums)
            ),
            durations=durations,
            median_bound=None if rank is None else value_at(rank, ask),
            measured_at=window.now,
            hash="",
        )
    )


def _refuse_unknown(ask: Ask) -> None:
    runs = sum(int(row["runs"]) for row in ask(unjudged) if row["why"] == UNKNOWN_STATUS)
    if runs:
        raise CannotCountError(f"{runs} runs before the rollout are {UNKNOWN_STATUS}")


def _sums(treated: Treated) -> Select[Any]:
    outcomes = treated.outcomes
    merchants = (
        treated.select(
            number_of(outcomes.matured).label("matured"),
            number_of(outcomes.done()).label("done"),
            number_of(outcomes.measured()).label("durations"),
        )
        .group_by(treated.merchant)
        .subquery("merchants")
    )
    columns = [
        sa.func.coalesce(sa.func.sum(merchants.c[name]), 0).label(name)
        for name in ("matured", "done", "durations")
    ]
    return sa.select(*columns, number_of(merchants.c.matured > 0).label("merchants"))
