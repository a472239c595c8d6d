"""A desk to work at: a repository under real git, the app's database, and the command itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from click.testing import CliRunner

from controller.cli import run
from tests.git_calls import run_git

FLAG = "new_checkout"
COLUMN = "enableNewCheckout"
VARIABLE = "NEW_CHECKOUT"
CREATED = datetime(2026, 1, 5, 10, 12, tzinfo=UTC)

_FLAG_FILE = """\
# The flag of these tests.
key: new_checkout
description: The checkout in one step.
owner: "@acme/checkout"
expires: 2099-01-31
merchant_config: {column: enableNewCheckout}
deploy_env: {variable: NEW_CHECKOUT, enabled: "1", disabled: "0", targets: [production]}
"""
_ROLLOUT_FILE = """\
flag: new_checkout
phase: pilot
bucketing: {salt: new_checkout, version: 1}
eligible: {min_merchant_age: 30d, exclude: [m07]}
phases:
  - {name: pilot, merchants: [m01], soak: 2d}
  - {name: 10%, percent: 10}
  - {name: 50%, percent: 50}
  - {name: 100%, percent: 100}
"""
_ENVIRONMENT_FILE = """\
name: test
database: {schema: managed}
deploy_env:
  adapter: dotenv
  options: {path: app.env}
guardrails: {max_changed_percent: off}
"""


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """Everything printed, wherever its lines end."""
        return " ".join(self.out.split())


@dataclass(frozen=True)
class Desk:
    """Where a person sits who types commands."""

    root: Path
    url: str
    variables: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def at(cls, root: Path, url: str) -> "Desk":
        """In front of a repository, with the database's address in the environment."""
        return cls(root, url, {"DATABASE_URL": url, "ROLLOUTCTL_ACTOR": "ada"})

    @classmethod
    def with_repository(cls, root: Path) -> "Desk":
        """A new repository with one flag at its pilot, and no database yet."""
        desk = cls(root, "")
        for name in ("flags", "rollout/environments"):
            (root / name).mkdir(parents=True)
        desk.write(f"flags/{FLAG}.yaml", _FLAG_FILE)
        desk.write(f"rollout/{FLAG}.yaml", _ROLLOUT_FILE)
        desk.write("rollout/environments/test.yaml", _ENVIRONMENT_FILE)
        desk.write(".gitignore", "app.env\n")
        desk.git("init", "--quiet", "--initial-branch=main")
        desk.commit("Begin with the pilot")
        return desk

    def run(self, *arguments: str, env: Mapping[str, str | None] | None = None) -> Done:
        """Type a command, as the shell would start it."""
        runner = CliRunner()
        with runner.isolation(env={**self.variables, **(env or {})}) as (out, err, _):
            words = 2 if arguments[:1] == ("export",) else 1
            code = run([*arguments[:words], "-C", str(self.root), *arguments[words:]])
        return Done(code, out.getvalue().decode(), err.getvalue().decode())

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8", newline="")

    def read(self, name: str) -> str:
        return (self.root / name).read_bytes().decode()

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert text.count(old) == 1, (name, old)
        self.write(name, text.replace(old, new))

    def git(self, *arguments: str) -> str:
        return run_git(self.root, *arguments)

    def commit(self, message: str) -> str:
        """Commit everything; the new revision."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def promote(self, old: str, new: str) -> None:
        """Change the one line that a promotion changes, and commit it."""
        self.edit(f"rollout/{FLAG}.yaml", f"phase: {old}\n", f"phase: {new}\n")
        self.commit(f"{old} to {new}")

    def sql(self, statement: str, *params: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, options="-c timezone=UTC") as connection:
            cursor = connection.execute(statement, params or None)
            return cursor.fetchall() if cursor.description else []

    def add_merchants(self, *merchants: str, created: datetime = CREATED) -> None:
        with psycopg.connect(self.url) as connection:
            connection.cursor().executemany(
                'INSERT INTO "Merchant" (id, "shopDomain", "createdAt") VALUES (%s, %s, %s)',
                [(m, f"shop-{m}.example.com", created.replace(tzinfo=None)) for m in merchants],
            )

    def set_by_hand(self, merchant: str, *, value: bool, dated: bool = True) -> None:
        """Write a value past the tool, as a script or a person with psql would."""
        self.sql(
            f'INSERT INTO "MerchantConfig" (id, "merchantId", "{COLUMN}", "updatedAt") '
            "VALUES ('by-hand-' || %s, %s, %s, now() AT TIME ZONE 'UTC') "
            f'ON CONFLICT ("merchantId") DO UPDATE SET "{COLUMN}" = excluded."{COLUMN}"'
            + (', "updatedAt" = excluded."updatedAt"' if dated else ""),
            merchant,
            merchant,
            value,
        )

    def on(self) -> set[str]:
        rows = self.sql(f'SELECT "merchantId" FROM "MerchantConfig" WHERE "{COLUMN}"')
        return {merchant for (merchant,) in rows}
