"""`rolloutctl gate`, on real PostgreSQL with a company's runs: every exit code by real data."""

import re

import pytest

from controller.demo.company import Behaviour
from tests.cli.desk import FLAG
from tests.cli.gated_shop import GatedShop

BUSY = 40.0
"""So much busier than usual are merchants here: enough runs in two days, even of a weekend."""


def test_off_is_left_without_a_gate(shop):
    done = shop.gate()
    assert done.code == 0
    assert "is off. Its first phase is entered without a gate" in done.said
    assert "next: go on to pilot: rolloutctl promote" in done.said


def test_a_pilot_of_which_nothing_is_known_cannot_be_judged(pilot):
    done = pilot.gate()
    assert done.code == 13
    assert done.out.startswith("ERROR  No: it cannot be judged")
    # Nobody works at night: how old it is depends on when this is asked.
    assert re.search(r"The newest run of any merchant is \d+ d (\d+ h )?old", done.said), done.out


def test_a_good_pilot_proceeds(pilot):
    pilot.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
    done = pilot.gate()
    assert done.code == 0, done.out
    assert done.out.startswith(f"PROCEED  Yes: {FLAG} may go from pilot to 10%.")
    assert "This is a smoke test" in done.said


def test_a_slow_pilot_is_to_be_fixed(pilot):
    pilot.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
    pilot.delay(1.0, minutes=17)
    done = pilot.gate()
    assert done.code == 10, done.out
    assert "Because of `duration`." in done.said
    assert "more than 10 min, at most 30 min" in done.said


@pytest.mark.parametrize(
    ("behaviour", "criterion"),
    [
        (Behaviour.FAILING, "failed"),
        (Behaviour.STUCK, "stuck"),
        (Behaviour.CORRUPTING, "corrupted"),
    ],
)
def test_a_pilot_that_does_harm_is_rolled_back(pilot, behaviour, criterion):
    pilot.days_pass(4, behaviour, pace=BUSY)
    done = pilot.gate()
    assert done.code == 12, done.out
    assert "does harm at pilot" in done.said
    failed = [c for c in pilot.gate("--format", "json").json["criteria"] if c["verdict"] == "fail"]
    assert criterion in {c["name"] for c in failed}


def test_a_quiet_pilot_has_too_little_data(pilot):
    pilot.days_pass(1, Behaviour.QUIET)
    done = pilot.gate()
    assert done.code == 11, done.out
    assert "3 more matured runs." in done.said


def test_a_ramp_that_has_just_begun_says_what_it_would_take(ramp):
    done = ramp.gate()
    assert done.code == 11, done.out
    assert "The soak is over at" in done.said
    assert "4 more merchants with a matured run." in done.said


def test_a_good_ramp_proceeds(ramp):
    ramp.days_pass(2, Behaviour.GOOD, pace=BUSY)
    done = ramp.gate()
    assert done.code == 0, done.out
    assert "may go from 10% to 50%" in done.said


def test_a_ramp_that_fails_is_rolled_back_whatever_the_soak(ramp):
    ramp.days_pass(0.9, Behaviour.FAILING, pace=8 * BUSY)
    done = ramp.gate()
    assert done.code == 12, done.out
    assert "`completed`" in done.out.splitlines()[1]


@pytest.fixture
def below_target(ramp) -> GatedShop:
    """Thirteen of a hundred runs are late: fewer than the floor allows, more than is wanted."""
    ramp.days_pass(2, Behaviour.GOOD, pace=4 * BUSY)
    ramp.delay(0.13, minutes=15)
    return ramp


def test_a_ramp_below_its_target_is_to_be_fixed(below_target):
    done = below_target.gate()
    assert done.code == 10, done.out
    assert "Because of `on_time`." in done.said


def test_a_reviewed_waiver_lets_it_pass_and_shows(below_target):
    desk = below_target.desk
    (desk.root / "rollout" / "waivers").mkdir()
    desk.write(
        "rollout/waivers/late.yaml",
        f"flag: {FLAG}\nphase: 10%\ncriterion: on_time\nreason: printers are slow\n"
        'approved_by: "@acme/checkout"\nexpires: 2099-01-01\n',
    )
    desk.commit("Accept late runs")
    done = below_target.gate()
    assert done.code == 10, "a waiver that has not been applied yet must not count"
    assert "The files here have other waivers for this phase." in done.said
    assert desk.run("reconcile").code == 0
    done = below_target.gate()
    assert done.code == 0, done.out
    assert "Waived: `on_time`." in done.out.splitlines()[0]
    assert "printers are slow" in done.said


