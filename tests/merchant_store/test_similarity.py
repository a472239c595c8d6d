"""A mistyped shop is suggested, and nothing is when nothing is alike."""

import pytest

from controller.merchant_store.similarity import typo_proof_patterns


@pytest.fixture
def shops(shop):
    for name in ("acme-tools", "acme-toys", "zebra-garden", "nordic-lamps"):
        shop.execute(
            'INSERT INTO "Merchant" (id, "shopDomain") VALUES (%s, %s)',
            f"clx-{name[::-1]}",
            f"{name}.myshopify.com",
        )
    return shop


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("acme-tols.myshopify.com", "acme-tools.myshopify.com"),
        ("Zebra-Gardn.myshopify.com", "zebra-garden.myshopify.com"),
        ("nordic-lamps", "nordic-lamps.myshopify.com"),
        ("clx-slo0t-emca", "acme-tools.myshopify.com"),
    ],
)
def test_the_likeliest_merchant_comes_first(shops, typed, best):
    with shops.store().snapshot() as snapshot:
        assert snapshot.similar_merchants(typed, 3)[0].shop_domain == best


@pytest.mark.parametrize("typed", ["", "x", "%", "something-else-entirely.example.com", "a\0b"])
def test_nothing_alike_suggests_nothing(shops, typed):
    with shops.store().snapshot() as snapshot:
        assert snapshot.similar_merchants(typed, 3) == ()


def test_one_typo_leaves_one_part_whole():
    assert typo_proof_patterns("Acme-Tools.myshopify.com") == ["%acme-%", "%tools%"]


def test_nothing_that_was_typed_is_a_wildcard():
    assert typo_proof_patterns("a%b_c\\d") == ["%a\\%b%", "%\\_c\\\\d%"]
