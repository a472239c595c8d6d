"""The fate of single runs, as columns of a statement and as the value that they are read into.

Between the conditions in `outcomes.py` and whatever lists runs one by one: for `analyze` and for
`monitor`, the same words as in every count.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from controller.gate.single_run import Fate, RunOutcome
from controller.workflow_data.asking import Row
from controller.workflow_data.outcomes import Outcomes

_WHY = "why"


def why_unjudged(outcomes: Outcomes) -> ColumnElement[Any]:
    """Why a run that has not matured has not; needed once a statement."""
    return outcomes.why_unjudged.label(_WHY)


def fate_columns(outcomes: Outcomes, on_time: timedelta, number: int = 0) -> list[Any]:
    """What a gate would say of a run; `number` keeps those of several gates apart."""
    conditions = {
        "matured": outcomes.matured,
        "done": outcomes.done(),
        "failed": outcomes.failed,
        "on_time": outcomes.done(on_time),
    }
    return [
        sa.case((condition, 1), else_=0).label(f"{name}_{number}")
        for name, condition in conditions.items()
    ]


def outcome_of(row: Row, number: int = 0) -> RunOutcome:
    """The value of those columns."""
    matured, done, failed = (
        bool(row[f"{name}_{number}"]) for name in ("matured", "done", "failed")
    )
    if done:
        return RunOutcome(Fate.COMPLETED, on_time=bool(row[f"on_time_{number}"]))
    if matured:
        return RunOutcome(Fate.FAILED if failed else Fate.STUCK)
    why = str(row[_WHY])
    return RunOutcome(Fate.PENDING) if why == Fate.PENDING else RunOutcome(Fate.EXCLUDED, why=why)
