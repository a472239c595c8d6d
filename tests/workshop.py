"""A workshop for tests of the whole way: real git, real PostgreSQL, the real reconciler."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import yaml

from controller.config.loader import load
from controller.deploy_env.dotenv import DotenvDeployEnv
from controller.deploy_env.interface import DeployEnv
from controller.domain.desired import Desired
from controller.domain.environment import Environment
from controller.merchant_store.postgres import PostgresMerchantStore
from controller.ports import Ports
from controller.reconcile import Outcome, Survey, reconcile, survey
from controller.source_control import git
from controller.workflow_data.interface import WorkflowData
from controller.workflow_data.opening import open_workflow_data
from tests.git_calls import run_git

FLAG = "feature"
COLUMN = "enableFeature"
VARIABLE = "FEATURE"
ENVIRONMENT = "test"

FLAG_FILE: dict[str, Any] = {
    "key": FLAG,
    "description": "Something risky.",
    "owner": "@acme/team",
    "expires": "2099-12-31",
    "merchant_config": {"column": COLUMN},
    "deploy_env": {
        "variable": VARIABLE,
        "enabled": "1",
        "disabled": "0",
        "targets": ["production"],
    },
}
ENVIRONMENT_FILE: dict[str, Any] = {
    "name": ENVIRONMENT,
    "database": {"url": "DATABASE_URL", "schema": "managed"},
    "deploy_env": {"adapter": "dotenv", "options": {"path": "app.env"}},
    "guardrails": {"max_changed_percent": "100%"},
}


def ladder(pilot: Iterable[str] = ("m0001",), *, soak: str = "0s") -> list[dict[str, Any]]:
    """pilot, 10%, 50%, 100%, as the file writes them."""
    return [
        {"name": "pilot", "merchants": list(pilot)},
        {"name": "10%", "percent": 10, "soak": soak},
        {"name": "50%", "percent": 50, "soak": soak},
        {"name": "100%", "percent": 100, "soak": soak},
    ]


@dataclass
class Workshop:
    """One repository and one database."""

    folder: Path
    url: str
    deploy_env: DeployEnv | None = None

    @classmethod
    def create(cls, folder: Path, url: str) -> "Workshop":
        folder.mkdir(parents=True, exist_ok=True)
        workshop = cls(folder, url)
        workshop.git("init", "--quiet", "--initial-branch=main")
        workshop.write("flags/feature.yaml", FLAG_FILE)
        workshop.write(f"rollout/environments/{ENVIRONMENT}.yaml", ENVIRONMENT_FILE)
        workshop.phase("off")
        return workshop

    # -- git ------------------------------------------------------------------------------------

    def git(self, *arguments: str) -> str:
        return run_git(self.folder, *arguments)

    def write(self, name: str, content: Mapping[str, Any] | str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        path.write_text(text, encoding="utf-8")

    def commit(self, message: str = "change") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def flag(self, **changes: Any) -> str:
        """Write the flag's file with some keys changed (None removes one), and commit."""
        merged = {k: v for k, v in {**FLAG_FILE, **changes}.items() if v is not None}
        self.write(f"flags/{FLAG}.yaml", merged)
        return self.commit(f"flag {changes}")

    def phase(self, name: str, **changes: Any) -> str:
        """Write the rollout's file at a phase, and commit."""
        rollout = {
            "flag": FLAG,
            "phase": name,
            "bucketing": {"salt": FLAG, "version": 1},
            "phases": ladder(),
            **changes,
        }
        self.write(f"rollout/{FLAG}.yaml", rollout)
        return self.commit(f"phase {name}")

    def environment(self, **changes: Any) -> str:
        self.write(f"rollout/environments/{ENVIRONMENT}.yaml", {**ENVIRONMENT_FILE, **changes})
        return self.commit(f"environment {changes}")

    # -- the tool -------------------------------------------------------------------------------

    def desired(self) -> Desired:
        return load(self.folder).desired(ENVIRONMENT, git.revision(self.folder))

    def ports(self) -> Ports:
        desired = self.desired()
        store = PostgresMerchantStore(desired.environment, self.url)
        deploy_env = self.deploy_env or DotenvDeployEnv.from_options(
            {"path": "../app.env"}, {}, self.folder
        )
        history = partial(git.relation, self.folder)
        return Ports(store, deploy_env, history, self._workflow_data)

    def _workflow_data(self, environment: Environment) -> WorkflowData:
        return open_workflow_data(environment, {"DATABASE_URL": self.url})

    def survey(self, **options: Any) -> Survey:
        return survey(self.ports(), self.desired(), **options)

    def reconcile(self, *, ports: Ports | None = None, **options: Any) -> Outcome:
        return reconcile(ports or self.ports(), self.desired(), actor="tester", **options)

    # -- the world ------------------------------------------------------------------------------

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement, parameters)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def merchants(self, *ids: str, age: timedelta = timedelta(days=400)) -> None:
        """Create merchants of an age."""
        created = (datetime.now(UTC) - age).replace(tzinfo=None)
        with (
            psycopg.connect(self.url, autocommit=True) as connection,
            connection.cursor() as cursor,
        ):
            cursor.executemany(
                'INSERT INTO "Merchant" (id, "shopDomain", "isActive", "createdAt") '
                "VALUES (%s, %s, true, %s)",
                [(merchant, f"{merchant}.example.com", created) for merchant in ids],
            )

    def on(self) -> set[str]:
        """The merchants whose value is on; nobody where the table does not exist."""
        if not self.sql("SELECT to_regclass('\"MerchantConfig\"')")[0][0]:
            return set()
        rows = self.sql(f'SELECT "merchantId" FROM "MerchantConfig" WHERE "{COLUMN}"')
        return {merchant for (merchant,) in rows}

    def app_reads(self, merchants: Iterable[str]) -> set[str]:
        """Those for whom the app computes "on": its environment variable, or the merchant's row."""
        env = (self.folder.parent / "app.env").read_text(encoding="utf-8")
        if f"{VARIABLE}=1" in env:
            return set(merchants)
        question = f'SELECT "{COLUMN}" FROM "MerchantConfig" WHERE "merchantId" = %s'
        with psycopg.connect(self.url) as connection:
            answers = {m: connection.execute(question, [m]).fetchone() for m in merchants}
        return {merchant for merchant, row in answers.items() if row and row[0]}

    def ledger_changes(self) -> list[tuple[str, bool]]:
        """Every recorded change, oldest first."""
        store = self.ports().store
        records = store.changes(flag=FLAG, merchant=None, limit=1_000_000)
        return [(record.merchant, record.value) for record in reversed(records)]
