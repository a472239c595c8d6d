"""The demo's stage.

A server, a company, a repository; the story is told on it and then it is taken down.
"""

import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
import psycopg

from controller.config.loader import load
from controller.demo.app_schema import create_app_tables
from controller.demo.company.generation import generate
from controller.demo.embedded_postgres import EmbeddedPostgres
from controller.demo.story import LENGTH, Scene, tell
from controller.demo.workplace import ENVIRONMENT, Workplace

_DATABASE: Final = "shop"


def perform(*, merchants: int, keep: bool) -> None:
    """Set the stage, tell the story, and take the stage down.

    Args:
        merchants: How many the generated company has.
        keep: Leave the server and the repository, and say how to use and how to end them.

    Raises:
        Refused: There is no PostgreSQL to start, or a command of the story did not end as it
            should.
    """
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="rolloutctl-demo-"))
    server = None
    try:
        server = EmbeddedPostgres.start(outlive=keep)
        workplace = Workplace.create(folder, server.server.create_database(_DATABASE))
        with psycopg.connect(workplace.url) as connection:
            begun = _found_company(connection, workplace, merchants)
            tell(Scene(workplace, connection, begun))
        click.secho(
            f"\nThat was a whole rollout, in {time.monotonic() - started:.0f} seconds.", bold=True
        )
        if keep:
            _say_how_to_go_on(workplace, server)
    finally:
        if server is not None and not keep:
            server.stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _found_company(
    connection: psycopg.Connection, workplace: Workplace, merchants: int
) -> datetime:
    create_app_tables(workplace.url, merchant_config=False)
    desired = load(workplace.repository).desired(ENVIRONMENT, None)
    named = sorted(
        m
        for flag in desired.flags
        if flag.rollout
        for p in flag.rollout.phases
        for m in p.merchants
    )
    begun = datetime.now(UTC) - LENGTH
    company = generate(connection, merchants=merchants, named=named, at=begun)
    click.echo(
        f"A company of {len(company.merchants):,} merchants on a PostgreSQL of its own, with "
        f"{company.written.runs:,} runs of the legacy workflow in the last 90 days.\n"
        f"Its repository: {workplace.repository}"
    )
    return begun


def _say_how_to_go_on(workplace: Workplace, server: EmbeddedPostgres) -> None:
    click.echo(
        "\nIt is all still there. To play on:\n\n"
        f"  cd {workplace.repository}\n"
        f"  export DATABASE_URL='{workplace.url}' ROLLOUTCTL_ENV={ENVIRONMENT}\n"
        f"  export PATH='{Path(sys.executable).parent}':\"$PATH\"\n"
        "  rolloutctl status\n\n"
        "To end it:\n\n"
        f"  {server.stop_command}; rm -rf {workplace.repository}"
    )
