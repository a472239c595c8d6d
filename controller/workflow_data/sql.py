"""The workflow data in a database that SQLAlchemy reaches; see the port in `interface.py`.

Where a question goes in and counts come out. The ledger, and with it the cohort, is always in the
app's database; the runs may be there too, or in a replica or a warehouse with its own address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.expression import FromClause, Select

from controller.domain.environment import Environment
from controller.domain.gate_policy import DeterministicGate
from controller.gate.characteristics import Traffic
from controller.gate.counts import Baseline, Freshness, GateCounts, Identity, Tally, Uncounted
from controller.workflow_data import baseline, catalog, cohorts
from controller.workflow_data.answers import Answers, attempt, wanted_rates, wanted_totals
from controller.workflow_data.asking import Asker, CannotCountError, said
from controller.workflow_data.cohorts import Found
from controller.workflow_data.counting import Counter, Tactics
from controller.workflow_data.flavour import Flavour, as_utc, moment
from controller.workflow_data.interface import Question
from controller.workflow_data.notable import number_of
from controller.workflow_data.outcomes import Clock, Outcomes
from controller.workflow_data.session import Source
from controller.workflow_data.tables import Tables
from controller.workflow_data.treated import Treated

_MONTH: Final = timedelta(days=30)
_NOT_APPLIED: Final = "no phase was ever applied"


class SqlWorkflowData:
    """Counts over the app's tables, wherever they are.

    Args:
        environment: Names of tables, columns and statuses; how long a statement may take.
        app_address: Of the app's database, which holds the ledger.
        own_address: Of the workflow data, where it is not there too.
        tactics: How to count, where it is not to be chosen by what is known of the data; the counts
            are the same.

    Raises:
        UsageError: An address is none, or its driver is not installed.
    """

    def __init__(
        self,
        environment: Environment,
        app_address: str,
        own_address: str | None = None,
        *,
        tactics: Tactics | None = None,
    ) -> None:
        database, settings = environment.database, environment.workflow_data
        patience = database.statement_timeout
        self._database = database
        self._settings = settings
        self._tactics = tactics
        self._app = self._runs = Source.at(app_address, database.url_variable, patience)
        if own_address is not None and own_address != app_address:
            self._runs = Source.at(own_address, settings.url_variable, patience)
        self._tables = Tables.of(settings, database.schema, self._runs.flavour)

    def close(self) -> None:
        """Give the connections back."""
        self._app.engine.dispose()
        self._runs.engine.dispose()

    def count(self, question: Question) -> GateCounts:
        """Count everything that the question's policy asks for, in one view of the data."""
        try:
            with self._asking(question) as (asker, found):
                return self._count(question, asker, found)
        except CannotCountError as error:
            return _nothing(question, Uncounted(str(error)))
        except SQLAlchemyError as error:
            return _nothing(question, Uncounted(said(error, self._runs)))

    def measure_baseline(self, question: Question) -> Baseline | Uncounted:
        """How it was in the window that ends with `Question.since`, frozen with its hash."""
        if question.since is None:
            return Uncounted(_NOT_APPLIED)
        window = Clock(
            starts=question.since - self._settings.baseline_window,
            ends=question.since,
            at=question.now,
            now=question.now,
            deadline=question.policy.timing.outcome_deadline,
        )
        try:
            with self._asking(question) as (asker, _):
                return baseline.measure(asker, self._tables, window)
        except CannotCountError as error:
            return Uncounted(str(error))
        except SQLAlchemyError as error:
            return Uncounted(said(error, self._runs))

    def traffic(self, now: datetime) -> Traffic | Uncounted:
        """All merchants that had a run in the last 30 days, and their runs a day."""
        merchant, created = (self._tables.column(f"run.{n}") for n in ("merchant", "created_at"))
        window = (created > moment(now - _MONTH)) & (created <= moment(now))
        count = sa.func.count().label("runs")
        merchants = sa.select(count).where(window).group_by(merchant).subquery("merchants")
        runs = sa.func.coalesce(sa.func.sum(merchants.c.runs), 0).label("runs")
        statement = sa.select(sa.func.count().label("merchants"), runs).select_from(merchants)
        try:
            with self._runs.reading() as connection:
                row = connection.execute(statement).mappings().one()
        except SQLAlchemyError as error:
            return Uncounted(said(error, self._runs))
        return Traffic(int(row["merchants"]), int(row["runs"]) / _MONTH.days)

    @contextmanager
    def _asking(self, question: Question) -> Iterator[tuple[Asker, Found]]:
        """Open the sessions and find out who is in the cohort."""
        if question.cohort is None and self._runs is self._app:
            with self._app.reading() as connection:
                found = self._found(connection, question)
                cohort = cohorts.recorded(question, self._database)
                yield self._asker(connection, (cohort,), question), found
            return
        if question.cohort is None:
            with self._app.reading() as connection:
                found = self._found(connection, question)
                members = cohorts.fetched(connection, cohorts.recorded(question, self._database))
        else:
            found, members = cohorts.given(question, question.cohort), question.cohort
        parts = cohorts.batches(members, self._runs.flavour)
        with self._runs.reading() as connection:
            yield self._asker(connection, parts, question), found

    def _asker(
        self, connection: Connection, parts: tuple[FromClause, ...], question: Question
    ) -> Asker:
        clock, flavour = _clock(question), self._runs.flavour
        index = catalog.RunIndex()
        if flavour is Flavour.POSTGRESQL:
            index = catalog.run_index(connection, self._tables)
        if index.in_memory:
            self._runs.expect_index_in_memory(connection)

        def treated(cohort: FromClause) -> Treated:
            return Treated(flavour, self._tables, clock, cohort, by_index=index.leads)

        return Asker(self._runs, connection, parts, treated)

    def _found(self, connection: Connection, question: Question) -> Found:
        if question.column is None and not question.in_the_past:
            raise CannotCountError(f"`{question.flag}` has no value of its own for each merchant")
        cohort = cohorts.recorded(question, self._database)
        statement = cohorts.comparison(question, self._database, cohort)
        row = connection.execute(statement).mappings().one()
        recorded = int(row["recorded"])
        identity = Identity(
            phase_applied=question.applied,
            since=question.since,
            halted=question.halted,
            cohort_recorded=recorded,
            cohort_found=int(row["found"]),
            missing=int(row["missing"]),
            extra=int(row["extra"]),
            cohort_counted=recorded,
        )
        return Found(identity, int(row["late"]), int(row["merchants"]))

    def _count(self, question: Question, asker: Asker, found: Found) -> GateCounts:
        if question.since is None:
            raise CannotCountError(_NOT_APPLIED)
        counter = Counter(question, asker, self._tactics or _tactics(asker, found), question.since)
        answers = Answers.to(counter, self._settings.measures)
        runs, policy = answers.runs, question.policy
        return GateCounts(
            environment=question.environment,
            flag=question.flag,
            phase=question.phase,
            identity=found.identity,
            freshness=attempt(lambda: self._freshness(question, asker)),
            population=runs if isinstance(runs, Uncounted) else runs.population(counter.window),
            rates=answers.rates(),
            totals=answers.totals(),
            durations=attempt(lambda: counter.durations(policy.duration_proceed))
            if isinstance(policy, DeterministicGate)
            else Uncounted("only a deterministic gate asks for durations"),
            baseline=question.baseline,
            untreated=attempt(lambda: _untreated(asker)),
            produced=attempt(counter.produced) if isinstance(policy, DeterministicGate) else None,
        )

    def _freshness(self, question: Question, asker: Asker) -> Freshness:
        created = self._tables.column("run.created_at")
        newest = sa.select(sa.func.max(created).label("newest")).where(
            created <= moment(_clock(question).seen)
        )
        young = created > moment(question.moment - question.policy.timing.max_staleness)
        # The first is quick where an index on the time leads to the newest runs.
        found = asker.rows(newest.where(young))[0]["newest"] or asker.rows(newest)[0]["newest"]
        postgres = asker.source.flavour is Flavour.POSTGRESQL
        return Freshness(as_utc(found), catalog.replica_lag(asker.connection) if postgres else None)


