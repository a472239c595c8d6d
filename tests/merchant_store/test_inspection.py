"""A look at a real database tells what is there and what the role may do, to the end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from controller.errors import DatabaseUnreachable
from controller.merchant_store.database_facts import MerchantRuns
from controller.merchant_store.inspection import Wanted, inspect_database
from tests.merchant_store.builders import COLUMN, Shop, environment

ROLE = "rolloutctl_test_modest"
DATA = environment().workflow_data


def settings():
    tables = {"run": "WorkflowExecution"}
    columns = {"run.merchant": "merchantId", "run.created_at": "createdAt", "run.status": "status"}
    data = replace(DATA, tables=tables, columns=columns, baseline_window=timedelta(days=60))
    return replace(
        environment(), workflow_data=replace(data, completed=("completed",), failed=("failed",))
    )


def look(url, *merchants, with_runs=True):
    return inspect_database(settings(), url, Wanted([COLUMN], merchants, with_runs))


@pytest.fixture
def modest(shop, server):
    """The shop seen by a role of its own that may do nothing yet."""
    name = f"{ROLE}_{shop.url.rsplit('_', 1)[1].partition('?')[0]}"
    shop.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
    url = psycopg.conninfo.make_conninfo(shop.url, user=name)
    yield Shop(url), name
    for statement in ("DROP OWNED BY {}", "DROP ROLE {}"):
        shop.execute(sql.SQL(statement).format(sql.Identifier(name)))


def test_an_owner_of_prismas_tables(shop):
    shop.add("m1", "m2")
    shop.configure({"m1": True, "m2": False})
    found = look(shop.url)
    assert found.server.version >= 130_000
    assert not found.server.is_read_only
    assert not found.server.is_pooled
    assert abs(found.server.ahead) < timedelta(seconds=30)
    assert found.role.may_use_ledger is None
    assert found.ledger_version == 0
    assert found.merchants.count == 2
    assert found.merchants.on == {COLUMN: 1}
    columns = found.merchant_config.columns
    assert columns[COLUMN].type == "boolean"
    assert columns[COLUMN].default == "false"
    assert columns["merchantId"].is_unique
    assert not columns[COLUMN].is_indexed
    assert found.merchant_config.is_owned


def test_a_database_without_the_tables(server, shop):
    shop.execute('DROP TABLE "Merchant", "MerchantConfig" CASCADE')
    found = look(shop.url)
    assert (found.merchant, found.merchant_config, found.merchants) == (None, None, None)


def test_runs_are_counted_by_merchant(shop):
    shop.add("m1", "m2")
    ages = [("completed", 1), ("failed", 2), ("completed", 20), ("completed", 50), ("pending", 90)]
    for number, (status, days) in enumerate(ages):
        shop.execute(
            'INSERT INTO "WorkflowExecution" (id, "merchantId", status, "createdAt") '
            "VALUES (%s, 'm1', %s, now() AT TIME ZONE 'UTC' - %s)",
            f"run{number}",
            status,
            timedelta(days=days),
        )
    runs = look(shop.url, "m1", "m2").runs
    assert runs.last_week == 2
    assert runs.by_merchant == {"m1": MerchantRuns(2, 2, 1, 3)}
    assert datetime.now(UTC) - runs.newest < timedelta(days=2)
    assert look(shop.url, "m1", with_runs=False).runs is None


def add_runs(shop, number, *, order="n"):
    shop.add("m1")
    shop.execute(
        'INSERT INTO "WorkflowExecution" (id, "merchantId", status, "createdAt") '
        "SELECT 'run' || n, 'm1', 'completed', now() - n * interval '1 minute' "
        f"FROM generate_series(1, {number}) AS n ORDER BY {order}"
    )
    shop.execute('ANALYZE "WorkflowExecution"')


def test_a_table_of_runs_in_the_order_of_time(shop):
    add_runs(shop, 5_000, order="n DESC")
    table = look(shop.url).runs.table
    assert table.rows == 5_000
    assert table.order > 0.99
    assert not table.is_found_by_time


def test_a_table_of_runs_in_another_order(shop):
    add_runs(shop, 5_000, order="md5(n::text)")
    assert abs(look(shop.url).runs.table.order) < 0.5


def test_a_table_of_runs_that_was_never_analysed(shop):
    table = look(shop.url).runs.table
    assert table.rows <= 0
    assert table.order is None


@pytest.mark.parametrize(
    ("index", "leads"),
    [
        ('("createdAt")', True),
        ('("createdAt", status)', True),
        ('USING brin ("createdAt")', True),
        ('USING brin (status, "createdAt")', True),
        ('("merchantId", "createdAt")', False),
        ("(\"createdAt\") WHERE status = 'failed'", False),
        ("USING brin (status)", False),
    ],
)
def test_an_index_that_leads_to_a_time_is_seen(shop, index, leads):
    shop.execute(f'CREATE INDEX ON "WorkflowExecution" {index}')
    assert look(shop.url).runs.table.is_found_by_time is leads


def test_what_is_advised_is_what_is_looked_for(shop):
    advised = 'CREATE INDEX CONCURRENTLY ON "public"."WorkflowExecution" USING brin ("createdAt")'
    with psycopg.connect(shop.url, autocommit=True) as connection:
        connection.execute(advised)
    assert look(shop.url).runs.table.is_found_by_time


def test_runs_in_a_view_have_no_such_table(shop):
    shop.execute('ALTER TABLE "WorkflowExecution" RENAME TO runs_of_all_times')
    shop.execute('CREATE VIEW "WorkflowExecution" AS SELECT * FROM runs_of_all_times')
    runs = look(shop.url).runs
    assert runs.newest is None
    assert runs.table is None


def test_a_role_without_rights_is_told_as_such_and_everything_else_is_still_looked_at(modest):
    shop, name = modest
    found = look(shop.url)
    assert found.role.name == name
    assert not found.role.is_superuser
    assert found.merchants is None
    assert found.runs is None
    assert found.merchant.columns["id"].rights == frozenset()
    assert not found.merchant_config.is_owned


def test_rights_on_single_columns_count(shop, modest):
    seen, name = modest
    shop.execute(
        sql.SQL(
            'GRANT SELECT, UPDATE ("enableSequentialWorkflow") ON "MerchantConfig" TO {}'
        ).format(sql.Identifier(name))
    )
    columns = look(seen.url).merchant_config.columns
    assert columns[COLUMN].rights == {"SELECT", "UPDATE"}
    assert columns["id"].rights == {"SELECT"}


def test_row_level_security_is_seen(shop, modest):
    seen, name = modest
    shop.execute('ALTER TABLE "Merchant" ENABLE ROW LEVEL SECURITY')
    shop.execute(sql.SQL('GRANT SELECT ON "Merchant" TO {}').format(sql.Identifier(name)))
    assert look(seen.url).merchant.hides_rows
    assert not look(shop.url).merchant.hides_rows


def test_a_ledger_that_this_role_may_not_write_is_seen(shop, modest):
    seen, name = modest
    shop.execute("CREATE SCHEMA rollout")
    assert look(seen.url).role.may_use_ledger is False
    shop.execute(
        sql.SQL("GRANT USAGE, CREATE ON SCHEMA rollout TO {}").format(sql.Identifier(name))
    )
    assert look(seen.url).role.may_use_ledger is True
    shop.execute("CREATE TABLE rollout.ledger_version (version integer)")
    assert look(seen.url).role.may_use_ledger is False
    assert look(seen.url).ledger_version == 0


def test_the_zone_that_sessions_start_in(shop, modest):
    seen, name = modest
    statement = "ALTER ROLE {} SET timezone TO 'America/New_York'"
    shop.execute(sql.SQL(statement).format(sql.Identifier(name)))
    found = look(seen.url)
    assert found.server.timezone == "America/New_York"
    assert found.server.now.tzinfo is UTC


def test_a_server_that_only_reads(shop, modest):
    seen, name = modest
    statement = "ALTER ROLE {} SET default_transaction_read_only TO on"
    shop.execute(sql.SQL(statement).format(sql.Identifier(name)))
    assert look(seen.url).server.is_read_only


def test_an_index_on_a_flag_is_seen(shop):
    shop.execute(f'CREATE INDEX ON "MerchantConfig" ("{COLUMN}")')
    assert look(shop.url).merchant_config.columns[COLUMN].is_indexed


@pytest.mark.parametrize(
    "index",
    [
        'CREATE INDEX ON "MerchantConfig" ("merchantId")',
        'CREATE UNIQUE INDEX ON "MerchantConfig" ("merchantId") WHERE id > \'a\'',
        'CREATE UNIQUE INDEX ON "MerchantConfig" ("merchantId", id)',
    ],
)
def test_only_a_whole_unique_index_on_the_merchant_alone_makes_it_unique(shop, index):
    shop.execute('DROP INDEX "MerchantConfig_merchantId_key"')
    shop.execute(index)
    assert not look(shop.url).merchant_config.columns["merchantId"].is_unique


def test_nobody_answers():
    with pytest.raises(DatabaseUnreachable):
        look("postgresql://postgres@127.0.0.1:1/none")
