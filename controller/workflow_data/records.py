"""Merchants and single runs for people who look, in a database that SQLAlchemy reaches.

Beside `sql.py`, which counts for the gate: the same tables, the same sessions, the same conditions.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.expression import FromClause

from controller.domain.candidates import Activity, CandidateRules
from controller.domain.environment import Environment
from controller.errors import Refused
from controller.gate.single_run import SingleRun
from controller.workflow_data import merchants, single_run
from controller.workflow_data.asking import Asker, CannotCountError, cannot_be_read
from controller.workflow_data.flavour import Flavour, as_utc
from controller.workflow_data.interface import RunOwner, RunQuestion
from controller.workflow_data.outcomes import UNKNOWN_STATUS
from controller.workflow_data.session import Source
from controller.workflow_data.tables import Tables
from controller.workflow_data.treated import Treated

# Measured over 10 M runs of 1 M merchants: the runs of a month are read once, as they lie, and
# added up in memory. Along an index, or sorted on disk, it takes three times as long.
_MANY_GROUPS: Final[Mapping[str, str]] = {"work_mem": "128MB", "random_page_cost": "4"}


class SqlRunRecords:
    """Reads merchants and single runs, wherever the app's tables are.

    Args:
        environment: Names of tables, columns and statuses; how long a statement may take.
        app_address: Of the app's database.
        own_address: Of the workflow data, where it is not there.

    Raises:
        UsageError: An address is none, or its driver is not installed.
    """

    def __init__(
        self, environment: Environment, app_address: str, own_address: str | None = None
    ) -> None:
        database, settings = environment.database, environment.workflow_data
        address, variable = app_address, database.url_variable
        if own_address is not None:
            address, variable = own_address, settings.url_variable
        self._source = Source.at(address, variable, database.statement_timeout)
        self._tables = Tables.of(settings, database.schema, self._source.flavour)

    def close(self) -> None:
        """Give the connection back."""
        self._source.engine.dispose()

    def activity(self, rules: CandidateRules, now: datetime, *, limit: int) -> Activity:
        """What every merchant did lately, and those of them that suit the rules best."""
        statement = merchants.best_merchants(
            self._tables, self._source.flavour, rules, now, limit=limit
        )
        with self._asking(_MANY_GROUPS) as asker:
            found = merchants.activity_of(asker.rows(statement))
        if found.unknown_statuses:
            raise Refused(
                f"{found.unknown_statuses} runs are {UNKNOWN_STATUS}",
                "say in workflow_data of the environment's file whether it means completed, failed "
                "or running",
            )
        return found

    def owner(self, run: str) -> RunOwner | None:
        """Whose run an id is; None where there is no such run."""
        with self._asking() as asker:
            found = asker.rows(single_run.owner(self._tables, run))
        if not found:
            return None
        return RunOwner(str(found[0]["merchant"] or ""), as_utc(found[0]["created"]))

    def runs_like(self, beginning: str, limit: int) -> tuple[str, ...]:
        """The ids of runs that begin so, sorted."""
        with self._asking() as asker:
            rows = asker.rows(single_run.alike(self._tables, beginning, limit))
        return tuple(str(row["run"]) for row in rows)

    def single_run(self, question: RunQuestion) -> SingleRun:
        """Everything about one run, in one view of the data."""
        window = self._tables.settings.baseline_window
        with self._asking() as asker:
            reading = single_run.Reading(
                asker, self._tables, self._source.flavour, question, window
            )
            found = reading.read()
        if found is None:
            raise Refused(f"the run {question.run} was deleted a moment ago", "")
        return found

    @contextmanager
    def _asking(self, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[Asker]:
        try:
            with self._source.reading() as connection:
                if settings and self._source.flavour is Flavour.POSTGRESQL:
                    local = [sa.func.set_config(name, to, True) for name, to in settings.items()]
                    connection.execute(sa.select(*local))
                yield Asker(self._source, connection, (), _nobody)
        except (CannotCountError, SQLAlchemyError) as error:
            raise cannot_be_read(error, self._source) from error


def _nobody(cohort: FromClause) -> Treated:
    raise NotImplementedError  # nothing is asked about a cohort here
