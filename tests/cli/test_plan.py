"""`rolloutctl plan`: who is touched, in every format, and nothing is changed."""

import json
import re

import pytest

from tests.cli.desk import COLUMN, FLAG, VARIABLE
from tests.golden_files import assert_golden, same_every_day


@pytest.mark.parametrize("output_format", ["text", "markdown", "json"])
def test_the_first_plan(desk, output_format):
    done = desk.run("plan", "--format", output_format)
    assert done.code == 0
    assert_golden(f"cli/plan_first.{output_format}", _without_hashes(done.out))


@pytest.mark.parametrize("output_format", ["text", "markdown"])
def test_a_promotion_with_drift_and_a_refusal(desk, output_format):
    desk.run("reconcile")
    desk.set_by_hand("m19", value=True)
    desk.promote("pilot", "50%")
    done = desk.run("plan", "--format", output_format)
    assert done.code == 0
    assert_golden(f"cli/plan_refused.{output_format}", _without_hashes(done.out))


def test_a_lifted_guardrail_is_named_with_its_reason(desk):
    desk.run("reconcile")
    desk.promote("pilot", "50%")
    allowed = ("--allow", "skips_phase", "--allow", "soak_not_over", "--reason", "told <everyone>")
    done = desk.run("plan", *allowed)
    assert "guardrails lifted" in done.out
    assert "lifted by ada: told <everyone>" in done.out
    assert "refused" not in done.out


def test_nothing_is_changed(desk):
    desk.run("plan")
    tables = desk.sql("SELECT tablename FROM pg_tables WHERE tablename = 'MerchantConfig'")
    assert tables == []
    assert desk.sql("SELECT 1 FROM pg_namespace WHERE nspname = 'rollout'") == []


def test_the_detailed_exit_code_tells_whether_anything_is_pending(desk):
    assert desk.run("plan", "--detailed-exitcode").code == 3
    desk.run("reconcile")
    assert desk.run("plan", "--detailed-exitcode").code == 0


def test_under_an_external_schema_the_migration_is_printed_and_the_flag_withheld(desk):
    desk.edit("rollout/environments/test.yaml", "schema: managed", "schema: external")
    desk.commit("the app owns its schema")
    done = desk.run("plan")
    assert "missing_schema" in done.out
    assert "--allow missing_schema" not in done.out
    assert f"{COLUMN} Boolean @default(false)" in " ".join(done.out.split())
    assert f'ADD COLUMN "{COLUMN}"' in done.out or f'"{COLUMN}" BOOLEAN' in done.out
    refused = desk.run("reconcile")
    assert refused.code == 5
    assert desk.sql("SELECT tablename FROM pg_tables WHERE tablename = 'MerchantConfig'") == []


def test_a_broken_deploy_environment_is_said_after_the_rest_of_the_plan(desk):
    (desk.root / "app.env").mkdir()
    done = desk.run("plan")
    assert done.code in (5, 9)
    assert "m01" in done.out
    assert "The deploy environment was not read." in done.out
    assert "app.env" in done.err


def test_nothing_to_do_in_the_database_is_not_in_sync_while_the_rest_is_unknown(desk):
    desk.run("reconcile")
    (desk.root / "app.env").unlink()
    (desk.root / "app.env").mkdir()
    for output_format in ("text", "markdown"):
        out = desk.run("plan", "--format", output_format).out
        assert "The database is in sync. The deploy environment was not read." in out
    as_json = desk.run("plan", "--format", "json").json
    assert as_json["deploy_environment_known"] is False


@pytest.mark.parametrize("output_format", ["text", "markdown", "json"])
def test_a_halt_is_shown_with_who_and_why_and_its_end_with_its_own_word(desk, output_format):
    desk.run("reconcile")
    desk.run("halt", FLAG, "--reason", "orders are lost")
    out = desk.run("plan", "--format", output_format).out
    assert "orders are lost" in out
    assert "ada" in out
    desk.run("resume", FLAG, "--reason", "fixed")
    if output_format != "json":
        assert "(halt ended)" in desk.run("plan", "--format", output_format).out


def test_a_file_that_cannot_be_written_is_no_bug(desk):
    done = desk.run("plan", "--out", str(desk.root / "nowhere" / "plan.json"))
    assert done.code == 2
    assert "cannot be written" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--allow", "skips_phase"], "needs a reason"),
        (["--allow", "skip_phase", "--reason", "x"], "not a guardrail"),
        (["--allow", "missing_schema", "--reason", "x"], "that can be lifted"),
        (["--allow", "halted", "--reason", "x"], "that can be lifted"),
        (["--env", "nowhere"], "there is no environment nowhere"),
    ],
)
def test_wrong_words_are_refused(desk, arguments, said):
    done = desk.run("plan", *arguments)
    assert done.code == 2
    assert said in done.err


def test_a_missing_connection_string_says_which_variable(desk):
    done = desk.run("plan", env={"DATABASE_URL": None})
    assert done.code == 2
    assert "DATABASE_URL, which is not set" in done.err


def test_a_database_that_does_not_answer_shows_no_secret(desk):
    done = desk.run("plan", env={"DATABASE_URL": "postgresql://ada:s3cr3t@127.0.0.1:1/shop"})
    assert done.code == 9
    assert "s3cr3t" not in done.out + done.err
    assert "next: " in done.err


def test_a_saved_plan_holds_what_json_shows(desk):
    desk.run("plan", "--out", str(desk.root / "plan.json"))
    shown = desk.run("plan", "--format", "json").json
    assert json.loads(desk.read("plan.json")) == shown
    assert shown["flags"][0]["flag"] == FLAG
    assert shown["deploy_environment"][0]["variable"] == VARIABLE


def _without_hashes(text: str) -> str:
    return re.sub(r'"hash": "[0-9a-f]{64}"', '"hash": "<hash>"', same_every_day(text))
