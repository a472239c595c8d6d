"""`rolloutctl stale`: the flags that should go away."""

from datetime import timedelta
from pathlib import Path

import click

from controller.cli import options
from controller.cli.pull_requests import BASE_BRANCH
from controller.cli.root import find_root
from controller.cli.session import open_session
from controller.cli.tidying import open_tidy_up
from controller.domain.staleness import Patience
from controller.errors import ExitCode
from controller.inquiry.staleness import Checkout, look_for_stale
from controller.render import json
from controller.render.json.stale import stale as as_json
from controller.render.terminal.stale import stale_text


@click.command(epilog="Example: rolloutctl stale --env production --code ../shop")
@click.option(
    "--code",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The app's git checkout: show where it still names them.",
)
@click.option(
    "--everyone-for",
    default="30d",
    show_default=True,
    metavar="DURATION",
    callback=options.duration,
    help="How long a flag may be on for everyone before it is stale.",
)
@click.option(
    "--off-for",
    default="90d",
    show_default=True,
    metavar="DURATION",
    callback=options.duration,
    help="How long a flag may be off, or halted, before it is stale.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 3 when there is a stale flag.")
@click.option(
    "--open-pr",
    is_flag=True,
    help="Open the pull request that removes what is finished in every environment; needs --code.",
)
@BASE_BRANCH
@options.actor
@options.root
@options.environment
@options.output_format("text", "json")
@click.pass_context
def stale(
    context: click.Context,
    code: Path | None,
    everyone_for: timedelta,
    off_for: timedelta,
    detailed_exitcode: bool,
    open_pr: bool,
    base_branch: str,
    actor: str,
    root: Path,
    environment: str | None,
    output_format: str,
) -> None:
    """List the flags that should go away, and where the code still names them.

    Flags past their last day, on or off for everyone for long, halted for long, and those that the
    code does not name; each with what to do next. Nothing is changed; with --open-pr one pull
    request is opened, or brought up to date, that removes the files of finished flags.
    """
    patience = Patience(everyone_for, off_for)
    if open_pr:
        open_tidy_up(find_root(root), code, patience, base_branch, actor)
        return
    session = open_session(root, environment)
    checkout = Checkout(code, session.root) if code else None
    with session.ports(with_deploy_env=False) as ports:
        report = look_for_stale(ports, session.desired, patience, checkout)
    others = sorted(session.configuration.environments.keys() - {session.environment.name})
    if output_format == "json":
        click.echo(json.text(as_json(report, others)), nl=False)
    else:
        click.echo(stale_text(report, others), nl=False)
    found = bool(report.stale) and detailed_exitcode
    context.exit(ExitCode.CHANGES_PENDING if found else ExitCode.DONE)
