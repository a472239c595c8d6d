"""`rolloutctl schema`: write the JSON Schemas and the file reference."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.root import find_root
from controller.config import json_schema
from controller.errors import ExitCode


@click.command(epilog="Example: rolloutctl schema --check")
@options.root
@click.option("--check", is_flag=True, help="Write nothing; fail if a committed file is stale.")
@click.pass_context
def schema(context: click.Context, root: Path, check: bool) -> None:
    """Write the JSON Schemas and the file reference for editors and docs.

    They are made from the same models that validate the files, and committed under docs/, where the
    first line of each YAML file points to them.
    """
    folder = find_root(root)
    stale = json_schema.stale(folder)
    if check:
        for name in stale:
            click.echo(f"stale: {name}")
        click.echo("run: rolloutctl schema" if stale else "the schemas are up to date")
        context.exit(ExitCode.INVALID if stale else ExitCode.DONE)
    json_schema.write(folder)
    click.echo(f"wrote {', '.join(stale)}" if stale else "nothing to write: all up to date")
