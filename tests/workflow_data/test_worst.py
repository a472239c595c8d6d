"""The worst merchant, asked of a database, is the one that reading all merchants finds."""

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.gate.counts import MerchantTally, Tally
from controller.workflow_data.flavour import Flavour
from controller.workflow_data.worst import lowest_rates, tally_of, worst_merchant

NAMES = ("completed", "on_time")
# Few numbers, so that rates are often equal; ids that sort differently in a dictionary.
MERCHANTS = st.dictionaries(
    st.text("abAB_-é9", min_size=1, max_size=4),
    st.integers(0, 6).flatmap(
        lambda judged: st.tuples(st.just(judged), *(st.integers(0, judged) for _ in NAMES))
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture
def engine(database):
    found = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(database))
    yield found
    found.dispose()


def asked(engine, merchants, least):
    columns = [sa.column("merchant", sa.Text)]
    columns += [sa.column(name, sa.BigInteger) for name in ("judged", *NAMES)]
    rows = [(merchant, *numbers) for merchant, numbers in merchants.items()]
    tallies = sa.select(sa.values(*columns, name="given").data(rows)).cte("tallies")
    lowest = lowest_rates(NAMES, tallies, least)
    flavour = Flavour.of(engine.dialect.name)
    answers = [
        column for name in NAMES for column in worst_merchant(flavour, name, tallies, lowest, least)
    ]
    with engine.connect() as connection:
        statement = sa.select(*answers).select_from(tallies.join(lowest, sa.true()))
        return connection.execute(statement).mappings().one()


def read_through(merchants, least, name):
    number = NAMES.index(name) + 1
    enough = {
        merchant: (numbers[number], numbers[0])
        for merchant, numbers in merchants.items()
        if numbers[0] >= max(1, least)
    }
    if not enough:
        return 0, None
    worst = min(enough, key=lambda m: (enough[m][0] / enough[m][1], -enough[m][1], m.encode()))
    return len(enough), MerchantTally(worst, Tally(*enough[worst]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(merchants=MERCHANTS, least=st.integers(0, 4))
def test_the_worst_is_found_by_rate_then_by_more_runs_then_by_id(engine, merchants, least):
    row = asked(engine, merchants, least)
    for name in NAMES:
        key = row[f"{name}_worst"]
        found = row[f"{name}_considered"], tally_of(key) if key else None
        assert found == read_through(merchants, least, name)


def test_of_millions_of_runs_nothing_is_lost(engine):
    merchants = {"many": (9_000_000, 8_999_999, 9_000_000), "few": (10, 10, 10)}
    row = asked(engine, merchants, 1)
    assert tally_of(row["completed_worst"]) == MerchantTally("many", Tally(8_999_999, 9_000_000))
    assert tally_of(row["on_time_worst"]) == MerchantTally("many", Tally(9_000_000, 9_000_000))
