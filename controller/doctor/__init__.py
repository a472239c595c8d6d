"""The preflight: everything that must be in place before a rollout, each with its fix.

Beside the way of a change. `gathering` collects the facts; a check takes them and says what it
thinks: one small function a check, registered in `CHECKS`. docs/doctor.md has one heading for each,
and a test holds that the sets agree.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from controller.doctor import app, connection, deployment, pull_requests, repository, tables
from controller.doctor.facts import Check, Facts, with_database, with_files
from controller.doctor.finding import Finding, Health
from controller.errors import ExitCode

CHECKS: Final[Mapping[str, Mapping[str, Check]]] = {
    "files": {
        "files_valid": repository.files_valid,
        "flags_defined": with_files(repository.flags_defined),
        "git_revision": repository.git_revision,
        "git_history": repository.git_history,
    },
    "database": {
        "database_url": with_files(connection.database_url),
        "database_reachable": with_files(connection.database_reachable),
        "server_version": with_database(connection.server_version),
        "pooler": with_database(connection.pooler),
        "time_zone": with_database(connection.time_zone),
        "clock": with_database(connection.clock),
        "role_rights": with_database(connection.role_rights),
        "role_modest": with_database(connection.role_modest),
        "ledger_version": with_database(connection.ledger_version),
    },
    "tables": {
        "merchant_table": with_database(tables.merchant_table),
        "merchants_exist": with_database(tables.merchants_exist),
        "merchant_config_table": with_database(tables.merchant_config_table),
        "unique_merchant": with_database(tables.unique_merchant),
        "flag_columns": with_database(tables.flag_columns),
        "flag_defaults": with_database(tables.flag_defaults),
        "indexed_flags": with_database(tables.indexed_flags),
        "runs_by_time": with_database(tables.runs_by_time),
    },
    "app": {
        "starts_off": with_database(app.starts_off),
        "runs_recent": with_files(app.runs_recent),
        "pilot_merchants": with_files(app.pilot_merchants),
        "baseline": with_files(app.baseline),
    },
    "deploy environment": {
        "deploy_env_reachable": with_files(deployment.deploy_env_reachable),
        "variables_set": deployment.with_values(deployment.variables_set),
        "variables_readable": deployment.with_values(deployment.variables_readable),
        "deployment_live": deployment.with_values(deployment.deployment_live),
    },
    "pull requests": {
        "forge_reachable": pull_requests.forge_reachable,
        "gate_required": pull_requests.with_forge(pull_requests.gate_required),
        "gate_source": pull_requests.with_forge(pull_requests.gate_source),
    },
    "by hand": {
        "backup": app.backup,
        "app_tested": app.app_tested,
    },
}
"""By group, in the order in which one would mend what they find."""


def examine(facts: Facts) -> Mapping[str, Mapping[str, Finding]]:
    """Run every check. Findings by group and by the check's name."""
    return {
        group: {name: check(facts) for name, check in checks.items()}
        for group, checks in CHECKS.items()
    }


def exit_code(findings: Iterable[Finding]) -> ExitCode:
    """0 if nothing failed; 9 if only something outside did not answer; otherwise 2."""
    failed = [finding for finding in findings if finding.health is Health.FAIL]
    if not failed:
        return ExitCode.DONE
    only_outside = all(finding.is_unreachable for finding in failed)
    return ExitCode.UNREACHABLE if only_outside else ExitCode.INVALID
