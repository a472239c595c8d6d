"""Whatever cannot be asked becomes a fact; gathering itself never fails."""

from dataclasses import replace

import pytest

from controller.doctor.facts import GitFacts
from controller.doctor.gathering import gather
from controller.domain.desired import Desired
from controller.domain.environment import DeployEnvSettings
from controller.errors import DatabaseUnreachable, UsageError
from tests.merchant_store.builders import Shop, desired, environment

ELSEWHERE = {"WORKFLOW_DATABASE_URL": "snowflake://somewhere"}


@pytest.fixture
def files():
    bare = environment()
    data = replace(
        bare.workflow_data,
        url_variable="WORKFLOW_DATABASE_URL",
        tables={"run": "WorkflowExecution"},
        columns={
            "run.merchant": "merchantId",
            "run.created_at": "createdAt",
            "run.status": "status",
        },
    )
    database = replace(bare.database, url_variable="DATABASE_URL")
    env = replace(bare, workflow_data=data, database=database)
    return Desired(env, (desired(),), {}, (), None)


def test_a_shop_where_everything_answers(files, prisma_database, tmp_path):
    Shop(prisma_database).add("m1")
    found = gather(tmp_path, (), files, {"DATABASE_URL": prisma_database})
    assert found.git == GitFacts()
    assert found.has_url
    assert found.database.merchants.count == 1
    assert set(found.store.named) == {"m1"}
    assert found.deploy is None
    assert not found.runs_elsewhere


def test_no_files_and_no_address(files, tmp_path):
    assert gather(tmp_path, (), None, {}).desired is None
    found = gather(tmp_path, (), files, {})
    assert (found.has_url, found.database, found.store) == (False, None, None)


def test_a_database_that_does_not_answer(files, tmp_path):
    found = gather(tmp_path, (), files, {"DATABASE_URL": "postgresql://x@127.0.0.1:1/none"})
    assert isinstance(found.database, DatabaseUnreachable)
    assert isinstance(found.store, DatabaseUnreachable)


def test_runs_in_another_database_are_not_looked_for(files, prisma_database, tmp_path):
    variables = {"DATABASE_URL": prisma_database, **ELSEWHERE}
    found = gather(tmp_path, (), files, variables)
    assert found.runs_elsewhere
    assert found.database.runs is None


def test_a_deploy_environment_that_cannot_be_opened(files, tmp_path):
    env = replace(files.environment, deploy_env=DeployEnvSettings("nowhere", {}))
    found = gather(tmp_path, (), replace(files, environment=env), {})
    assert isinstance(found.deploy, UsageError)
