"""What can become an override, what cannot and why."""

from dataclasses import replace
from datetime import date

import pytest

from controller.domain.desired import Desired
from controller.domain.flag import Override
from controller.errors import UsageError
from controller.inquiry.adoption import Adoption, LeftAlone, Wish, adopt
from controller.ports import Ports
from controller.reconcile import reconcile
from tests.merchant_store.builders import Shop, desired, environment

EVERY = Wish((), None, None)


@pytest.fixture
def shop(prisma_database):
    shop = Shop(prisma_database)
    shop.add("m1", "m2", "m 3")
    return shop


def wanted(*overrides: Override) -> Desired:
    flag = desired()
    flag = replace(flag, flag=replace(flag.flag, overrides=overrides))
    return Desired(environment(), (flag,), {}, (), None)


def find(shop, wish=EVERY, files=None) -> Adoption:
    files = files or wanted()
    return adopt(Ports(shop.store(), None, None), files, files.flags[0], wish)


def take_over(shop, files=None):
    reconcile(Ports(shop.store(), None, None), files or wanted(), actor="ada")


def test_every_value_set_by_hand_with_a_reason_that_says_when(shop):
    take_over(shop)
    shop.configure({"m2": True})
    shop.execute(
        'UPDATE "MerchantConfig" SET "enableSequentialWorkflow" = false WHERE id <> %s', "config-m2"
    )
    found = find(shop)
    assert [(o.merchant, o.value) for o in found.overrides] == [("m1", False), ("m2", True)]
    assert found.overrides[0].reason.startswith("set by hand, adopted on 20")
    assert found.merchants["m2"].shop_domain == "shop-of-m2"


def test_an_id_that_no_file_can_hold_is_left_alone(shop):
    take_over(shop)
    shop.configure({"m 3": True})
    found = find(shop)
    assert found.overrides == ()
    assert found.left_alone == (("m 3", LeftAlone.NO_FILE_NAME),)


def test_a_merchant_with_an_override_is_left_alone(shop):
    files = wanted(Override("m2", value=False, reason="not yet"))
    take_over(shop, files)
    shop.configure({"m2": True})
    assert find(shop, files=files).left_alone == (("m2", LeftAlone.HAS_OVERRIDE),)


def test_what_was_turned_on_during_a_halt_is_left_alone(shop):
    take_over(shop)
    shop.store().halt("sequential_workflow", reason="lost orders", actor="ada")
    shop.configure({"m2": True})
    assert find(shop).left_alone == (("m2", LeftAlone.HALTED),)


def test_only_the_merchants_named_and_only_if_their_value_was_set_by_hand(shop):
    take_over(shop)
    shop.configure({"m2": True, "m 3": True})
    found = find(shop, Wish(("shop-of-m2",), "agreed", date(2099, 1, 1)))
    assert found.overrides == (Override("m2", True, "agreed", date(2099, 1, 1)),)
    with pytest.raises(UsageError, match="nobody has set"):
        find(shop, Wish(("m1",), None, None))
    with pytest.raises(UsageError, match="there is no merchant"):
        find(shop, Wish(("m9",), None, None))


def test_a_last_day_that_is_over_is_refused(shop):
    take_over(shop)
    with pytest.raises(UsageError, match="would never count"):
        find(shop, Wish((), None, date(2020, 1, 1)))
