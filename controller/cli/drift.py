"""`rolloutctl drift`: what somebody else changed."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.session import open_session, the_flag
from controller.errors import ExitCode
from controller.inquiry.drift import look_for_drift
from controller.render import json
from controller.render.json.drift import drift as as_json
from controller.render.terminal.drift import drift_text


@click.command(epilog="Example: rolloutctl drift --env production")
@options.flag
@options.root
@options.environment
@options.output_format("text", "json")
@click.pass_context
def drift(
    context: click.Context,
    flag: str | None,
    root: Path,
    environment: str | None,
    output_format: str,
) -> None:
    """Show what somebody else changed.

    Merchants whose value was set by hand, values that were there before rolloutctl knew the flag,
    and variables of the deploy environment that differ although their definition did not change;
    with who wrote them last where that is known. Exits 4 if there is any, 0 if there is none, and
    9 or 5 if nothing was found but the deploy environment could not be read.
    """
    session = open_session(root, environment)
    if flag is not None:
        the_flag(session.desired, flag)  # a mistyped flag must not read as "no drift"
    with session.ports() as ports:
        report = look_for_drift(ports, session.desired, flag)
    if output_format == "json":
        click.echo(json.text(as_json(report)), nl=False)
    else:
        click.echo(drift_text(report), nl=False)
    if report.drift.is_found:
        context.exit(ExitCode.DRIFT_FOUND)
    if report.deploy_problem is not None:
        raise report.deploy_problem
