"""`rolloutctl status`: where every rollout stands."""

import shutil
import sys
from pathlib import Path
from typing import Final

import click

from controller.cli import options
from controller.cli.session import open_session
from controller.inquiry.status import look
from controller.render import json
from controller.render.json.status import status as as_json
from controller.render.terminal.status import status_text

_PAGE: Final = 50
"""So many lines where there is no terminal."""
_SCREEN: Final = (80, 24)


@click.command(epilog="Example: rolloutctl status --env production")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Show every flag in full, not only what fits on the screen.",
)
@options.root
@options.environment
@options.output_format("text", "json")
def status(everything: bool, root: Path, environment: str | None, output_format: str) -> None:
    """Show where every rollout stands, most urgent first.

    Halted flags come first, then harm, what is refused, drift, what cannot be read, what is not
    applied yet, what is ready to go on, what soaks, and what is in sync; each with what its gate
    said last and what to do next. It asks no gate, and fits one screen: what is least urgent is
    told in a line, or counted. Exits 0 whatever it finds, and 9 or 5 if the deploy environment
    cannot be read.
    """
    session = open_session(root, environment)
    with session.ports() as ports:
        found = look(ports, session.desired)
    if output_format == "json":
        click.echo(json.text(as_json(found)), nl=False)
    else:
        height = None if everything else _terminal_height()
        shown = status_text(found, width=options.terminal_width(), height=height)
        click.echo(shown, nl=False)
    if found.deploy_problem is not None:
        raise found.deploy_problem


def _terminal_height() -> int:
    """How many lines fit above the next prompt."""
    if not sys.stdout.isatty():
        return _PAGE
    return shutil.get_terminal_size(_SCREEN).lines - 1
