"""The company that is photographed: the demo's, with a rollout that goes well and then does not."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from controller.config.loader import load
from controller.demo.app_schema import create_app_tables
from controller.demo.company import Behaviour
from controller.demo.company.generation import generate
from controller.demo.company.simulation import simulate
from controller.demo.embedded_postgres import EmbeddedPostgres
from controller.demo.passing_time import let_time_pass
from controller.demo.workplace import ENVIRONMENT, FLAG, Workplace
from pictures.typing_at import typed

_MERCHANTS: Final = 1_000
_STORY: Final = timedelta(days=6)
_UNDER_WAY: Final = """
    UPDATE "WorkflowExecution" e
    SET status = 'processing', "completedAt" = NULL, "currentStage" = chosen.stage,
        "createdAt" = (now() AT TIME ZONE 'UTC') - chosen.age,
        "startedAt" = (now() AT TIME ZONE 'UTC') - chosen.age
    FROM (
        SELECT id, (ARRAY['ai_parsing', 'database_save', 'shopify_sync'])[1 + number % 3] AS stage,
               number * interval '70 seconds' AS age
        FROM (
            SELECT e.id, row_number() OVER (ORDER BY e."createdAt" DESC) AS number
            FROM "WorkflowExecution" e JOIN "MerchantConfig" c ON c."merchantId" = e."merchantId"
            WHERE c."enableSequentialWorkflow" AND e.status = 'completed'
        ) newest WHERE number <= 5
    ) chosen
    WHERE e.id = chosen.id
"""


@dataclass(frozen=True, slots=True)
class Company:
    """A repository, a database, and a person who types."""

    workplace: Workplace
    connection: psycopg.Connection
    begun: datetime

    def said(self, *words: str) -> str:
        """What a command writes to a pipe."""
        done = subprocess.run(  # noqa: S603 -- our own command, arguments as a list
            [sys.executable, "-m", "controller", *words],
            cwd=self.workplace.repository,
            env=self._variables,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        return done.stdout

    def typed(self, *words: str, columns: int = 92, watch_for: float | None = None) -> str:
        """What a command writes to a terminal."""
        return typed(
            list(words),
            self.workplace.repository,
            self._variables,
            columns=columns,
            watch_for=watch_for,
        )

    @property
    def _variables(self) -> dict[str, str]:
        return {
            **{
                name: value
                for name, value in os.environ.items()
                if "COLOR" not in name and name != "CI"
            },
            "DATABASE_URL": self.workplace.url,
            "ROLLOUTCTL_ENV": ENVIRONMENT,
            "ROLLOUTCTL_ACTOR": "ada",
        }

    def hours_pass(self, hours: int, behaviour: Behaviour, pace: float = 1.0) -> None:
        """Let the company work for a while."""
        let_time_pass(self.connection, timedelta(hours=hours), begun=self.begun)
        simulate(
            self.connection,
            hours=hours,
            behaviour=behaviour,
            at=datetime.now(UTC),
            treated_pace=pace,
        )

    def runs_begin(self) -> None:
        """Have a few runs under way at this moment."""
        self.connection.execute(_UNDER_WAY)
        self.connection.commit()

    def merge(self, branch: str) -> None:
        """Merge what was proposed."""
        self.workplace.git("merge", "--quiet", branch)

    def proposed(self) -> str:
        """The branch that the last `promote` made."""
        made = self.workplace.git("branch", "--format", "%(refname:short)", "--no-merged", "main")
        return made.split()[0]


@contextmanager
def founded() -> Iterator[Company]:
    """A company on a server of its own, with the pilot in the files and nothing applied."""
    folder = Path(tempfile.mkdtemp(prefix="pictures-"))
    server = EmbeddedPostgres.start()
    try:
        workplace = Workplace.create(folder, server.server.create_database("shop"))
        create_app_tables(workplace.url, merchant_config=False)
        rollout = load(folder).desired(ENVIRONMENT, None).flags[0].rollout
        named = sorted(m for phase in (rollout.phases if rollout else ()) for m in phase.merchants)
        with psycopg.connect(workplace.url) as connection:
            begun = datetime.now(UTC) - _STORY
            generate(connection, merchants=_MERCHANTS, named=named, at=begun)
            yield Company(workplace, connection, begun)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


__all__ = ["FLAG", "Company", "founded"]
