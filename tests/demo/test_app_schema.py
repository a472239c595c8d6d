"""The app's tables are there, with and without Prisma's "MerchantConfig"."""

import psycopg


def test_tables_with_and_without_merchant_config(database: str, prisma_database: str):
    with psycopg.connect(database) as connection:
        tables = {
            row[0]
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
        }
    assert tables == {
        "Merchant",
        "Upload",
        "WorkflowExecution",
        "Supplier",
        "PurchaseOrder",
        "LineItem",
    }
    with psycopg.connect(prisma_database) as connection:
        assert connection.execute('SELECT count(*) FROM "MerchantConfig"').fetchone() == (0,)
