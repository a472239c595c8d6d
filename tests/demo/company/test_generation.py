from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from controller.demo.company import Company, generate

AT = datetime(2026, 6, 10, 14, 30, tzinfo=UTC)
_ALL = """
    SELECT md5(string_agg(row, E'\\n' ORDER BY row)) FROM (
        SELECT m::text FROM "Merchant" m UNION ALL SELECT u::text FROM "Upload" u
        UNION ALL SELECT w::text FROM "WorkflowExecution" w
        UNION ALL SELECT s::text FROM "Supplier" s
        UNION ALL SELECT o::text FROM "PurchaseOrder" o UNION ALL SELECT i::text FROM "LineItem" i
    ) AS every (row)
"""


def _one(connection: psycopg.Connection, query: str) -> object:
    [(value,)] = connection.execute(query).fetchall()
    return value


def _generated(url: str, **changes: object) -> object:
    with psycopg.connect(url) as connection:
        arguments = {"merchants": 20, "days": 20, "seed": 7, "at": AT, **changes}
        generate(connection, **arguments)  # type: ignore[arg-type]
        digest = _one(connection, _ALL)
        connection.execute('TRUNCATE "Merchant", "Supplier" CASCADE')
    return digest


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(database: str):
    first = _generated(database)
    assert _generated(database) == first
    assert _generated(database, seed=8) != first


def test_merchants_ids_and_names_do_not_depend_on_the_day(database: str):
    found = []
    for at in (AT, AT + timedelta(days=100)):
        with psycopg.connect(database) as connection:
            made = generate(connection, merchants=20, days=1, at=at)
            connection.execute('TRUNCATE "Merchant", "Supplier" CASCADE')
        found.append([(merchant.id, merchant.shop_domain) for merchant in made.merchants])
    assert found[0] == found[1]


def test_what_is_returned_is_what_is_in_the_database(world: psycopg.Connection, company: Company):
    rows = world.execute(
        'SELECT "id", "shopDomain", "isActive", "createdAt" FROM "Merchant" ORDER BY "createdAt"'
    ).fetchall()
    assert [(m.id, m.shop_domain, m.is_active, m.created_at) for m in company.merchants] == [
        (*row[:3], row[3].replace(tzinfo=UTC)) for row in rows
    ]
    assert company.at == AT
    for table, count in (
        ("WorkflowExecution", company.written.runs),
        ("PurchaseOrder", company.written.orders),
        ("LineItem", company.written.line_items),
    ):
        assert _one(world, f'SELECT count(*) FROM "{table}"') == count


def test_there_are_young_merchants_old_ones_and_a_few_that_left(company: Company):
    ages = [(AT - merchant.created_at).days for merchant in company.merchants]
    assert 0 < sum(age < 30 for age in ages) < 60
    assert 600 < max(ages) <= 730
    assert 0 < sum(not merchant.is_active for merchant in company.merchants) < 30
    assert all(m.shop_domain.endswith(".myshopify.com") for m in company.merchants)


def test_most_merchants_have_5_to_20_runs_a_month(world: psycopg.Connection):
    rows = world.execute(
        """SELECT count(*) / 2.0 FROM "WorkflowExecution" JOIN "Merchant" m ON m."id" = "merchantId"
           WHERE m."createdAt" < %s AND m."isActive" GROUP BY m."id" """,
        [AT - timedelta(days=60)],
    ).fetchall()
    assert sum(5 <= row[0] <= 20 for row in rows) > len(rows) * 0.6


def test_legacy_runs_take_about_38_minutes_few_fail_fewer_hang(world: psycopg.Connection):
    [(median, failed, stuck)] = world.execute(
        """SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY "completedAt" - "createdAt")
                      FILTER (WHERE status = 'completed'),
                  avg((status = 'failed')::int)::float, avg((status = 'processing')::int)::float
           FROM "WorkflowExecution" """
    ).fetchall()
    assert timedelta(minutes=36) < median < timedelta(minutes=40)
    assert 0.02 < failed < 0.045
    assert 0 < stuck < 0.01


