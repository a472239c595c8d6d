"""`rolloutctl history`: who changed what, when and why."""

from pathlib import Path
from typing import Final

import click

from controller.cli import options
from controller.cli.session import open_session, the_flag
from controller.inquiry import history as gather
from controller.render import json
from controller.render.json import history as as_json
from controller.render.terminal.history import merchant_text, runs_text

_LIMIT: Final = 20


@click.command(epilog="Example: rolloutctl history --env production --flag sequential_workflow")
@options.flag
@click.option(
    "--merchant",
    metavar="MERCHANT",
    help="What happened to one merchant: its id, or its shop domain.",
)
@click.option(
    "--limit",
    type=options.Number(min=1, max=10_000),
    metavar="NUMBER",
    default=_LIMIT,
    show_default=True,
    help="At most so many runs or changes.",
)
@options.root
@options.environment
@options.output_format("text", "json")
def history(
    flag: str | None,
    merchant: str | None,
    limit: int,
    root: Path,
    environment: str | None,
    output_format: str,
) -> None:
    """Show who changed what, when and why.

    The newest run first: its generation, what it changed by flag and cause, which guardrails were
    lifted and why, halts and resumes. With --merchant, the changes of that merchant instead.
    """
    session = open_session(root, environment)
    is_json = output_format == "json"
    with session.ports(with_deploy_env=False) as ports:
        if merchant is not None:
            story = gather.of_merchant(ports.store, merchant, flag=flag, limit=limit)
            text = json.text(as_json.merchant(story)) if is_json else merchant_text(story)
        else:
            runs = gather.runs(ports.store, flag=flag, limit=limit)
            if flag is not None and not runs:
                the_flag(session.desired, flag)  # a mistyped flag must not read as "nothing yet"
            text = json.text(as_json.runs(runs)) if is_json else runs_text(runs)
    click.echo(text, nl=False)
