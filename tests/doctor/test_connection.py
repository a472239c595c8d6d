"""Checks on the way to the database: each sees its own trouble, and says what to do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from controller.errors import Refused
from controller.merchant_store.database_facts import Merchants
from tests.doctor.healthy import (
    CONFIG,
    FAIL,
    MERCHANT,
    NOT_CHECKED,
    OK,
    WARN,
    assert_finding,
    facts,
    only_readable,
    with_database,
    with_role,
    with_server,
    without_right,
)
from tests.domain.strategies import DAY, NOW

CASES = [
    ("database_url", facts(has_url=False), FAIL, "DATABASE_URL is not set"),
    ("database_reachable", facts(database=None), NOT_CHECKED, "DATABASE_URL"),
    (
        "database_reachable",
        facts(database=Refused("too old", "use a newer server")),
        FAIL,
        "too old",
    ),
    ("database_reachable", with_server(is_read_only=True), FAIL, "replica"),
    ("server_version", with_server(version=130_002), OK, "PostgreSQL 13.2"),
    ("pooler", with_server(is_pooled=True), OK, "pooler"),
    ("time_zone", with_server(timezone="America/New_York"), WARN, "America/New_York"),
    (
        "time_zone",
        with_database(merchants=Merchants(1, NOW + DAY, {})),
        FAIL,
        "in the future",
    ),
    ("clock", with_server(ahead=timedelta(minutes=5)), WARN, "300 s ahead of"),
    ("clock", with_server(ahead=timedelta(minutes=-5)), WARN, "300 s behind"),
    ("role_rights", with_role(may_use_temporary=False), FAIL, "temporary tables"),
    ("role_rights", with_role(may_use_ledger=False), FAIL, "write the ledger"),
    (
        "role_rights",
        with_role(may_use_ledger=None, may_create_schemas=False),
        FAIL,
        "create the schema rollout",
    ),
    (
        "role_rights",
        with_database(merchant=without_right(MERCHANT, "id", "SELECT")),
        FAIL,
        'read "Merchant"',
    ),
    (
        "role_rights",
        with_database(merchant_config=without_right(CONFIG, "enableSeq", "UPDATE")),
        FAIL,
        'change "MerchantConfig"',
    ),
    (
        "role_rights",
        with_database(merchant_config=without_right(CONFIG, "id", "INSERT")),
        FAIL,
        'add rows to "MerchantConfig"',
    ),
    (
        "role_rights",
        with_database(merchant=replace(MERCHANT, hides_rows=True)),
        FAIL,
        "row-level security",
    ),
    (
        "role_rights",
        with_database(merchant=only_readable(MERCHANT)),
        OK,
        "may do what a reconcile does",
    ),
    ("role_modest", with_role(is_superuser=True), WARN, "superuser"),
    ("ledger_version", with_database(ledger_version=99), FAIL, "version 99"),
    ("ledger_version", with_database(ledger_version=0), OK, "no ledger yet"),
]


@pytest.mark.parametrize(("check", "given", "health", "said"), CASES)
def test_a_check_sees_its_own_trouble_and_says_what_to_do(check, given, health, said):
    assert_finding(check, given, health, said)
