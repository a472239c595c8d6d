"""`rolloutctl halt`: off for everyone, with whatever is at hand; and `resume`, the end of it."""

import pytest

from tests.cli.desk import COLUMN, FLAG, VARIABLE
from tests.golden_files import assert_golden, same_every_day


@pytest.fixture
def live(desk):
    """A desk whose pilot is on."""
    desk.run("reconcile")
    assert desk.on() == {"m01"}
    return desk


def test_off_for_everyone_and_it_stays_off(live):
    done = live.run("halt", FLAG, "--reason", "orders without line items")
    assert done.code == 0
    assert_golden("cli/halt.txt", same_every_day(done.out))
    assert live.on() == set()
    live.run("reconcile")
    assert live.on() == set()


def test_every_later_command_says_so(live):
    live.run("halt", FLAG, "--reason", "orders without line items")
    for command in ("plan", "reconcile", "status"):
        assert "orders without line items" in live.run(command).out


def test_broken_files_do_not_stop_it(live):
    live.write(f"flags/{FLAG}.yaml", "key: [\n")
    done = live.run("halt", FLAG, "--reason", "harm")
    assert done.code == 0
    assert "the files were not used" in done.out
    assert live.on() == set()


def test_no_repository_at_all_does_not_stop_it(live, tmp_path):
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    done = live.run("halt", "-C", str(nowhere), FLAG, "--reason", "harm")
    assert done.code == 0
    assert live.on() == set()


def test_a_flag_that_was_never_applied_needs_its_column(desk):
    desk.sql(
        f'CREATE TABLE "MerchantConfig" (id text primary key, "merchantId" text unique, '
        f'"{COLUMN}" boolean not null default false, "updatedAt" timestamp(3) not null)'
    )
    desk.set_by_hand("m05", value=True)
    assert desk.run("halt", FLAG, "--reason", "harm", "--column", COLUMN).code == 0
    assert desk.on() == set()


def test_an_unknown_flag_is_said_to_be_unknown(live):
    done = live.run("halt", "no_such_flag", "--reason", "harm")
    assert done.code == 2
    assert "no_such_flag" in done.err


def test_halting_twice_is_refused_with_who_did_it_first(live):
    live.run("halt", FLAG, "--reason", "harm")
    done = live.run("halt", FLAG, "--reason", "again")
    assert done.code == 5
    assert "ada" in done.err


def test_what_is_on_for_everyone_is_turned_off_in_the_deploy_environment_too(live):
    live.write("app.env", f"{VARIABLE}=1\n")
    assert live.run("halt", FLAG, "--reason", "harm").code == 0
    assert live.read("app.env") == f"{VARIABLE}=0\n"


def test_a_deploy_environment_that_fails_is_partial_and_the_database_is_off(live):
    (live.root / "app.env").unlink()
    (live.root / "app.env").mkdir()
    done = live.run("halt", FLAG, "--reason", "harm")
    assert done.code == 7
    assert live.on() == set()
    assert "next: " in done.err


def test_resume_turns_nothing_on_by_itself(live):
    live.run("halt", FLAG, "--reason", "harm")
    done = live.run("resume", FLAG, "--reason", "fixed")
    assert done.code == 0
    assert_golden("cli/resume.txt", same_every_day(done.out))
    assert live.on() == set()
    live.run("reconcile")
    assert live.on() == {"m01"}


def test_resume_without_a_halt_says_so(live):
    done = live.run("resume", FLAG, "--reason", "fixed")
    assert done.code == 2
    assert "not halted" in done.err


def test_a_reason_is_not_optional(live):
    assert live.run("halt", FLAG).code == 2
    assert live.on() == {"m01"}


def test_another_database_is_not_called_halted(live):
    live.sql('ALTER TABLE "Merchant" RENAME TO "Customer"')
    done = live.run("halt", FLAG, "--reason", "harm")
    assert (done.code, done.out) == (5, "")
    assert 'no table "public"."Merchant"' in done.err
    assert live.sql("SELECT count(*) FROM rollout.halt") == [(0,)]


def test_a_column_that_cannot_be_turned_off_is_not_called_halted(live):
    live.sql(f'ALTER TABLE "MerchantConfig" ALTER "{COLUMN}" DROP DEFAULT')
    live.sql(f'ALTER TABLE "MerchantConfig" ALTER "{COLUMN}" TYPE text')
    done = live.run("halt", FLAG, "--reason", "harm")
    assert (done.code, done.out) == (5, "")
    assert f"{COLUMN} is text: nothing was turned off" in done.err


def test_a_mistyped_column_of_an_unknown_flag_is_not_called_halted(live):
    done = live.run("halt", "no_such_flag", "--reason", "harm", "--column", "enableNoSuchThing")
    assert done.code == 2
    assert "nothing to turn off" in done.err
    assert "HALTED" not in done.out


def test_a_variable_that_the_file_calls_otherwise_now_is_turned_off_by_its_old_name(live):
    live.write("app.env", f"{VARIABLE}=1\n")
    live.edit(f"flags/{FLAG}.yaml", VARIABLE, "RENAMED")
    assert live.run("halt", FLAG, "--reason", "harm").code == 0
    assert live.read("app.env") == f"{VARIABLE}=0\nRENAMED=0\n"


def test_a_flag_whose_file_is_gone_is_turned_off_by_what_was_applied(live):
    live.write("app.env", f"{VARIABLE}=1\n")
    other = live.read(f"flags/{FLAG}.yaml").replace(FLAG, "other").replace("Checkout}", "Other}")
    live.write("flags/other.yaml", other.replace(VARIABLE, "OTHER"))
    live.git("rm", "--quiet", f"flags/{FLAG}.yaml", f"rollout/{FLAG}.yaml")
    assert live.run("halt", FLAG, "--reason", "harm").code == 0
    assert live.read("app.env") == f"{VARIABLE}=0\n"


def test_for_machines(live):
    live.write("app.env", f"{VARIABLE}=1\n")
    done = live.run("halt", FLAG, "--reason", "harm", "--format", "json")
    assert (done.code, done.err) == (0, "")
    document = done.json
    assert document["format"] == "rolloutctl-halt/1"
    assert (document["flag"], document["environment"]) == (FLAG, "test")
    assert (document["turned_off"], document["generation"], document["exit_code"]) == (1, 2, 0)
    (written,) = document["deploy_environment"]["written"]
    assert (written["variable"], written["after"]) == (VARIABLE, "0")
    ended = live.run("resume", FLAG, "--reason", "fixed", "--format", "json").json
    assert ended["format"] == "rolloutctl-resume/1"
    assert (ended["ended"]["actor"], ended["ended"]["reason"]) == ("ada", "harm")


def test_what_it_went_without_and_what_failed_is_in_the_document(live):
    live.write(f"flags/{FLAG}.yaml", "key: [\n")
    notes = live.run("halt", FLAG, "--reason", "harm", "--format", "json").json["notes"]
    assert "the files were not used" in notes[0]


def test_a_partial_halt_is_partial_for_machines_too(live):
    (live.root / "app.env").unlink()
    (live.root / "app.env").mkdir()
    done = live.run("halt", FLAG, "--reason", "harm", "--format", "json")
    assert (done.code, done.json["exit_code"], done.err) == (7, 7, "")
    assert done.json["deploy_environment"]["problems"][0]["message"]
