"""`rolloutctl explain`: the chain for one merchant, against what is really there."""

from datetime import UTC, datetime, timedelta

from tests.cli.desk import COLUMN, FLAG, VARIABLE
from tests.golden_files import assert_golden, same_every_day


def flag_of(done):
    (found,) = done.json["flags"]
    return found


def explained(desk, merchant, *arguments):
    return flag_of(desk.run("explain", merchant, "--format", "json", *arguments))


def test_before_the_first_run_everything_is_pending(desk):
    done = desk.run("explain", "m01")
    assert done.code == 0
    assert_golden("cli/explain_never_applied.txt", same_every_day(done.out))


def test_id_and_shop_domain_name_the_same_merchant(desk):
    by_id = desk.run("explain", "m02").out
    assert same_every_day(desk.run("explain", "shop-m02.example.com").out) == same_every_day(by_id)


def test_whoever_is_named_has_it_and_the_ledger_says_since_when(desk):
    desk.run("reconcile")
    found = explained(desk, "m01")
    assert (found["has"], found["should_have"], found["rule"]) == (True, True, "named")
    assert found["database"]["agreement"] == "in_sync"
    assert found["database"]["last_change"]["generation"] == 1
    assert [later["value"] for later in found["later"]] == [True, True, True]


def test_it_agrees_with_the_app_for_every_merchant_in_every_phase(desk):
    desk.run("reconcile")
    for old, new in (("pilot", "10%"), ("10%", "50%"), ("50%", "100%")):
        desk.promote(old, new)
        assert desk.run("reconcile", "--allow", "soak_not_over", "--reason", "a test").code == 0
        on = desk.on()
        for number in range(1, 21):
            found = explained(desk, f"m{number:02}")
            assert found["has"] is found["should_have"] is (f"m{number:02}" in on)


def test_the_global_value_beats_the_column_as_in_the_app(desk):
    desk.run("reconcile")
    desk.write("app.env", f'{VARIABLE}="1"\n')
    found = explained(desk, "m02")
    assert (found["has"], found["should_have"]) == (True, False)
    assert found["database"]["value"] is None
    assert (
        "in sync in the database; the deploy environment differs" in desk.run("explain", "m02").out
    )


def test_drift_says_who_and_what_happens_next(desk):
    desk.run("reconcile")
    desk.set_by_hand("m02", value=True)
    done = desk.run("explain", "m02")
    assert done.code == 0
    assert_golden("cli/explain_drift.txt", same_every_day(done.out))
    assert explained(desk, "m02")["database"]["written_by_somebody_else_at"]


def test_a_value_changed_without_a_trace_is_said_to_be_so(desk):
    desk.run("reconcile")
    desk.set_by_hand("m01", value=False, dated=False)
    done = desk.run("explain", "m01")
    assert "drift: somebody else turned it off, when is not known" in done.out
    assert "rolloutctl turned it on" in done.out


def test_exclusion_age_and_override_are_told(desk):
    desk.add_merchants("young", created=datetime.now(UTC) - timedelta(days=3))
    desk.promote("pilot", "50%")
    desk.edit(
        f"flags/{FLAG}.yaml",
        "deploy_env",
        "overrides:\n"
        "  - {merchant: m02, value: true, reason: a friend, expires: 2099-01-01}\n"
        "  - {merchant: m03, value: true, reason: for a while, expires: 2020-01-01}\n"
        "deploy_env",
    )
    assert explained(desk, "m07")["ineligible"] == "excluded"
    assert explained(desk, "young")["ineligible"] == "too_young"
    assert "too young until" in desk.run("explain", "young").out
    assert explained(desk, "m02")["override"]["reason"] == "a friend"
    assert "expired after 2020-01-01" in desk.run("explain", "m03").out


def test_a_halt_is_the_first_thing_said(desk):
    desk.run("reconcile")
    desk.run("halt", FLAG, "--reason", "orders are lost now")
    done = desk.run("explain", "m01")
    assert_golden("cli/explain_halted.txt", same_every_day(done.out))
    assert explained(desk, "m01")["rule"] == "halted"


def test_older_files_than_applied_are_said_to_be_so(desk):
    desk.promote("pilot", "off")
    desk.run("reconcile")
    desk.git("checkout", "--quiet", "HEAD~1")
    done = desk.run("explain", "m01")
    assert done.code == 0
    assert "the files here are older than what is applied: git pull" in done.out


def test_an_unknown_merchant_is_a_usage_error_with_a_suggestion(desk):
    done = desk.run("explain", "shop-m2.example.com")
    assert done.code == 2
    assert "did you mean shop-m02.example.com (m02)" in done.err
    assert desk.run("explain", "\x1b[31m").code == 2


def test_an_unknown_flag_is_a_usage_error_that_lists_the_flags(desk):
    done = desk.run("explain", "m01", "--flag", "other")
    assert done.code == 2
    assert FLAG in done.err


def test_a_deploy_environment_that_cannot_be_read_is_said_and_the_rest_is_shown(desk):
    desk.run("reconcile")
    (desk.root / "app.env").unlink()
    (desk.root / "app.env").mkdir()
    done = desk.run("explain", "m02")
    assert done.code != 0
    assert "UNKNOWN" in done.out
    assert "could not be read" in done.out
    assert "app.env" in done.err
    assert "ON" in desk.run("explain", "m01").out  # its column alone decides


def test_a_missing_column_reads_as_off(desk):
    found = explained(desk, "m05")
    assert found["database"]["value"] is None
    assert found["has"] is False
    assert COLUMN in found["database"]["column"]


def test_a_column_that_no_flag_can_live_in_is_refused_as_everywhere(desk):
    desk.run("reconcile")
    desk.sql(f'ALTER TABLE "MerchantConfig" ALTER "{COLUMN}" DROP DEFAULT')
    desk.sql(f'ALTER TABLE "MerchantConfig" ALTER "{COLUMN}" TYPE text')
    done = desk.run("explain", "m01")
    assert (done.code, done.out) == (5, "")
    assert done.err == desk.run("plan").err
    assert f"{FLAG}: {COLUMN} is text" in done.err


def test_a_deleted_merchant_is_called_deleted_and_its_history_is_named(desk):
    desk.run("reconcile")
    desk.sql('DELETE FROM "Merchant" WHERE id = %s', "m01")
    done = desk.run("explain", "m01")
    assert done.code == 2
    assert "merchant m01 is not there any more" in done.err
    assert "rolloutctl history --merchant m01" in done.err
