"""`rolloutctl check`: may this pull request merge?"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from controller.checking import Check
from controller.checking import check as judge
from controller.cli import options
from controller.cli.root import find_root
from controller.cli.session import open_ports
from controller.cli.workflow_files import write_outputs, write_summary
from controller.domain.environment import Environment
from controller.forge.discovery import open_forge
from controller.forge.github_options import run_url
from controller.forge.interface import Forge, StatusState
from controller.ports import Ports
from controller.render import check_view, json
from controller.render.annotations import annotations
from controller.render.json import check as as_json
from controller.render.markdown.pull_request import comment, step_summary
from controller.render.pull_request_view import PullRequestView, status_line
from controller.render.terminal.check import check_text
from controller.source_control.comparison import compare

COMMENT = "check"
"""The name of the one comment that is edited in place."""


@click.command(epilog="Example: rolloutctl check --base origin/main --head HEAD")
@click.option("--base", required=True, metavar="REV", help="What is merged into: origin/main.")
@click.option("--head", default="HEAD", show_default=True, metavar="REV", help="What is merged.")
@click.option("--env", "-e", "environments", multiple=True, metavar="NAME", help="Only this one.")
@click.option(
    "--report", is_flag=True, help="Set the commit status and keep the comment, as a forge's job."
)
@click.option(
    "--pull-request", type=click.IntRange(min=1), metavar="NUMBER", help="Whose comment to keep."
)
@options.root
@options.actor
@options.output_format("text", "json", "markdown", "github")
@click.pass_context
def check(
    context: click.Context,
    base: str,
    head: str,
    environments: tuple[str, ...],
    report: bool,
    pull_request: int | None,
    root: Path,
    actor: str,
    output_format: str,
) -> None:
    """Say whether a pull request may merge, and what it would do to whom.

    Both sides are read from git objects, nothing is checked out, and the base's policy judges. An
    advance needs its gate; a retreat needs nothing.
    """
    folder = find_root(root)
    with _reporting(report, folder, head) as forge:
        comparison = compare(folder, base, head, datetime.now(UTC).date())
        found = judge(
            comparison,
            lambda environment: _opened(environment, folder),
            datetime.now(UTC),
            actor=actor,
            only=environments,
        )
        shown = check_view.view(found, run_url=run_url(os.environ))
        if forge is not None:
            show(forge, shown, pull_request)
    write_summary(step_summary(shown), os.environ)
    write_outputs(_outputs(found, shown), os.environ)
    _print(found, shown, output_format)
    context.exit(found.exit_code)


@contextmanager
def _reporting(report: bool, root: Path, head: str) -> Iterator[Forge | None]:
    """Say at the commit that it is being judged; and if that breaks off, that it was not."""
    from controller.source_control import objects  # noqa: PLC0415 -- only a job of a forge reports

    if not report:
        yield None
        return
    commit, forge = objects.resolve(root, head), open_forge(os.environ)
    try:
        forge.set_status(commit, StatusState.PENDING, "being judged")
        try:
            yield forge
        except Exception as error:
            said = getattr(error, "message", "") or type(error).__name__
            forge.set_status(commit, StatusState.ERROR, f"could not be judged: {said}")
            raise
    finally:
        forge.close()


def show(forge: Forge, shown: PullRequestView, pull_request: int | None) -> None:
    """Show a verdict on the forge: the comment first, so that a green status has its reasons."""
    if pull_request is not None:
        forge.put_comment(pull_request, COMMENT, comment(shown))
    state, line = status_line(shown)
    forge.set_status(shown.head, state, line)


@contextmanager
def _opened(environment: Environment, root: Path) -> Iterator[Ports]:
    with open_ports(environment, root, with_deploy_env=False) as ports:
        yield ports


def _outputs(found: Check, shown: PullRequestView) -> Mapping[str, str]:
    return {
        "may_merge": str(found.may_merge).lower(),
        "answer": shown.answer,
        "because": shown.because,
        "exit_code": str(int(found.exit_code)),
    }


def _print(found: Check, shown: PullRequestView, output_format: str) -> None:
    if output_format == "json":
        click.echo(json.text(as_json.check(found)), nl=False)
    elif output_format == "markdown":
        click.echo(step_summary(shown), nl=False)
    else:
        if output_format == "github":
            click.echo(annotations(found.problems), nl=False)
        click.echo(check_text(found, width=options.terminal_width()), nl=False)
