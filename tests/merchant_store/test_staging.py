"""Ids arrive as they were sent, in any number, whatever they are made of."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.domain.plan import Cause
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import Database
from controller.merchant_store.ledger_schema import CAUSE_CODES
from controller.merchant_store.staging import stage
from tests.merchant_store.builders import FLAG, Shop, environment, group

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("\\\t\n\rN."),
    max_size=12,
)


def _staged(shop: Shop, groups) -> list[tuple]:
    settings = environment().database
    with Database.of(settings, shop.url).writing() as connection:
        stage(connection, AppTables.of(settings), groups, {FLAG: 7})
        return connection.execute(
            "SELECT merchant_id, flag, value, cause FROM rollout_wanted"
        ).fetchall()


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(merchants=st.sets(TEXT, max_size=20))
def test_any_text_is_staged_as_it_is(shop: Shop, merchants: set[str]):
    staged = _staged(shop, [group(*merchants)])
    phase = CAUSE_CODES[Cause.PHASE]
    assert sorted(staged) == sorted((merchant, 7, True, phase) for merchant in merchants)


def test_groups_larger_than_one_write(shop: Shop):
    merchants = [f"m{number}" for number in range(20_001)]
    staged = _staged(shop, [group(*merchants), group("other", value=False, cause=Cause.HALT)])
    assert len(staged) == 20_002
    assert ("other", 7, False, CAUSE_CODES[Cause.HALT]) in staged


def test_the_table_is_gone_with_the_transaction(shop: Shop):
    _staged(shop, [group("m1")])
    assert shop.execute("SELECT count(*) FROM pg_class WHERE relname = 'rollout_wanted'") == [(0,)]
