"""A rollout whose files have moved on: every fault test disturbs the one reconcile that is due."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.scene import ALLOWED, MERCHANTS, State, run, state
from tests.workshop import Workshop

_TABLES = """
    SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('rollout', 'public')
    AND tablename <> 'Merchant' ORDER BY 1, 2
"""


@dataclass
class Step:
    """The reconcile that is due, and the world around it, which can be put back.

    Attributes:
        before: The state before it.
        after: The state that an undisturbed run makes.
    """

    workshop: Workshop
    env_file: Path
    tables: list[tuple[str, str]]
    before: State
    after: State

    @property
    def url(self) -> str:
        return self.workshop.url

    def run(self) -> int:
        return run(self.workshop.folder, self.url, self.env_file)

    def state(self) -> State:
        return state(self.workshop, self.env_file)

    def put_back(self) -> None:
        """Everything as it was before the step, the schema too."""
        self.env_file.unlink(missing_ok=True)
        created = self.workshop.sql(_TABLES)
        for table in set(created) - set(self.tables):
            self.workshop.sql("DROP TABLE {}.{} CASCADE".format(*_quoted(table)))
        if not any(schema == "rollout" for schema, _ in self.tables):
            self.workshop.sql("DROP SCHEMA IF EXISTS rollout CASCADE")
        if self.tables:
            names = ", ".join("{}.{}".format(*_quoted(table)) for table in self.tables)
            self._empty(names)
            self._fill()

    def _empty(self, names: str) -> None:
        # Evidence and baselines are append-only for everybody else.
        as_nobody_may = "-c session_replication_role=replica"
        with psycopg.connect(self.workshop.url, autocommit=True, options=as_nobody_may) as admin:
            admin.execute(f"TRUNCATE {names} CASCADE")

    def keep(self) -> None:
        """Remember the rows of every table, to put them back."""
        self.workshop.sql("CREATE SCHEMA kept")
        for number, table in enumerate(self.tables):
            source = "{}.{}".format(*_quoted(table))
            self.workshop.sql(f"CREATE TABLE kept.t{number} AS TABLE {source}")

    def _fill(self) -> None:
        statements = ["SET LOCAL session_replication_role = replica"]  # in any order of references
        for number, table in enumerate(self.tables):
            target = "{}.{}".format(*_quoted(table))
            statements.append(
                f"INSERT INTO {target} OVERRIDING SYSTEM VALUE SELECT * FROM kept.t{number}"
            )
        self.workshop.sql(";".join(["BEGIN", *statements, "COMMIT"]))


def _quoted(table: tuple[str, str]) -> tuple[str, ...]:
    return tuple(f'"{name}"' for name in table)


@pytest.fixture(params=["the first run", "a later run"])
def step(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Step:
    workshop = Workshop.create(tmp_path / "repository", database)
    workshop.merchants(*MERCHANTS)
    workshop.flag(overrides=[{"merchant": "m0002", "value": True, "reason": "asked for it"}])
    workshop.phase("pilot")
    if request.param == "a later run":
        workshop.reconcile(allowances=ALLOWED)
        workshop.flag(overrides=[])  # m0002 loses it
        workshop.phase("50%", phases=_ladder())  # many gain it
    env_file = tmp_path / "due.env"
    tables = [(schema, table) for schema, table in workshop.sql(_TABLES)]
    before = state(workshop, env_file)
    step = Step(workshop, env_file, tables, before, before)
    step.keep()
    step.run()
    step.after = step.state()
    return step


def _ladder() -> list[dict[str, Any]]:
    return [
        {"name": "pilot", "merchants": ["m0001"]},
        {"name": "10%", "percent": 10},
        {"name": "50%", "percent": 50},
    ]


Harm = Callable[[int], bool]
"""Run once with harm at a protocol step; returns whether the run got that far."""


def disturb_at_every_step(step: Step, harm: Harm) -> None:
    """Do harm at the first step, then the second, until a run gets through; check each."""
    left_by_harm = set()
    for at in range(1, 1_000):
        step.put_back()
        was_harmed = harm(at)
        found = step.state()
        assert found.on in {step.before.on, step.after.on}, f"a mixture after harm at step {at}"
        assert found.remembered == found.on, f"the ledger disagrees after harm at step {at}"
        assert step.run() == 0, f"the run after harm at step {at}"
        assert step.state() == step.after, f"another end after harm at step {at}"
        if not was_harmed:
            assert left_by_harm, "no harm was done at all"
            return
        left_by_harm.add(found.on)
    raise AssertionError("the run never got through")
