from dataclasses import replace

from tests.domain.strategies import LONG_AGO, flag, ledger


def test_a_flag_was_applied_last_as_the_ledger_has_it():
    before = flag("pilot")
    assert ledger(before).last_applied(flag("10%")) == before
    assert ledger().last_applied(flag("10%")) is None


def test_in_another_column_it_was_never_applied():
    remembered = ledger(flag("pilot", column="old"))
    assert remembered.last_applied(flag("pilot")) is None
    assert remembered.last_applied(flag("pilot", column=None)) is None
    assert ledger(flag(None, column=None)).last_applied(flag(column=None)) is not None


def test_a_flag_was_decided_on_when_it_says_so_or_else_with_the_ledger():
    remembered = ledger(flag())
    assert remembered.decided_at("seq") == remembered.evaluated_at
    assert remembered.decided_at("unknown") == remembered.evaluated_at
    entry = replace(remembered.applied["seq"], evaluated_at=LONG_AGO)
    assert replace(remembered, applied={"seq": entry}).decided_at("seq") == LONG_AGO


def test_a_halt_has_an_effect_until_the_flag_is_applied_again():
    assert ledger(flag(), halts=["seq"]).was_off("seq")
    assert ledger(flag(), resumed=["seq"]).was_off("seq")
    assert not ledger(flag()).was_off("seq")
    assert not replace(ledger(flag()), resumed=frozenset({"another"})).was_off("seq")
