"""Flags beside each other: both places, and no false alarm."""

from tests.config.repository import codes, look

CHECKOUT = "flags/checkout.yaml"
BANNER = "flags/banner.yaml"


def test_both_sides_of_a_shared_column_are_named():
    home = "merchant_config: {column: enableCheckout}\ndeploy_env:"
    [problem] = look({BANNER: ("deploy_env:", home)}).problems
    assert str(problem.place) == "flags/checkout.yaml:5:27"
    assert [str(other.place) for other in problem.related] == ["flags/banner.yaml:4:27"]


def test_columns_that_differ_in_case_are_two_columns():
    home = "merchant_config: {column: enablecheckout}\ndeploy_env:"
    assert codes({BANNER: ("deploy_env:", home)}) == []


def test_reserved_columns_are_those_of_the_environments():
    tables = "{schema: managed, tables: {config_updated_at: enableCheckout}}"
    changes = {"rollout/environments/demo.yaml": ("{schema: managed}", tables)}
    assert codes(changes) == ["RC309"]


def test_an_override_may_turn_on_while_the_flag_is_on_for_everyone():
    on = look().configuration.flags["checkout"]
    assert on.overrides[0].value
    changes = {
        CHECKOUT: ("global: false", "global: true"),
        "rollout/checkout.yaml": ("{demo: 10%, production: off}", "100%"),
    }
    assert codes(changes) == ["RC306"]


def test_a_permanent_switch_needs_no_end_and_no_rollout():
    assert "rollout/banner.yaml" not in look().configuration.documents
    assert look().configuration.flags["banner"].expires is None
    assert codes({BANNER: ("deploy_env:", "global: true\ndeploy_env:")}) == []
