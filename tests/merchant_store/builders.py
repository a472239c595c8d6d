"""Small worlds for the store's tests: an environment, flags, writes, and the app's own view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg import sql

from controller.domain.desired import DesiredFlag
from controller.domain.environment import Environment, MerchantTables
from controller.domain.flag import Flag, MerchantConfigHome
from controller.domain.plan import Cause, ChangeGroup
from controller.domain.rollout import Bucketing, Eligibility, Phase, Rollout
from controller.merchant_store.interface import Write
from controller.merchant_store.lock_wait import OnWait
from controller.merchant_store.postgres import PostgresMerchantStore, environment_from_ledger

FLAG = "sequential_workflow"
COLUMN = "enableSequentialWorkflow"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def environment(
    name: str = "demo",
    *,
    schema: str = "public",
    tables: MerchantTables | None = None,
    lock_timeout: timedelta = timedelta(seconds=5),
) -> Environment:
    bare = environment_from_ledger("", name)
    database = replace(
        bare.database,
        schema=schema,
        tables=tables or MerchantTables(),
        lock_timeout=lock_timeout,
    )
    return replace(bare, database=database)


def desired(
    key: str = FLAG, *, phase: str = "pilot", owner: str = "@acme/team", column: str | None = COLUMN
) -> DesiredFlag:
    flag = Flag(
        key=key,
        description="Run the stages in sequence.",
        owner=owner,
        expires=None,
        merchant_config=MerchantConfigHome(column) if column else None,
        deploy_env=None,
        globally_on=False,
        overrides=(),
    )
    phases = tuple(Phase(name, ("m1",), None, timedelta(), None) for name in ("pilot", "everyone"))
    rollout = Rollout(key, phase, Bucketing(key, 1), Eligibility(timedelta(), frozenset()), phases)
    return DesiredFlag(flag, rollout)


def group(
    *merchants: str, value: bool = True, cause: Cause = Cause.PHASE, flag: str = FLAG
) -> ChangeGroup:
    return ChangeGroup(flag, value, cause, tuple(sorted(merchants)))


def write(*groups: ChangeGroup, generation: int = 0, **more: object) -> Write:
    fields: dict[str, object] = {
        "environment": "demo",
        "expected_generation": generation,
        "kind": "reconcile",
        "revision": None,
        "actor": "alice",
        "plan_hash": "abc",
        "evaluated_at": NOW,
        "groups": groups,
        "columns": {FLAG: COLUMN},
    }
    return Write(**{**fields, **more})


@dataclass(frozen=True)
class Shop:
    """The app's database, as the app sees it."""

    url: str

    def store(self, *, on_wait: OnWait | None = None, **more: object) -> PostgresMerchantStore:
        settings = environment(**more)
        return PostgresMerchantStore(settings, self.url, pauses=(0.01, 0.1), on_wait=on_wait)

    def execute(self, statement: str | sql.Composed, *params: object) -> list[tuple]:
        with psycopg.connect(self.url, options="-c timezone=UTC") as connection:
            cursor = connection.execute(statement, params or None)
            return cursor.fetchall() if cursor.description else []

    def add(self, *merchants: str, at: datetime = NOW) -> None:
        with psycopg.connect(self.url) as connection:
            connection.cursor().executemany(
                'INSERT INTO "Merchant" (id, "shopDomain", "createdAt") VALUES (%s, %s, %s)',
                [(m, f"shop-of-{m}", at.astimezone(UTC).replace(tzinfo=None)) for m in merchants],
            )

    def configure(self, values: Mapping[str, bool]) -> None:
        with psycopg.connect(self.url) as connection:
            connection.cursor().executemany(
                'INSERT INTO "MerchantConfig" (id, "merchantId", "enableSequentialWorkflow", '
                "\"updatedAt\") VALUES (%s, %s, %s, '2020-01-01')",
                [(f"config-{merchant}", merchant, value) for merchant, value in values.items()],
            )

    def cut_others_off(self) -> None:
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    def values(self, column: str = COLUMN) -> dict[str, bool]:
        query = sql.SQL('SELECT "merchantId", {} FROM "MerchantConfig"')
        return dict(self.execute(query.format(sql.Identifier(column))))

    def on(self) -> set[str]:
        return {merchant for merchant, value in self.values().items() if value}

    def history(self) -> list[tuple]:
        return self.execute(
            "SELECT generation, flag, merchant_id, value, cause FROM rollout.history "
            "ORDER BY generation, flag, merchant_id"
        )


def ids(count: int, prefix: str = "m") -> Iterable[str]:
    return [f"{prefix}{number:06d}" for number in range(count)]
