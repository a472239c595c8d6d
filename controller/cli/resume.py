"""`rolloutctl resume`: end a halt."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.emergency_session import open_emergency
from controller.cli.flag_key import flag_key
from controller.domain.instants import format_instant
from controller.render import json
from controller.render.escape import terminal
from controller.render.json.emergency import resumed as as_json
from controller.render.terminal.style import good


@click.command(epilog='Example: rolloutctl resume sequential_workflow --reason "fixed in 4f2a9c1"')
@flag_key
@options.reason(required=True)
@options.root
@options.environment
@options.actor
@options.output_format("text", "json")
def resume(
    flag: str, reason: str, root: Path, environment: str | None, actor: str, output_format: str
) -> None:
    """End a halt; the next reconcile brings back what the files say.

    Nothing is turned on by this command itself: look at the plan first.
    """
    with open_emergency(root, environment, flag) as doors:
        ended = doors.store.resume(flag, reason=reason, actor=actor)
    if output_format == "json":
        click.echo(json.text(as_json(flag, doors.environment, ended)), nl=False)
        return
    click.echo(
        f"{good('resumed')} {terminal(flag)} in {terminal(doors.environment)}; it was halted by "
        f"{terminal(ended.actor)} at {format_instant(ended.since)}: {terminal(ended.reason)}"
    )
    click.echo("  see what comes back: rolloutctl plan")
    click.echo("  bring it back:       rolloutctl reconcile")
