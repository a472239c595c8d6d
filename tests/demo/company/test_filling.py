import psycopg

from controller.demo.company import fill


def test_filled_merchants_have_ids_like_cuids_and_ages_up_to_two_years(prisma_database: str):
    with psycopg.connect(prisma_database) as connection:
        fill(connection, 1_000)
        [(count, shaped, ordered, youngest, oldest)] = connection.execute(
            """SELECT count(DISTINCT "id"), bool_and("id" ~ '^c[0-9a-z]{24}$'),
                      array_agg("id" ORDER BY "createdAt", "id") = array_agg("id" ORDER BY "id"),
                      date_part('day', now() - max("createdAt")),
                      date_part('day', now() - min("createdAt"))
               FROM "Merchant" """
        ).fetchall()
        assert (count, shaped, ordered) == (1_000, True, True)
        assert (youngest, oldest) == (60, 729)
        assert connection.execute('SELECT count(*) FROM "MerchantConfig"').fetchall() == [(0,)]


def test_configured_merchants_have_a_row_with_the_flag_off(prisma_database: str):
    with psycopg.connect(prisma_database) as connection:
        fill(connection, 100, configured=True)
        rows = connection.execute(
            """SELECT count(*), bool_or("enableSequentialWorkflow"), bool_and(length("id") = 25)
               FROM "MerchantConfig" WHERE "merchantId" IN (SELECT "id" FROM "Merchant")"""
        ).fetchall()
    assert rows == [(100, False, True)]
