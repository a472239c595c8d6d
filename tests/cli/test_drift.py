"""`rolloutctl drift`: what somebody else changed, and nothing else."""

from tests.cli.desk import FLAG, VARIABLE
from tests.golden_files import assert_golden, same_every_day


def test_nothing_is_found_where_nobody_changed_anything(desk):
    assert desk.run("drift").code == 0
    desk.run("reconcile")
    done = desk.run("drift")
    assert done.code == 0
    assert "no drift" in done.out


def test_values_set_by_hand_are_found_with_who_wrote_last(desk):
    desk.run("reconcile")
    desk.set_by_hand("m01", value=False, dated=False)
    desk.set_by_hand("m05", value=True)
    done = desk.run("drift")
    assert done.code == 4
    assert_golden("cli/drift.txt", same_every_day(done.out))
    off, on = desk.run("drift", "--format", "json").json["merchants"]
    assert (off["merchants"], off["value"]) == (["m01"], False)
    assert off["last_written"]["m01"]["by_rolloutctl"]["generation"] == 1
    assert off["last_written"]["m01"]["by_somebody_else_at"] is None
    assert on["last_written"]["m05"]["by_somebody_else_at"]


def test_a_reconcile_ends_it(desk):
    desk.run("reconcile")
    desk.set_by_hand("m05", value=True)
    assert desk.run("reconcile").code == 0
    assert desk.run("drift").code == 0


def test_a_promotion_is_no_drift(desk):
    desk.run("reconcile")
    desk.promote("pilot", "50%")
    assert desk.run("drift").code == 0


def test_a_variable_changed_by_hand_is_drift(desk):
    desk.run("reconcile")
    desk.write("app.env", f'{VARIABLE}="1"\n')
    done = desk.run("drift", "--format", "json")
    assert done.code == 4
    (found,) = done.json["deploy_environment"]
    assert (found["variable"], found["before"], found["after"]) == (VARIABLE, "1", "0")


def test_a_long_list_is_cut_and_its_total_is_not(desk):
    desk.run("reconcile")
    for number in range(2, 16):
        desk.set_by_hand(f"m{number:02}", value=True)
    done = desk.run("drift")
    assert "14 merchants on" in done.out
    assert "and 4 more" in done.out
    (found,) = desk.run("drift", "--format", "json").json["merchants"]
    assert (found["count"], len(found["merchants"])) == (14, 14)


def test_one_flag_alone(desk):
    desk.run("reconcile")
    desk.set_by_hand("m05", value=True)
    assert desk.run("drift", "--flag", FLAG).code == 4
    assert desk.run("drift", "--flag", "other").code == 2


def test_turned_on_during_a_halt(desk):
    desk.run("reconcile")
    desk.run("halt", FLAG, "--reason", "a test")
    assert desk.run("drift").code == 0
    desk.set_by_hand("m09", value=True)
    done = desk.run("drift")
    assert done.code == 4
    assert "although the flag is halted" in done.out
    assert "rolloutctl adopt" not in done.out


def test_drift_is_not_told_from_change_on_older_files(desk):
    desk.promote("pilot", "off")
    desk.run("reconcile")
    desk.git("checkout", "--quiet", "HEAD~1")
    assert desk.run("drift").code == 6


def test_an_unreadable_deploy_environment_is_not_taken_for_no_drift(desk):
    desk.run("reconcile")
    (desk.root / "app.env").unlink()
    (desk.root / "app.env").mkdir()
    nothing_found = desk.run("drift")
    assert nothing_found.code == 5
    assert "nobody else has changed a value of the database" in nothing_found.out
    desk.set_by_hand("m05", value=True)
    assert desk.run("drift").code == 4


def test_a_variable_that_cannot_be_read_back_is_not_taken_for_no_drift(desk):
    desk.run("reconcile")
    desk.write("app.env", f"{VARIABLE}=${{SOMETHING_ELSE}}\n")
    done = desk.run("drift")
    assert done.code == 5
    assert f"nobody can tell whether it was changed: {VARIABLE} (production)" in done.err
    assert desk.run("drift", "--flag", FLAG).code == 5
