"""`rolloutctl reconcile`.

The exit codes and what is said; the world is tested in tests/test_reconcile.py.
"""

import os
import subprocess
import sys

import psycopg

from tests.cli.desk import FLAG, VARIABLE
from tests.golden_files import assert_golden, same_every_day


def test_the_pilot_and_then_nothing_to_do(desk):
    first, second = desk.run("reconcile"), desk.run("reconcile")
    assert (first.code, second.code) == (0, 0)
    assert_golden("cli/reconcile_pilot.txt", same_every_day(first.out))
    assert_golden("cli/reconcile_again.txt", same_every_day(second.out))
    assert desk.on() == {"m01"}


def test_a_refusal_says_what_was_withheld(desk):
    desk.run("reconcile")
    desk.promote("pilot", "50%")
    done = desk.run("reconcile")
    assert done.code == 5
    assert f"withheld  {FLAG}" in done.out
    assert desk.on() == {"m01"}


def test_json_holds_plan_and_outcome(desk):
    document = desk.run("reconcile", "--format", "json").json
    assert document["flags"][0]["changes"][0]["merchants"] == ["m01"]
    assert document["outcome"]["generation"] == 1
    assert document["outcome"]["changed"] == {FLAG: 1}
    assert document["outcome"]["exit_code"] == 0


def test_a_saved_plan_is_applied_once_and_is_stale_after_that(desk):
    saved = str(desk.root / "plan.json")
    desk.run("plan", "--out", saved)
    assert desk.run("reconcile", "--plan", saved).code == 0
    again = desk.run("reconcile", "--plan", saved)
    assert again.code == 6
    assert "next: look at the new plan: rolloutctl plan" in again.err


def test_something_else_than_a_plan_is_refused(desk):
    desk.write("plan.json", '{"format": "something else"}')
    done = desk.run("reconcile", "--plan", str(desk.root / "plan.json"))
    assert done.code == 2
    assert "is not a plan" in done.err


def test_another_writer_is_a_lock(desk):
    desk.run("reconcile")
    desk.promote("pilot", "10%")
    with psycopg.connect(desk.url) as other:
        other.execute("SELECT * FROM rollout.environment FOR UPDATE")
        done = desk.run("reconcile", "--allow", "soak_not_over", "--reason", "test")
    assert done.code == 8
    assert desk.on() == {"m01"}


def test_an_older_checkout_is_stale(desk):
    old = desk.git("rev-parse", "HEAD")
    desk.run("reconcile")
    desk.promote("pilot", "off")
    desk.run("reconcile")
    desk.git("checkout", "--quiet", old)
    done = desk.run("reconcile")
    assert done.code == 6
    assert "git pull" in done.err


def test_broken_files_apply_nothing_and_show_every_problem(desk):
    desk.write(f"flags/{FLAG}.yaml", "key: [\n")
    desk.write("rollout/environments/test.yaml", "name: other\ndatabse: {}\n")
    done = desk.run("reconcile")
    assert done.code == 2
    assert f"flags/{FLAG}.yaml:" in done.err
    assert "rollout/environments/test.yaml:" in done.err


def test_a_pipe_that_closes_early_is_no_error(desk):
    environment = {**os.environ, **{k: v for k, v in desk.variables.items() if v}}
    command = f"{sys.executable} -m controller reconcile -C {desk.root} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("Plan for test")
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr


def test_a_value_that_cannot_be_read_back_has_the_advice_of_its_adapter(desk):
    desk.write("app.env", f"{VARIABLE}=$OTHER\n")
    done = desk.run("reconcile")
    assert done.code == 7
    assert f"write it as {VARIABLE}=value by hand" in done.out
    assert "vercel" not in (done.out + desk.run("status").out + desk.run("doctor").out).lower()
