"""`rolloutctl status`: one screen, the most urgent first, and what to do next."""

import pytest

from controller.demo.company import Behaviour
from tests.cli.desk import COLUMN, FLAG
from tests.cli.test_gate import BUSY
from tests.golden_files import assert_golden, same_every_day


def seen(desk, name):
    done = desk.run("status")
    assert done.code == 0, done.err
    assert_golden(f"cli/status_{name}.txt", same_every_day(done.out))


def condition(desk):
    (found,) = desk.run("status", "--format", "json").json["flags"]
    return found["condition"]


def test_nothing_applied_yet(desk):
    seen(desk, "never_applied")


def test_soaking(desk):
    desk.run("reconcile")
    seen(desk, "soaking")


def test_a_promotion_before_its_time_is_withheld(desk):
    desk.run("reconcile")
    desk.promote("pilot", "10%")
    seen(desk, "withheld")


def test_drift(desk):
    desk.run("reconcile")
    desk.set_by_hand("m05", value=True)
    seen(desk, "drift")


def test_halted(desk):
    desk.run("reconcile")
    desk.run("halt", FLAG, "--reason", "orders are lost")
    seen(desk, "halted")


def test_what_is_not_applied_is_pending(desk):
    desk.run("reconcile")
    desk.promote("pilot", "off")
    assert condition(desk) == "pending"


def test_in_sync_at_the_top(desk):
    desk.run("reconcile")
    for old, new in (("pilot", "10%"), ("10%", "50%"), ("50%", "100%")):
        desk.promote(old, new)
        desk.run("reconcile", "--allow", "soak_not_over", "--reason", "a test")
    seen(desk, "complete")


def test_expiries_are_warned_of(desk):
    desk.edit(f"flags/{FLAG}.yaml", "expires: 2099-01-31", "expires: 2026-01-31")
    desk.run("reconcile")
    assert "the flag expired after 2026-01-31" in desk.run("status").out


def test_older_files_than_applied_are_said_to_be_so_and_the_rest_is_shown(desk):
    desk.promote("pilot", "off")
    desk.run("reconcile")
    desk.git("checkout", "--quiet", "HEAD~1")
    assert desk.run("plan").code == 6
    done = desk.run("status")
    assert done.code == 0
    assert "the files here are older than what is applied: git pull" in done.out
    assert desk.run("status", "--format", "json").json["files"]["relation"] == "older"


def test_a_freeze_is_shown(desk):
    desk.edit(
        "rollout/environments/test.yaml",
        "guardrails:",
        "freezes:\n  - {starts: 2020-01-01T00:00:00Z, ends: 2099-01-01T00:00:00Z, reason: busy}\n"
        "guardrails:",
    )
    assert "nothing advances until 2099-01-01 00:00 UTC: busy" in desk.run("status").out


@pytest.mark.parametrize("output_format", ["text", "json"])
def test_a_deploy_environment_that_cannot_be_read_is_said_and_the_rest_is_shown(
    desk, output_format
):
    desk.run("reconcile")
    (desk.root / "app.env").unlink()
    (desk.root / "app.env").mkdir()
    done = desk.run("status", "--format", output_format)
    assert done.code != 0
    assert FLAG in done.out
    assert "app.env" in done.out
    assert "in sync" not in done.out.lower()
    assert done.err.startswith("error: ")


def test_a_database_that_does_not_answer_is_exit_9(desk):
    done = desk.run("status", env={"DATABASE_URL": "postgresql://postgres@127.0.0.1:1/none"})
    assert done.code == 9
    assert "cannot be reached" in done.err


def test_halted_before_the_first_run_nothing_is_applied_yet(desk):
    assert desk.run("halt", FLAG, "--reason", "harm", "--column", COLUMN).code == 0
    first = desk.run("status").out.splitlines()[0]
    assert "generation 1 · nothing applied yet ·" in first


def test_what_was_applied_without_a_commit_is_said_so(desk):
    desk.edit(f"rollout/{FLAG}.yaml", "phase: pilot\n", "phase: off\n")
    desk.run("reconcile")
    first = desk.run("status").out.splitlines()[0]
    assert "generation 1 · no commit (not in git, or local changes) ·" in first
    desk.commit("now it is one")
    first = desk.run("status").out.splitlines()[0]
    assert "no commit (not in git, or local changes) applied, files of " in first


def test_what_the_gate_said_last_is_shown_with_its_age(ramp):
    before = ramp.desk.run("status").said
    assert "gate ramp not judged since" in before
    ramp.days_pass(2, Behaviour.FAILING, pace=BUSY)
    assert ramp.gate().code == 12
    seen = ramp.desk.run("status")
    assert seen.out.splitlines()[3].startswith(f"HARM  {FLAG} · 10%")
    assert "gate ramp says rollback: " in seen.said
    assert " min ago)" in seen.said
    assert f"next: at once: rolloutctl halt {FLAG}" in seen.said
    (flag,) = ramp.desk.run("status", "--format", "json").json["flags"]
    assert (flag["condition"], flag["gate"]["verdict"]) == ("harm", "rollback")
    assert len(flag["gate"]["evidence"]) == 64


def test_ready_once_the_gate_says_so_and_an_earlier_stay_counts_for_nothing(pilot):
    pilot.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
    assert pilot.gate().code == 0
    assert "READY" in pilot.desk.run("status").out
    pilot.advance("pilot", "10%")
    (flag,) = pilot.desk.run("status", "--format", "json").json["flags"]
    assert flag["condition"] == "soaking"
    assert flag["gate"]["verdict"] is None
    assert "not judged since" in flag["gate"]["says"]


def test_a_ledger_without_evidence_still_shows_where_everything_stands(ramp):
    ramp.desk.sql("DROP TABLE rollout.evidence")
    assert "gate ramp not judged since" in ramp.desk.run("status").said


def test_all_shows_everything_in_full(desk):
    desk.run("reconcile")
    assert desk.run("status", "--all").out == desk.run("status").out
