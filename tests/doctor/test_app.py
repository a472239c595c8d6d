"""Checks on the app and its merchants: each sees its own trouble, and says what to do."""

from dataclasses import replace

import pytest

from controller.doctor.facts import Known
from controller.domain.flag import Override
from controller.errors import Refused
from controller.merchant_store.database_facts import MerchantRuns, Merchants, Runs
from tests.doctor.healthy import FAIL, NOT_CHECKED, OK, WARN, assert_finding, facts, with_database
from tests.domain.strategies import DAY, NOW, desired, flag, ladder, merchant
from tests.domain.strategies import ledger as a_ledger

NOBODY = with_database(merchants=Merchants(0, None, {}))
CASES = [
    ("starts_off", facts(desired=desired(flag("off"))), WARN, "1 have seq"),
    (
        "starts_off",
        facts(desired=desired(flag("off", overrides=[Override("m01", value=True, reason="x")]))),
        OK,
        "nobody",
    ),
    ("runs_recent", facts(runs_elsewhere=True), NOT_CHECKED, "another database"),
    ("runs_recent", with_database(runs=None), WARN, "no table of runs"),
    ("runs_recent", with_database(runs=Runs(None, 0, {})), WARN, "never run"),
    ("runs_recent", with_database(runs=Runs(NOW - 9 * DAY, 0, {})), WARN, "no run in the last"),
    (
        "pilot_merchants",
        facts(store=Known(a_ledger(), {})),
        FAIL,
        "do not exist: m01",
    ),
    (
        "pilot_merchants",
        facts(store=Known(a_ledger(), {"m01": replace(merchant("m01"), is_active=False)})),
        WARN,
        "not active",
    ),
    (
        "pilot_merchants",
        facts(store=Known(a_ledger(), {"m01": merchant("m01", NOW - DAY)})),
        WARN,
        "m01 is new",
    ),
    (
        "pilot_merchants",
        with_database(runs=Runs(NOW, 9, {"m01": MerchantRuns(0, 5, 5, 9)})),
        WARN,
        "m01 had no run in the last 7 days; m01 completed only 5 of 10 runs",
    ),
    ("pilot_merchants", facts(store=Refused("no")), NOT_CHECKED, "could not be looked at"),
    (
        "pilot_merchants",
        facts(store=Known(a_ledger(flag("pilot", ladder("m01"))), {})),
        WARN,
        "deleted since the files named them: m01",
    ),
    ("pilot_merchants", NOBODY, NOT_CHECKED, "there are no merchants"),
    ("baseline", NOBODY, NOT_CHECKED, "there are no merchants"),
    ("pilot_merchants", facts(desired=desired()), OK, "no phase names a merchant"),
    ("baseline", facts(desired=desired()), OK, "no phase names a merchant"),
    ("baseline", facts(store=Known(a_ledger(), {})), OK, "that is there"),
    ("runs_recent", with_database(merchant=None), NOT_CHECKED, "not the app's database"),
    ("baseline", with_database(runs=Runs(NOW, 9, {})), WARN, "fewer than 5"),
]


@pytest.mark.parametrize(("check", "given", "health", "said"), CASES)
def test_a_check_sees_its_own_trouble_and_says_what_to_do(check, given, health, said):
    assert_finding(check, given, health, said)
