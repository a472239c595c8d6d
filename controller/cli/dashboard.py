"""`rolloutctl dashboard`: one page that shows every rollout, written once or kept fresh."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
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
from controller.inquiry.dashboard import Dashboard, gather
from controller.render import escape
from controller.render.html.page import page

PATIENCE: Final = Patience(everyone=parse_duration("30d"), off=parse_duration("90d"))
"""As `stale` has it where nobody says otherwise."""
_SOONEST: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for on the command line."""

    root: Path
    environment: str | None
    actor: str
    ask: bool


@click.command(epilog="Example: rolloutctl dashboard --env production --out dashboard")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write index.html there, whole or not at all; the folder is made if need be.",
)
@click.option("--ask", is_flag=True, help="Ask the gates now; the ledger keeps the evidence.")
@click.option("--watch", is_flag=True, help="Serve it to this machine and refresh it until Ctrl-C.")
@click.option(
    "--port",
    type=options.Number(0, 65_535),
    default=0,
    metavar="NUMBER",
    help="With --watch: the port on 127.0.0.1.  [default: a free one]",
)
@click.option(
    "--every",
    default="30s",
    show_default=True,
    metavar="DURATION",
    callback=options.duration,
    help="With --watch: how often everything is read anew.",
)
@options.root
@options.environment
@options.actor
def dashboard(
    out: Path | None,
    ask: bool,
    watch: bool,
    port: int,
    every: timedelta,
    root: Path,
    environment: str | None,
    actor: str,
) -> None:
    """Write one page that shows every rollout, most urgent first.

    A single file without scripts that loads nothing from anywhere: open it, send it, print it. It
    shows what the ledger knows, with the evidence of the gates as it was stored, and asks no gate
    itself unless --ask is given. Exits 0 whatever it shows, and 9 or 5 if the deploy environment
    cannot be read; the page is written then, too, and says so. With --watch it is served on
    127.0.0.1 instead, goes on through a database that is away, and ends with 0.
    """
    if out is None and not watch:
        raise UsageError("where to write the page is not said", "add --out FOLDER, or --watch")
    if every < _SOONEST:
        raise UsageError("--every is shorter than 5s", "look less often: --every 30s")
    path = _folder(out) / "index.html" if out else None
    order = _Order(root, environment, actor, ask)
    if watch:
        from controller.cli.dashboard_watch import watch as serve  # noqa: PLC0415 -- rarely needed

        serve(lambda: _gather(order), port, every, _writer(path))
        return
    found = _gather(order)
    _writer(path)(page(found))
    flags = counted(len(found.boards), "rollout")
    name = found.status.overview.environment
    click.echo(escape.terminal(f"wrote {flags} of {name} to {path}"))
    if found.status.deploy_problem is not None:
        raise found.status.deploy_problem


def _gather(order: _Order) -> Dashboard:
    session = open_session(order.root, order.environment)
    others = sorted(session.configuration.environments.keys() - {session.environment.name})
    with session.ports() as ports:
        return gather(
            ports,
            session.desired,
            PATIENCE,
            others=tuple(others),
            asking=order.actor if order.ask else None,
        )


def _writer(path: Path | None) -> Callable[[str], None]:
    def write(text: str) -> None:
        if path is not None:
            write_file(path, [text])

    return write


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"the folder {out} cannot be made: {error.strerror or error}",
            "name one that can be written",
        ) from error
    return out
