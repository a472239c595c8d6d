"""`rolloutctl status`: where every rollout stands."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.session import open_session
from controller.inquiry.status import look
from controller.render import json
from controller.render.json.status import status as as_json
from controller.render.terminal.status import status_text


@click.command(epilog="Example: rolloutctl status --env production")
@options.root
@options.environment
@options.output_format("text", "json")
def status(root: Path, environment: str | None, output_format: str) -> None:
    """Show where every rollout stands, most urgent first.

    Halted flags come first, then what is refused, drift, what cannot be read, what is not applied
    yet, what soaks, and what is in sync; each with what to do next. Exits 0 whatever it finds, and
    9 or 5 if the deploy environment cannot be read.
    """
    session = open_session(root, environment)
    with session.ports() as ports:
        found = look(ports, session.desired)
    if output_format == "json":
        click.echo(json.text(as_json(found)), nl=False)
    else:
        click.echo(status_text(found), nl=False)
    if found.deploy_problem is not None:
        raise found.deploy_problem
