"""Looking at merchants and runs reads where the workflow data is, and keeps its words on errors."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from controller.domain.candidates import CandidateRules
from controller.errors import DatabaseUnreachable, Refused, UsageError
from controller.workflow_data.interface import RunQuestion
from controller.workflow_data.opening import open_run_records
from controller.workflow_data.records import SqlRunRecords
from tests.workflow_data.engines import loose_postgres
from tests.workflow_data.test_single_run import LIMITS, stored
from tests.workflow_data.world import NOW, Run, World, environment

APP = {"DATABASE_URL": "postgresql://127.0.0.1:1/app"}


def test_the_workflow_datas_own_address_is_read(database):
    world = World()
    world.run("r1")
    loose_postgres(database, world)
    records = open_run_records(environment(), {**APP, "WORKFLOW_DATABASE_URL": database})
    assert records.activity(CandidateRules(), NOW, limit=5).merchants == 1
    records.close()
    with pytest.raises(DatabaseUnreachable, match="cannot be read"):
        open_run_records(environment(), APP).owner("r1")


def test_without_an_address_it_says_what_to_set():
    with pytest.raises(UsageError, match="DATABASE_URL"):
        open_run_records(environment(), {})


def test_other_names_of_tables_and_columns_are_those_of_the_environments_file(database):
    world = World()
    world.run("r1")
    loose_postgres(database, world)
    with psycopg.connect(database) as connection:
        connection.execute('ALTER TABLE "WorkflowExecution" RENAME "merchantId" TO shop')
        connection.execute('ALTER TABLE "WorkflowExecution" RENAME TO runs')
    settings = environment().workflow_data
    renamed = environment(
        tables={**settings.tables, "run": "runs"},
        columns={**settings.columns, "run.merchant": "shop"},
    )
    records = SqlRunRecords(renamed, database)
    assert records.activity(CandidateRules(), NOW, limit=5).best[0].merchant == "m1"
    assert records.owner("r1").merchant == "m1"


def test_a_run_of_no_merchant_has_an_owner_without_a_name(database):
    world = World()
    world.runs.append(Run("r1", None))
    assert stored(database, world).owner("r1").merchant == ""


def test_a_run_that_was_deleted_meanwhile_is_said_to_be(database):
    records = stored(database, World())
    question = RunQuestion("gone", "m1", NOW - timedelta(hours=1), (LIMITS,), NOW, NOW)
    with pytest.raises(Refused, match="deleted a moment ago"):
        records.single_run(question)


def test_a_statement_that_takes_too_long_may_be_tried_again(database):
    loose_postgres(database, World())
    hasty = environment()
    hasty = replace(
        hasty, database=replace(hasty.database, statement_timeout=timedelta(milliseconds=50))
    )
    with psycopg.connect(database) as blocker:
        blocker.execute('LOCK TABLE "WorkflowExecution" IN ACCESS EXCLUSIVE MODE')
        with pytest.raises(DatabaseUnreachable, match="did not answer within") as caught:
            SqlRunRecords(hasty, database).owner("r1")
    assert caught.value.transient
