"""Flags: what a short file means."""

from controller.config.flag_file import FlagFile, to_flag
from controller.domain.flag import DeployEnvHome, Flag


def test_the_shortest_flag():
    file = FlagFile.model_validate(
        {"key": "a", "description": "b", "owner": "c", "deploy_env": {"variable": "A"}}
    )
    assert to_flag(file) == Flag(
        key="a",
        description="b",
        owner="c",
        expires=None,
        merchant_config=None,
        deploy_env=DeployEnvHome("A", "1", "0", ("production",)),
        globally_on=False,
        overrides=(),
    )


def test_overrides_are_sorted_by_merchant():
    overrides = [{"merchant": m, "value": "true", "reason": "r"} for m in ("b", "a", "c")]
    file = FlagFile.model_validate(
        {"key": "a", "description": "b", "owner": "c", "overrides": overrides}
    )
    assert [override.merchant for override in to_flag(file).overrides] == ["a", "b", "c"]
