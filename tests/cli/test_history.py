"""`rolloutctl history`: the newest run first, with what it did and why."""

from tests.cli.desk import FLAG
from tests.golden_files import assert_golden, same_every_day


def live_through(desk):
    desk.run("reconcile")
    desk.promote("pilot", "10%")
    desk.run("reconcile", "--allow", "soak_not_over", "--reason", "a quiet night")
    desk.run("halt", FLAG, "--reason", "orders lost")
    desk.run("resume", FLAG, "--reason", "fixed")
    desk.run("reconcile")


def test_nothing_yet(desk):
    done = desk.run("history")
    assert (done.code, done.out) == (0, "nothing recorded yet\n")


def test_the_story_of_an_environment(desk):
    live_through(desk)
    done = desk.run("history")
    assert done.code == 0
    assert_golden("cli/history.txt", same_every_day(done.out))


def test_for_machines(desk):
    live_through(desk)
    runs = desk.run("history", "--format", "json").json["runs"]
    assert [run["generation"] for run in runs] == [5, 4, 3, 2, 1]
    assert [run["kind"] for run in runs][1:3] == ["resume", "halt"]
    assert runs[3]["summary"]["allowed"][0]["guardrail"] == "soak_not_over"
    assert {run["actor"] for run in runs} == {"ada"}


def test_limit_and_flag(desk):
    live_through(desk)
    assert len(desk.run("history", "--limit", "2", "--format", "json").json["runs"]) == 2
    typed_wrongly = desk.run("history", "--flag", "other")
    assert (typed_wrongly.code, typed_wrongly.out) == (2, "")
    assert f"they have: {FLAG}" in typed_wrongly.err
    assert desk.run("history", "--limit", "0").code == 2


def test_one_merchant(desk):
    live_through(desk)
    done = desk.run("history", "--merchant", "shop-m01.example.com")
    assert_golden("cli/history_merchant.txt", same_every_day(done.out))
    causes = [
        change["cause"]
        for change in desk.run("history", "--merchant", "m01", "--format", "json").json["changes"]
    ]
    assert causes == ["halt", "halt", "phase"]


def test_a_deleted_merchant_is_remembered(desk):
    desk.run("reconcile")
    desk.sql('DELETE FROM "Merchant" WHERE id = %s', "m01")
    done = desk.run("history", "--merchant", "m01")
    assert done.code == 0
    assert "deleted" in done.out


def test_a_merchant_that_never_was_is_a_usage_error(desk):
    desk.run("reconcile")
    assert desk.run("history", "--merchant", "m99").code == 2


def test_a_merchant_that_never_changed(desk):
    desk.run("reconcile")
    assert "nothing recorded yet" in desk.run("history", "--merchant", "m02").out
