"""Environments: the shortest file is a careful one."""

from datetime import timedelta

from controller.config.environment_file import EnvironmentFile, to_environment
from controller.domain.environment import GuardrailLimits, MerchantTables, OnRollback, SchemaOwner
from controller.domain.units import Percent


def test_the_shortest_environment():
    environment = to_environment(EnvironmentFile.model_validate({"name": "production"}))
    assert environment.database.url_variable == "DATABASE_URL"
    assert environment.database.schema == "public"
    assert environment.database.schema_owner is SchemaOwner.EXTERNAL
    assert environment.database.tables == MerchantTables()
    assert environment.database.lock_timeout == timedelta(seconds=10)
    assert environment.deploy_env is None
    assert environment.limits == GuardrailLimits(Percent(5_000), None, never_to_empty=True)
    assert environment.on_rollback is OnRollback.OPEN_REVERT
    assert environment.workflow_data.baseline_window == timedelta(days=60)


def test_limits_can_be_switched_off():
    limits = {"max_changed_percent": "off", "max_changed_count": "off", "never_to_empty": "false"}
    file = EnvironmentFile.model_validate({"name": "demo", "guardrails": limits})
    assert to_environment(file).limits == GuardrailLimits(None, None, never_to_empty=False)
