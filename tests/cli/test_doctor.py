"""`rolloutctl doctor`: the preflight on a real repository and a real database."""

import os
import re

import pytest

from tests.cli.desk import FLAG
from tests.golden_files import assert_golden, same_every_day

_VERSION = re.compile(r"PostgreSQL \d+\.\d+")


def health(done):
    return {check["check"]: check["health"] for check in done.json["checks"]}


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="what it says is of the server")
def test_before_the_first_rollout(desk):
    done = desk.run("doctor")
    assert done.code == 0
    assert_golden("cli/doctor.txt", _VERSION.sub("<version>", same_every_day(done.out)))


def test_after_it(desk):
    desk.run("reconcile")
    found = health(desk.run("doctor", "--format", "json"))
    for name in ("unique_merchant", "flag_columns", "ledger_version", "variables_set"):
        assert found[name] == "ok"


def test_a_missing_variable_fails_and_the_rest_is_still_looked_at(desk):
    done = desk.run("doctor", "--format", "json", env={"DATABASE_URL": None})
    assert done.code == 2
    found = health(done)
    assert found["database_url"] == "fail"
    assert found["merchant_table"] == "not_checked"
    assert found["deploy_env_reachable"] == "ok"


def test_a_database_that_does_not_answer_may_answer_later(desk):
    done = desk.run("doctor", env={"DATABASE_URL": "postgresql://postgres:s3cret@127.0.0.1:1/none"})
    assert done.code == 9
    assert "s3cret" not in done.out + done.err


def test_invalid_files_end_nothing_but_what_needs_them(desk):
    desk.write(f"flags/{FLAG}.yaml", "key: [\n")
    done = desk.run("doctor", "--format", "json")
    assert done.code == 2
    found = health(done)
    assert (found["files_valid"], found["git_history"]) == ("fail", "ok")
    assert found["database_reachable"] == "not_checked"


def test_a_pilot_that_does_not_exist_fails(desk):
    desk.edit(f"rollout/{FLAG}.yaml", "[m01]", "[m01, nobody]")
    done = desk.run("doctor", "--format", "json")
    assert done.code == 2
    assert health(done)["pilot_merchants"] == "fail"


def test_a_shallow_clone_fails(desk, tmp_path):
    desk.commit("A second commit")
    clone = tmp_path / "clone"
    desk.git("clone", "--quiet", "--depth", "1", f"file://{desk.root}", str(clone))
    shallow = type(desk)(clone, desk.url, desk.variables)
    done = shallow.run("doctor", "--format", "json")
    assert health(done)["git_history"] == "fail"


def test_nothing_is_changed(desk):
    before = desk.sql("SELECT relname FROM pg_class ORDER BY 1")
    desk.run("doctor")
    assert desk.sql("SELECT relname FROM pg_class ORDER BY 1") == before
    assert desk.git("status", "--porcelain") == ""
    assert not (desk.root / "app.env").exists()
