"""`rolloutctl export`: the same truth in other tools' formats."""

from collections.abc import Iterator
from pathlib import Path

import click

from controller.cli import options
from controller.cli.atomic_file import write_file
from controller.cli.session import open_session
from controller.inquiry.export import Export, gather
from controller.render import escape
from controller.render.flagd import caveats, definition


@click.group(epilog="Example: rolloutctl export flagd --out flags.json")
def export() -> None:
    """Write what others read: the flags for OpenFeature.

    Nothing is changed, neither in the database nor in the files of the repository.
    """


@export.command(epilog="Example: rolloutctl export flagd --env production --out flags.json")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it here, whole or not at all.  [default: standard output]",
)
@click.option(
    "--fractional",
    is_flag=True,
    help="Write the rules instead of the merchants; see docs/openfeature.md for when they hold.",
)
@click.option(
    "--unapplied",
    is_flag=True,
    help="Export the files as they are, though they are not what was applied.",
)
@options.root
@options.environment
def flagd(
    out: Path | None, fractional: bool, unapplied: bool, root: Path, environment: str | None
) -> None:
    """Write the flag definition of flagd, for any OpenFeature SDK.

    By default it lists the merchants that have each flag, by halts, overrides, eligibility, age and
    the global value: the same answer as `explain`, in every version of flagd. The targeting key is
    the merchant's id.
    """
    session = open_session(root, environment)
    with session.ports(with_deploy_env=False) as ports:
        found = gather(ports, session.desired, with_merchants=not fractional, unapplied=unapplied)
    if out is not None:
        write_file(out, definition(found))
    else:
        for piece in definition(found):
            click.echo(piece, nl=False)
    for line in _said(found, out):
        click.echo(line, err=True)


def _said(found: Export, out: Path | None) -> Iterator[str]:
    """What a person should know; standard output holds the definition and nothing else."""
    if out is not None:
        flags = len(found.flags)
        yield escape.terminal(
            f"wrote {flags} {'flag' if flags == 1 else 'flags'} of {found.environment} to {out}"
        )
    for caveat in caveats(found):
        yield f"note: {escape.terminal(caveat)}"
