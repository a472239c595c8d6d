"""Names that follow from other names."""

import pytest

from controller.starting.choices import column_of, flag_of


@pytest.mark.parametrize(
    ("column", "flag"),
    [
        ("enableSequentialWorkflow", "sequential_workflow"),
        ("enabledBeta", "beta"),
        ("isVIPMerchant", "vip_merchant"),
        ("use_new_checkout", "new_checkout"),
        ("newCheckout", "new_checkout"),
        ("enable", "enable"),
        ("island", "island"),
    ],
)
def test_a_column_suggests_a_flag(column: str, flag: str):
    assert flag_of(column) == flag


def test_a_flag_finds_its_column():
    assert column_of("new_checkout", ("a", "is_new_checkout")) == "is_new_checkout"


def test_a_flag_without_a_column_gets_the_usual_name():
    assert column_of("new_checkout", ("enableOther",)) == "enableNewCheckout"
