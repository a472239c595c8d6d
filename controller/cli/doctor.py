"""`rolloutctl doctor`: the preflight before the first rollout."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from controller.cli import options
from controller.cli.root import find_root
from controller.cli.session import choose_environment
from controller.config.loader import examine as read
from controller.config.loader import read_folder
from controller.doctor import examine, exit_code
from controller.doctor.gathering import gather
from controller.render import json
from controller.render.json.doctor import findings as as_json
from controller.render.terminal.doctor import doctor_text


@click.command(epilog="Example: rolloutctl doctor --env production")
@options.root
@options.environment
@click.option(
    "--base-branch",
    default="main",
    show_default=True,
    metavar="BRANCH",
    help="The branch that pull requests are merged into.",
)
@options.output_format("text", "json")
@click.pass_context
def doctor(
    context: click.Context,
    root: Path,
    environment: str | None,
    base_branch: str,
    output_format: str,
) -> None:
    """Check everything that must be in place before the first rollout.

    Files, git, database, tables, rights, clocks, the app's runs, the pilot merchants, the deploy
    environment and the forge; each line with its fix. Nothing is changed. Exits 0 if nothing
    failed, 9 if only something outside did not answer, and 2 if anything else failed.
    """
    folder = find_root(root)
    files = read(read_folder(folder), datetime.now(UTC).date())
    desired, name = None, environment or "unknown"
    if files.configuration is not None:
        name = choose_environment(files.configuration, environment)
        desired = files.configuration.desired(name)
    findings = examine(gather(folder, files.problems, desired, os.environ, base_branch))
    if output_format == "json":
        click.echo(json.text(as_json(findings, name)), nl=False)
    else:
        click.echo(doctor_text(findings, name), nl=False)
    context.exit(exit_code(finding for found in findings.values() for finding in found.values()))
