"""A company where everything is in place; tests take one thing away."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from controller.doctor import examine
from controller.doctor.facts import Facts, GitFacts, Known
from controller.doctor.finding import Health
from controller.domain.deploy import Deployment, DeployState, Variable
from controller.domain.desired import Desired
from controller.domain.environment import DeployEnvSettings
from controller.domain.flag import DeployEnvHome
from controller.forge.interface import RequiredCheck
from controller.merchant_store.database_facts import (
    Column,
    DatabaseFacts,
    MerchantRuns,
    Merchants,
    Role,
    Runs,
    RunTable,
    Server,
    Table,
)
from controller.merchant_store.ledger_schema import VERSION
from tests.domain.strategies import DAY, NOW, desired, environment, flag, ladder
from tests.domain.strategies import ledger as a_ledger
from tests.domain.strategies import merchant as a_merchant

OK, WARN, FAIL, NOT_CHECKED = Health.OK, Health.WARN, Health.FAIL, Health.NOT_CHECKED
HOME = DeployEnvHome("SEQ", "1", "0", ("production",))
RUN_TABLE, RUN_COLUMNS = {"run": "WorkflowExecution"}, {"run.created_at": "createdAt"}
ALL_RIGHTS = frozenset({"SELECT", "INSERT", "UPDATE", "REFERENCES"})


def wanted(**fields: Any) -> Desired:
    settings = DeployEnvSettings("vercel", {})
    env = replace(environment(), deploy_env=settings, **fields)
    files = desired(flag("pilot", ladder("m01"), deploy_env=HOME), env=env, revision="a" * 40)
    return with_names(files)


def with_names(files: Desired) -> Desired:
    """The same with the names of the table of runs."""
    data = replace(files.environment.workflow_data, tables=RUN_TABLE, columns=RUN_COLUMNS)
    return replace(files, environment=replace(files.environment, workflow_data=data))


def column(kind: str = "text", **fields: Any) -> Column:
    plain = Column(kind, None, ALL_RIGHTS, is_indexed=False, is_unique=False)
    return replace(plain, **fields)


def table(*names: str, **columns: Column) -> Table:
    found = {name: column() for name in names} | columns
    return Table(found, is_owned=True, hides_rows=False)


MERCHANT = table(
    "id", "shopDomain", isActive=column("boolean"), createdAt=column("timestamp without time zone")
)
CONFIG = table(
    "id",
    merchantId=column(is_unique=True, is_indexed=True),
    enableSeq=column("boolean", default="false"),
    createdAt=column("timestamp without time zone"),
    updatedAt=column("timestamp without time zone"),
)
DATABASE = DatabaseFacts(
    server=Server(180_006, NOW, timedelta(), "UTC", is_read_only=False, is_pooled=False),
    role=Role(
        "rollout",
        is_superuser=False,
        may_create_tables=True,
        may_create_schemas=True,
        may_use_ledger=True,
        may_use_temporary=True,
    ),
    merchant=MERCHANT,
    merchant_config=CONFIG,
    ledger_version=VERSION,
    merchants=Merchants(1_000, NOW - DAY, {"enableSeq": 1}),
    runs=Runs(
        NOW,
        500,
        {"m01": MerchantRuns(5, 20, 1, 40)},
        RunTable(9_000, is_found_by_time=False, order=None),
    ),
)
DEPLOY = DeployState(
    "vercel",
    (Variable("1", "SEQ", frozenset({"production"}), "0", updated_at=NOW - 2 * DAY),),
    needs_redeploy=True,
    deployment=Deployment("d1", NOW - DAY),
)


def facts(**fields: Any) -> Facts:
    """Everything in place, but for what is given."""
    files = fields.pop("desired", wanted())
    files = files and with_names(files)
    known = Known(a_ledger(*files.flags) if files else a_ledger(), {"m01": a_merchant("m01")})
    healthy = Facts(
        problems=(),
        desired=files,
        git=GitFacts("a" * 40, is_shallow=False),
        has_url=True,
        database=DATABASE,
        store=known,
        deploy=DEPLOY,
        required=RequiredCheck("ruleset", only_from_app=15368),
    )
    return replace(healthy, **fields)


def with_database(**fields: Any) -> Facts:
    """The same with something else in the database."""
    return facts(database=replace(DATABASE, **fields))


def with_run_table(rows: int, order: float | None = None, *, is_indexed: bool = False) -> Facts:
    """The same with so many runs, lying in that order."""
    assert DATABASE.runs is not None
    return with_database(runs=replace(DATABASE.runs, table=RunTable(rows, is_indexed, order)))


def with_server(**fields: Any) -> Facts:
    return with_database(server=replace(DATABASE.server, **fields))


def with_role(**fields: Any) -> Facts:
    return with_database(role=replace(DATABASE.role, **fields))


def without_right(of: Table, name: str, right: str) -> Table:
    """A table in which one column lacks one right."""
    less = replace(of.columns[name], rights=of.columns[name].rights - {right})
    return replace(of, columns={**of.columns, name: less})


def only_readable(of: Table) -> Table:
    """A table of somebody else, of which nothing but reading was granted."""
    select = frozenset({"SELECT"})
    columns = {name: replace(column, rights=select) for name, column in of.columns.items()}
    return replace(of, columns=columns, is_owned=False)


def with_column(of: Table, name: str, **fields: Any) -> Table:
    """A table with one column changed."""
    return replace(of, columns={**of.columns, name: replace(of.columns[name], **fields)})


def without_column(of: Table, name: str) -> Table:
    return replace(of, columns={key: found for key, found in of.columns.items() if key != name})


def assert_finding(check: str, given: Facts, health: Health, said: str) -> None:
    """Whether a check, among all of them, says this; and what to do, if it is no good news."""
    (finding,) = [group[check] for group in examine(given).values() if check in group]
    assert (finding.health, said in finding.message) == (health, True), finding
    assert finding.fix or health in {OK, NOT_CHECKED}