def test_runs_lie_in_the_window_and_between_their_merchants_coming_and_the_present(
    world: psycopg.Connection,
):
    present = AT.replace(tzinfo=None)
    outside = """
        SELECT count(*) FROM "WorkflowExecution" w JOIN "Merchant" m ON m."id" = w."merchantId"
        JOIN "Upload" u ON u."id" = w."uploadId"
        WHERE w."createdAt" < m."createdAt" OR w."createdAt" < %(start)s OR w."createdAt" > %(at)s
           OR w."completedAt" > %(at)s OR w."startedAt" < w."createdAt"
           OR w."completedAt" < w."startedAt" OR u."createdAt" > w."createdAt"
           OR u."merchantId" <> w."merchantId"
           OR (w."status" = 'processing') <> (w."completedAt" IS NULL)
           OR (w."status" = 'failed') <> (w."errorMessage" IS NOT NULL)
    """
    values = {"start": present - timedelta(days=60), "at": present}
    assert world.execute(outside, values).fetchall() == [(0,)]


def test_totals_add_up_and_every_completed_run_has_one_order(world: psycopg.Connection):
    wrong_totals = """
        SELECT count(*) FROM "PurchaseOrder" o LEFT JOIN (
            SELECT "purchaseOrderId", sum("totalCost") AS total,
                   bool_and("totalCost" = quantity * "unitCost") AS fits
            FROM "LineItem" GROUP BY 1) i ON i."purchaseOrderId" = o."id"
        WHERE o."totalAmount" IS DISTINCT FROM i.total OR NOT i.fits
    """
    assert _one(world, wrong_totals) == 0
    orders_of_completed = """
        SELECT array_agg(DISTINCT orders) FROM (
            SELECT count(o."id") AS orders FROM "WorkflowExecution" w
            LEFT JOIN "PurchaseOrder" o
                ON o."workflowId" = w."id" AND o."merchantId" = w."merchantId"
            WHERE w."status" = 'completed' GROUP BY w."id") AS counted
    """
    assert _one(world, orders_of_completed) == [1]


def test_synced_orders_and_only_those_are_in_the_shop(world: psycopg.Connection):
    wrong = """
        SELECT count(*) FROM "PurchaseOrder" o JOIN "WorkflowExecution" w ON w."id" = o."workflowId"
        WHERE ("shopifySyncStatus" = 'synced') <> ("shopifyOrderId" IS NOT NULL)
           OR ("shopifyOrderId" IS NULL) <> ("shopifySyncedAt" IS NULL)
           OR "shopifySyncStatus" = 'synced' AND w."status" <> 'completed'
    """
    assert _one(world, wrong) == 0


def test_named_merchants_would_make_good_pilots(
    world: psycopg.Connection, company: Company, named: tuple[str, ...]
):
    by_id = {merchant.id: merchant for merchant in company.merchants}
    for merchant in named:
        assert by_id[merchant].is_active
        assert AT - by_id[merchant].created_at > timedelta(days=30)
        [(runs, failed, newest)] = world.execute(
            """SELECT count(*), count(*) FILTER (WHERE status = 'failed'), max("createdAt")
               FROM "WorkflowExecution" WHERE "merchantId" = %s""",
            [merchant],
        ).fetchall()
        assert 10 <= runs <= 50
        assert failed == 0
        assert AT - newest.replace(tzinfo=UTC) < timedelta(days=7)


def test_foreign_keys_are_as_they_were(world: psycopg.Connection):
    keys = world.execute(
        "SELECT count(*), bool_and(convalidated) FROM pg_constraint WHERE contype = 'f'"
    ).fetchall()
    assert keys == [(7, True)]


def test_more_named_merchants_than_wanted_or_no_zone_is_a_mistake(
    database: str, named: tuple[str, ...]
):
    with psycopg.connect(database) as connection:
        with pytest.raises(ValueError, match="2 merchants are named"):
            generate(connection, merchants=1, named=named)
        with pytest.raises(ValueError, match="zone"):
            generate(connection, merchants=1, at=datetime(2026, 1, 1))  # noqa: DTZ001 -- the mistake