def test_another_gate_in_the_files_is_said_and_does_not_judge(ramp):
    ramp.days_pass(2, Behaviour.GOOD, pace=BUSY)
    ramp.desk.edit(f"rollout/{FLAG}.yaml", "min_runs: 20", "min_runs: 2000")
    done = ramp.gate()
    assert done.code == 0, done.out
    assert "The files here have another gate for this phase." in done.said


def test_a_phase_without_a_gate_holds_only_while_it_soaks(ramp):
    ramp.days_pass(2, Behaviour.GOOD)
    ramp.advance("10%", "50%")
    done = ramp.gate()
    assert done.code == 11, done.out
    assert done.out.startswith(f"NOT YET  Phase 50% of {FLAG} has no gate, but it soaks until")
    assert ramp.gate("--format", "json").json["may_advance"] is False
    ramp.days_pass(2, Behaviour.QUIET)
    done = ramp.gate()
    assert done.code == 0, done.out
    assert "has no gate: nothing has to be passed." in done.said
    assert ramp.desk.run("halt", FLAG, "--reason", "orders are lost").code == 0
    done = ramp.gate()
    assert done.code == 13, done.out
    assert "halted by ada" in done.said


def test_a_halted_flag_is_not_judged(ramp):
    ramp.days_pass(2, Behaviour.GOOD, pace=BUSY)
    ramp.desk.run("halt", FLAG, "--reason", "orders are lost")
    done = ramp.gate()
    assert done.code == 13, done.out
    assert "halted (orders are lost)" in done.said


@pytest.mark.parametrize("phase", ["off", "pilot"])
def test_a_retreat_is_never_asked_anything(ramp, phase):
    ramp.days_pass(1, Behaviour.FAILING, pace=BUSY)
    done = ramp.gate("--to", phase)
    assert done.code == 0, done.out
    assert "retreats, and a retreat is never asked anything" in done.said


def test_where_it_is_already_nothing_has_to_be_passed(ramp):
    done = ramp.gate("--to", "10%")
    assert done.code == 0
    assert f"{FLAG} is in 10% already" in done.said


def test_a_skipped_phase_is_a_mistake_that_names_the_next_one(ramp):
    done = ramp.gate("--to", "100%")
    assert done.code == 2
    assert f"rolloutctl gate {FLAG} --to 50%" in done.err


def test_a_phase_that_is_not_there(shop):
    done = shop.gate("--to", "20%")
    assert done.code == 2
    assert "off, pilot, 10%, 50%, 100%" in done.err


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-20T12:00:00", "it has no zone"),
        ("soon", "it is no time"),
        ("2099-01-01T00:00:00Z", "is in the future"),
    ],
)
def test_times_that_nothing_can_be_judged_as_of(ramp, at, said):
    done = ramp.gate("--as-of", at)
    assert done.code == 2
    assert said in done.err


def test_an_earlier_moment_is_judged_by_what_was_known_then(ramp):
    ramp.days_pass(2, Behaviour.GOOD, pace=BUSY)
    ((begun,),) = ramp.desk.sql("SELECT phase_since + interval '1 hour' FROM rollout.flag")
    done = ramp.gate("--as-of", begun.isoformat())
    assert done.code == 11, done.out
    assert "This is the answer as of" in done.said
    assert ramp.gate().code == 0


def test_a_freeze_is_said_beside_the_answer(ramp):
    ramp.desk.edit(
        "rollout/environments/test.yaml",
        "guardrails:",
        "freezes:\n  - {starts: 2020-01-01T00:00:00Z, ends: 2099-01-01T00:00:00Z, reason: busy}\n"
        "guardrails:",
    )
    assert "Nothing is advanced until 2099-01-01 00:00 UTC: busy" in ramp.gate().said


def test_queries_and_other_formats(ramp):
    ramp.days_pass(1, Behaviour.GOOD, pace=BUSY)
    assert "SELECT" not in ramp.gate().out
    assert "SELECT" in ramp.gate("--queries").out
    assert "SELECT" in ramp.gate("--queries", "--format", "markdown").out
    assert ramp.gate("--format", "markdown").out.startswith("### Gate of <code>new&#95;checkout")
    printed = ramp.gate("--format", "json")
    document = printed.json
    assert document["exit_code"] == printed.code
    assert any("SELECT" in (criterion["query"] or "") for criterion in document["criteria"])


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        (FLAG, "--recompute", "abc"),
        (FLAG, "--backtest", "--characteristics"),
        (FLAG, "--backtest", "--to", "10%"),
        (FLAG, "--characteristics", "--queries"),
    ],
)
def test_questions_that_make_no_sense(desk, arguments):
    done = desk.run("gate", *arguments)
    assert done.code == 2
    assert done.err.startswith("error: ")
    assert "next: " in done.err
