"""`rolloutctl analyze`: one run, looked at closely."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.session import open_session, the_flag
from controller.inquiry.run import analyse
from controller.render import json
from controller.render.json.run_analysis import run_analysis as as_json
from controller.render.terminal.run_analysis import analysis_text


@click.command(epilog="Example: rolloutctl analyze cm6na24kg007ogxz2ac1irfic --env production")
@click.argument("run")
@options.flag
@options.root
@options.environment
@options.output_format("text", "json")
def analyze(
    run: str, flag: str | None, root: Path, environment: str | None, output_format: str
) -> None:
    """Show everything about one run of the workflow.

    RUN is the id of a row of the app's table of runs. Shown are its file, its stages with the times
    that are known, its order, line items and sync, the quality of the data, what each flag's gate
    makes of it, and how long it took against the same merchant's earlier runs and the baseline that
    was frozen before the rollout. Exits 0 whatever became of the run.
    """
    session = open_session(root, environment)
    desired = session.desired
    flags = desired.flags if flag is None else (the_flag(desired, flag),)
    with session.ports(with_deploy_env=False) as ports:
        found = analyse(ports, desired, flags, run)
    if output_format == "json":
        click.echo(json.text(as_json(found)), nl=False)
    else:
        click.echo(analysis_text(found, width=options.terminal_width()), nl=False)
