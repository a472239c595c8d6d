"""Checks on the app's tables: each sees its own trouble, and says what to do."""

from dataclasses import replace

import pytest

from controller.doctor import examine
from controller.domain.environment import SchemaOwner
from controller.merchant_store.database_facts import Merchants, Runs
from tests.doctor.healthy import (
    CONFIG,
    DATABASE,
    FAIL,
    MERCHANT,
    NOT_CHECKED,
    OK,
    WARN,
    assert_finding,
    facts,
    wanted,
    with_column,
    with_database,
    with_run_table,
    without_column,
)
from tests.domain.strategies import NOW, desired

NO_TABLE = with_database(merchant_config=None)
EXTERNAL = replace(wanted().environment.database, schema_owner=SchemaOwner.EXTERNAL)
EMPTY = with_database(merchant=None, merchant_config=None, merchants=None, runs=None)
CASES = [
    ("merchant_table", with_database(merchant=None), FAIL, 'no table "Merchant"'),
    (
        "merchant_table",
        with_database(merchant=without_column(MERCHANT, "isActive")),
        FAIL,
        '"isActive"',
    ),
    (
        "merchant_table",
        with_database(merchant=with_column(MERCHANT, "createdAt", type="text")),
        FAIL,
        "is text",
    ),
    ("merchants_exist", EMPTY, NOT_CHECKED, "there is no table of merchants"),
    ("merchant_config_table", EMPTY, NOT_CHECKED, "there is no table of merchants"),
    ("flag_columns", EMPTY, NOT_CHECKED, "there is no table of merchants"),
    *(
        (check, facts(desired=desired(), database=NO_TABLE.database), OK, "no flag has a column")
        for check in (
            "merchant_config_table",
            "unique_merchant",
            "flag_columns",
            "flag_defaults",
            "indexed_flags",
        )
    ),
    ("merchants_exist", with_database(merchants=Merchants(0, None, {})), FAIL, "empty"),
    ("merchants_exist", with_database(merchants=None), FAIL, "cannot be counted"),
    ("merchant_config_table", NO_TABLE, OK, "the first reconcile creates it"),
    (
        "merchant_config_table",
        replace(NO_TABLE, desired=wanted(database=EXTERNAL)),
        FAIL,
        "belongs to the app's migrations",
    ),
    (
        "merchant_config_table",
        facts(
            database=replace(
                DATABASE,
                merchant_config=None,
                role=replace(DATABASE.role, may_create_tables=False),
            )
        ),
        FAIL,
        "may not create it",
    ),
    (
        "merchant_config_table",
        with_database(merchant_config=without_column(CONFIG, "updatedAt")),
        FAIL,
        '"updatedAt"',
    ),
    (
        "unique_merchant",
        with_database(merchant_config=with_column(CONFIG, "merchantId", is_unique=False)),
        FAIL,
        "no unique index",
    ),
    ("unique_merchant", NO_TABLE, OK, "will be created"),
    (
        "flag_columns",
        with_database(merchant_config=with_column(CONFIG, "enableSeq", type="text")),
        FAIL,
        "enableSeq is text",
    ),
    (
        "flag_columns",
        with_database(merchant_config=without_column(CONFIG, "enableSeq")),
        OK,
        "the first reconcile creates it",
    ),
    (
        "flag_columns",
        with_database(merchant_config=replace(without_column(CONFIG, "enableSeq"), is_owned=False)),
        FAIL,
        "may not create it",
    ),
    (
        "flag_defaults",
        with_database(merchant_config=with_column(CONFIG, "enableSeq", default="true")),
        FAIL,
        "start with enableSeq on",
    ),
    (
        "indexed_flags",
        with_database(merchant_config=with_column(CONFIG, "enableSeq", is_indexed=True)),
        WARN,
        "enableSeq",
    ),
    ("runs_by_time", with_run_table(1_000_000), WARN, "reads all of 1,000,000 runs"),
    ("runs_by_time", with_run_table(1_000_000, 0.9), WARN, "reads all"),
    ("runs_by_time", with_run_table(1_000_000, -0.99), WARN, "reads all"),
    ("runs_by_time", with_run_table(1_000_000, 0.89), OK, "would not help"),
    ("runs_by_time", with_run_table(999_999), OK, "small enough"),
    ("runs_by_time", with_run_table(-1), OK, "small enough"),
    ("runs_by_time", with_run_table(9_000_000, is_indexed=True), OK, "an index leads"),
    ("runs_by_time", with_database(runs=None), NOT_CHECKED, "no plain table"),
    ("runs_by_time", with_database(runs=Runs(NOW, 9, {})), NOT_CHECKED, "no plain table"),
]


@pytest.mark.parametrize(("check", "given", "health", "said"), CASES)
def test_a_check_sees_its_own_trouble_and_says_what_to_do(check, given, health, said):
    assert_finding(check, given, health, said)


def test_the_index_is_advised_as_a_statement_to_run():
    finding = examine(with_run_table(10**7))["tables"]["runs_by_time"]
    statement, _, prisma = finding.fix.partition(", some ten kilobytes; in Prisma: ")
    assert statement == (
        'CREATE INDEX CONCURRENTLY ON "public"."WorkflowExecution" USING brin ("createdAt")'
    )
    assert prisma == "@@index([createdAt], type: Brin)"
