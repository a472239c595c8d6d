"""A command that waits behind a lock says so, once, and never into a document for machines."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import psycopg
import pytest

from controller.cli.waiting import announcer, waiting_text
from controller.merchant_store.lock_wait import LockWait
from tests.cli.desk import FLAG

REPOSITORY = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (
            LockWait(7, "ann", "psql", NOON),
            "waiting for psql, server process 7 of ann, in a transaction since 12:00:00 UTC",
        ),
        (LockWait(7, None, None, None), "waiting for a program without a name, server process 7"),
        (
            LockWait(None, None, None, None),
            "waiting: another session holds rows or tables that must change",
        ),
    ],
)
def test_it_names_whom_it_waits_for(wait, said):
    assert waiting_text(wait) == said


def test_nobody_is_told_where_the_output_is_for_machines():
    command = click.Command("x")
    with click.Context(command) as context:
        context.params["output_format"] = "json"
        assert announcer() is None
        context.params["output_format"] = "text"
        assert announcer() is not None
    assert announcer() is not None


def test_a_halt_behind_another_writer_says_so_on_standard_error(desk):
    desk.run("reconcile")
    halt = ["halt", "-C", str(desk.root), FLAG, "--reason", "harm"]
    with psycopg.connect(desk.url, application_name="migration") as app:
        app.execute("SELECT FROM rollout.environment FOR UPDATE")
        holder = app.info.backend_pid
        with subprocess.Popen(
            [sys.executable, "-m", "controller", *halt],
            cwd=REPOSITORY,
            env={**os.environ, "DATABASE_URL": desk.url},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        ) as process:
            assert process.stderr is not None
            said = process.stderr.readline()
            app.rollback()
            assert process.stderr.read() == ""
    assert process.returncode == 0
    assert said.startswith(f"waiting for migration, server process {holder} of ")
    assert desk.on() == set()
