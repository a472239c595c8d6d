"""Ids look like Prisma's and never repeat."""

import re
from datetime import UTC, datetime

from psycopg import sql

from controller.merchant_store.cuid import cuid_expression
from tests.merchant_store.builders import Shop

NOW = datetime(2026, 11, 23, 12, 34, 56, 789_000, tzinfo=UTC)


def _cuids(shop: Shop, count: int) -> list[str]:
    expression = cuid_expression(sql.Identifier("n"), NOW)
    query = sql.SQL("SELECT {} FROM generate_series(1::bigint, {}) n").format(
        expression, sql.Literal(count)
    )
    return [row[0] for row in shop.execute(query)]


def test_a_cuid_is_c_and_24_digits_of_base_36(shop: Shop):
    assert all(re.fullmatch(r"c[0-9a-z]{24}", cuid) for cuid in _cuids(shop, 100))


def test_it_carries_the_time_in_milliseconds(shop: Shop):
    [cuid] = _cuids(shop, 1)
    assert int(cuid[1:9], 36) == round(NOW.timestamp() * 1000)


def test_a_hundred_thousand_of_two_runs_differ(shop: Shop):
    made = _cuids(shop, 50_000) + _cuids(shop, 50_000)
    assert len(set(made)) == len(made)
