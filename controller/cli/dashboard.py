"""`rolloutctl dashboard`: one page that shows every rollout."""

from pathlib import Path
from typing import Final

import click

from controller.cli import options
from controller.cli.atomic_file import write_file
from controller.cli.session import open_session
from controller.domain.staleness import Patience
from controller.domain.units import parse_duration
from controller.domain.wording import counted
from controller.errors import UsageError
from controller.inquiry.dashboard import gather
from controller.render import escape
from controller.render.html.page import page

PATIENCE: Final = Patience(everyone=parse_duration("30d"), off=parse_duration("90d"))
"""As `stale` has it where nobody says otherwise."""


@click.command(epilog="Example: rolloutctl dashboard --env production --out dashboard")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write index.html there, whole or not at all; the folder is made if need be.",
)
@click.option("--ask", is_flag=True, help="Ask the gates now; the ledger keeps the evidence.")
@options.root
@options.environment
@options.actor
def dashboard(out: Path, ask: bool, root: Path, environment: str | None, actor: str) -> None:
    """Write one page that shows every rollout, most urgent first.

    A single file without scripts that loads nothing from anywhere: open it, send it, print it. It
    shows what the ledger knows, with the evidence of the gates as it was stored, and asks no gate
    itself unless --ask is given. Exits 0 whatever it shows, and 9 or 5 if the deploy environment
    cannot be read; the page is written then, too, and says so.
    """
    session = open_session(root, environment)
    others = sorted(session.configuration.environments.keys() - {session.environment.name})
    with session.ports() as ports:
        found = gather(
            ports,
            session.desired,
            PATIENCE,
            others=tuple(others),
            asking=actor if ask else None,
        )
    path = _folder(out) / "index.html"
    write_file(path, [page(found)])
    flags = counted(len(found.boards), "rollout")
    click.echo(escape.terminal(f"wrote {flags} of {session.environment.name} to {path}"))
    if found.status.deploy_problem is not None:
        raise found.status.deploy_problem


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"the folder {out} cannot be made: {error.strerror or error}",
            "name one that can be written",
        ) from error
    return out