def _clock(question: Question) -> Clock:
    return Clock(
        starts=question.since or question.moment,
        ends=None,
        at=question.moment,
        now=question.now,
        deadline=question.policy.timing.outcome_deadline,
    )


def _tactics(asker: Asker, found: Found) -> Tactics:
    if asker.source.flavour is not Flavour.POSTGRESQL or len(asker.cohorts) > 1:
        return Tactics(everyone=False, whole_tables=False)
    most = found.identity.cohort_counted * 2 >= found.merchants
    return Tactics(everyone=most and not found.late, whole_tables=most)


def _untreated(asker: Asker) -> Tally:
    """Everyone's runs in the window, less those of the cohort's merchants."""

    def of_cohort(treated: Treated) -> Select[Any]:
        columns = _done_of_matured(treated.outcomes)
        return sa.select(*columns).select_from(treated.source).where(treated.outcomes.in_window)

    treated = asker.treated(asker.cohorts[0])
    everyone = asker.rows(treated.of_everyone(*_done_of_matured(treated.outcomes)))[0]
    ours = asker.one(of_cohort)
    return Tally(
        int(everyone["done"]) - int(ours["done"]), int(everyone["matured"]) - int(ours["matured"])
    )


def _done_of_matured(outcomes: Outcomes) -> list[Any]:
    return [number_of(outcomes.done()).label("done"), number_of(outcomes.matured).label("matured")]


def _nothing(question: Question, why: Uncounted) -> GateCounts:
    return GateCounts(
        environment=question.environment,
        flag=question.flag,
        phase=question.phase,
        identity=why,
        freshness=why,
        population=why,
        rates=dict.fromkeys(wanted_rates(question.policy), why),
        totals=dict.fromkeys(wanted_totals(question.policy), why),
        durations=why,
        baseline=question.baseline,
        untreated=why,
    )
