"""The rules, evaluated by flagd's own operators, say of every merchant what targeting says."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.instants import whole_seconds
from controller.domain.merchant import Merchant
from controller.domain.targeting import decide
from controller.render.flagd.rules import AGE_ATTRIBUTE, rules_of
from tests.domain.strategies import (
    DAY,
    NOW,
    any_id,
    flag,
    flags,
    ladder,
    moments,
    named_ids,
    override,
    phase,
    with_bucket,
)

evaluators = pytest.importorskip("tests.render.flagd.evaluators", exc_type=ImportError)


def evaluated(desired, merchant: Merchant | None, now, *, halted=False, aged=True) -> bool:
    rules = rules_of(desired, NOW, halted=halted)
    body = {
        "state": "ENABLED",
        "variants": {"on": True, "off": False},
        "defaultVariant": rules.usual,
        **({"targeting": rules.targeting} if rules.targeting else {}),
    }
    age = {AGE_ATTRIBUTE: whole_seconds(merchant.created_at)} if merchant and aged else {}
    id_ = merchant.id if merchant else None
    return evaluators.value({"flags": {desired.key: body}}, desired.key, id_, now, **age)


def merchant(id_: str, created_at: datetime = NOW - 400 * DAY) -> Merchant:
    return Merchant(id_, "", is_active=True, created_at=created_at)


@given(flags(), st.one_of(named_ids, any_id), moments, st.booleans(), st.integers(0, 3 * 86_400))
def test_they_say_what_targeting_says_now_and_later(desired, id_, created, halted, later):
    one, then = merchant(id_, min(created, NOW)), NOW + timedelta(seconds=later)
    told = decide(desired, one, then, halted=halted).value
    told = told or (desired.flag.globally_on and not halted)
    assert evaluated(desired, one, then, halted=halted) is told


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_an_override_ends_with_its_last_day(days):
    (late,) = with_bucket(9_000, 10_000)
    last = (NOW + days * DAY).date()
    desired = flag("50%", overrides=[override(late, value=True, expires=last)])
    midnight = datetime.combine(last, time(), UTC) + DAY
    for then in (NOW, midnight - timedelta(seconds=1), midnight):
        if then >= NOW:
            assert evaluated(desired, merchant(late), then) is (then < midnight)


def test_a_merchant_grows_old_enough_and_one_whose_age_is_not_given_does_not():
    (early,) = with_bucket(0, 1_000)
    desired = flag("10%", ladder(), min_age=30 * DAY)
    young = merchant(early, NOW - 30 * DAY + timedelta(seconds=1))
    assert not evaluated(desired, young, NOW)
    assert evaluated(desired, young, NOW + timedelta(seconds=1))
    assert not evaluated(desired, young, NOW + 99 * DAY, aged=False)
    assert evaluated(desired, merchant(early, datetime(1970, 1, 1, tzinfo=UTC)), NOW)


def test_whoever_names_no_merchant_is_in_no_share():
    assert not evaluated(flag("50%", salt="a"), None, NOW)
    assert evaluated(flag("100%"), None, NOW)


def test_the_ids_that_programs_take_for_nothing_are_ids():
    for id_ in ("0", "", "false", "null"):
        named = flag("pilot", ladder(id_))
        assert evaluated(named, merchant(id_), NOW)
        nearly_all = flag("most", [phase("most", percent=99.99)])
        assert decide(nearly_all, merchant(id_), NOW, halted=False).value
        assert evaluated(nearly_all, merchant(id_), NOW)


def test_overrides_that_are_over_are_left_out():
    over = override("m1", value=True, expires=(NOW - DAY).date())
    assert rules_of(flag("off", overrides=[over]), NOW, halted=False).targeting is None


def test_they_tell_what_they_need():
    assert rules_of(flag("pilot", ladder("m1")), NOW, halted=False).hashes is False
    found = rules_of(flag("10%", min_age=DAY), NOW, halted=False)
    assert (found.hashes, found.needs_age) == (True, True)
    assert rules_of(flag("10%", min_age=DAY), NOW, halted=True).targeting is None
    assert rules_of(flag("off"), NOW, halted=False).targeting is None
