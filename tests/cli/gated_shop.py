"""A desk in a company with runs, where every phase has a gate, and time can pass."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import psycopg.conninfo

from controller.demo.app_schema import create_app_tables
from controller.demo.company import Behaviour, generate, simulate
from controller.demo.passing_time import let_time_pass
from controller.demo.postgres_server import PostgresServer
from tests.cli.desk import COLUMN, FLAG, Desk, Done

MERCHANTS = 240
HISTORY = timedelta(days=30)
LENGTH = timedelta(days=20)
"""The company's history ends so long before the present: the time that may pass in a test."""

_ROLLOUT_FILE = f"""\
flag: {FLAG}
phase: pilot
bucketing: {{salt: {FLAG}, version: 1}}
eligible: {{min_merchant_age: 0s}}
phases:
  - {{name: pilot, merchants: [PILOT], gate: pilot}}
  - {{name: 10%, percent: 10, soak: 1d, gate: ramp}}
  - {{name: 50%, percent: 50, soak: 1d}}
  - {{name: 100%, percent: 100, gate: ramp}}
gates:
  pilot:
    method: deterministic
    min_runs: 3
    duration: {{proceed: 10m, fix_minor: 30m}}
    failed: {{rollback: 1}}
    stuck: {{rollback: 1}}
    require: [purchase_order_created, line_items_extracted, data_complete]
  ramp:
    method: sequential
    soak_min: 0s
    min_runs: 20
    min_merchants: 4
    runs_per_merchant: 50
    criteria:
      completed: {{target: 90%, floor: 80%}}
      on_time: {{within: 10m, target: 90%, floor: 80%}}
    never: [duplicate_orders, corrupted]
    max_wait: 14d
"""

_BUSIEST = """
    SELECT m.id FROM "Merchant" m JOIN "WorkflowExecution" w ON w."merchantId" = m.id
    WHERE m."isActive" GROUP BY m.id ORDER BY count(*) DESC, m.id LIMIT 1
"""
_DELAY = f"""
    UPDATE "WorkflowExecution" w SET "completedAt" = w."createdAt" + %s * interval '1 min'
    FROM (SELECT r.id, percent_rank() OVER (ORDER BY md5(r.id)) AS place
          FROM "WorkflowExecution" r JOIN "MerchantConfig" c USING ("merchantId")
          WHERE c."{COLUMN}" AND r.status = 'completed'
            AND r."createdAt" < now() AT TIME ZONE 'UTC' - interval '1 h') treated
    WHERE treated.id = w.id AND treated.place < %s
"""


@dataclass(frozen=True)
class GatedShop:
    """A desk in a company.

    Attributes:
        begun: Before this moment the company was without the tool.
        pilot: The busiest merchant, whom the first phase names.
    """

    desk: Desk
    begun: datetime
    pilot: str = ""

    def gate(self, *arguments: str) -> Done:
        """Ask the gate of the flag."""
        return self.desk.run("gate", FLAG, *arguments)

    def days_pass(self, days: float, behaviour: Behaviour, *, pace: float = 1.0) -> None:
        """The app goes on for some days, and the feature does as told."""
        with psycopg.connect(self.desk.url) as connection:
            let_time_pass(connection, timedelta(days=days), begun=self.begun)
            simulate(
                connection,
                hours=24 * days,
                behaviour=behaviour,
                at=datetime.now(UTC),
                pace=pace,
                column=COLUMN,
            )

    def delay(self, share: float, minutes: int) -> None:
        """Let a share of the completed runs of merchants with the feature take longer."""
        self.desk.sql(_DELAY, minutes, share)

    def advance(self, old: str, new: str) -> None:
        """A merged promotion, applied whatever a gate or a soak says."""
        self.desk.promote(old, new)
        lifted = [
            text for name in ("advance_without_gate", "soak_not_over") for text in ("--allow", name)
        ]
        done = self.desk.run("reconcile", *lifted, "--reason", "a test")
        assert done.code == 0, done.err


@dataclass
class Shops:
    """Founds shops and copies them, database and repository: what is slow is done once."""

    server: PostgresServer
    databases: list[str] = field(default_factory=list)

    def found(self, root: Path, repository: Path) -> GatedShop:
        """A company with a history; the pilot is in its files and nothing is applied."""
        shutil.copytree(repository, root)
        shop = GatedShop(Desk.at(root, self._database()), datetime.now(UTC) - LENGTH)
        create_app_tables(shop.desk.url, merchant_config=False)
        with psycopg.connect(shop.desk.url) as connection:
            generate(connection, merchants=MERCHANTS, days=HISTORY.days, at=shop.begun)
        ((pilot,),) = shop.desk.sql(_BUSIEST)
        shop.desk.write(f"rollout/{FLAG}.yaml", _ROLLOUT_FILE.replace("PILOT", pilot))
        shop.desk.commit("Name the gates")
        return replace(shop, pilot=pilot)

    def copy(self, shop: GatedShop, root: Path) -> GatedShop:
        """The same shop as it is now, to change."""
        shutil.copytree(shop.desk.root, root)
        return replace(shop, desk=Desk.at(root, self._database(_name(shop))))

    def lend(self, shop: GatedShop, root: Path) -> Iterator[GatedShop]:
        """A copy for one test."""
        lent = self.copy(shop, root)
        yield lent
        self.server.drop_database(_name(lent))
        self.databases.remove(_name(lent))

    def close(self) -> None:
        """Drop what is left."""
        for name in self.databases:
            self.server.drop_database(name)

    def _database(self, template: str | None = None) -> str:
        name = f"rolloutctl_shop_{uuid.uuid4().hex[:12]}"
        self.databases.append(name)
        return self.server.create_database(name, template=template)


def _name(shop: GatedShop) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(shop.desk.url)["dbname"])
