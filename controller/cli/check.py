"""`rolloutctl check`: may this pull request merge?"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from controller.checking import Check
from controller.cli import completion, options
from controller.cli.pull_requests import (
    FROM_A_FORK,
    being_judged,
    forge_of_this_job,
    judged,
    show,
)
from controller.cli.root import find_root
from controller.cli.workflow_files import write_outputs, write_summary
from controller.errors import Refused, RolloutError, UsageError
from controller.forge.github_event import MergeEvent, read_event
from controller.forge.interface import StatusState
from controller.render import json
from controller.render.annotations import annotations
from controller.render.json import check as as_json
from controller.render.markdown.pull_request import step_summary
from controller.render.pull_request_view import PullRequestView
from controller.render.terminal.check import check_text
from controller.source_control import objects


@click.command(epilog="Example: rolloutctl check --base origin/main --head HEAD")
@click.option(
    "--base", metavar="REV", help="What is merged into: origin/main.  [default: the job's event]"
)
@click.option("--head", metavar="REV", help="What is merged.  [default: the job's event, or HEAD]")
@click.option(
    "-e",
    "--env",
    "environments",
    multiple=True,
    metavar="NAME",
    shell_complete=completion.environments,
    help="Only this one. Repeat for another one.",
)
@click.option(
    "--report", is_flag=True, help="Set the commit status and keep the comment, as a forge's job."
)
@click.option(
    "--pull-request", type=options.Number(min=1), metavar="NUMBER", help="Whose comment to keep."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the whole answer there, too, as JSON.",
)
@options.root
@options.actor
@options.output_format("text", "json", "markdown", "github")
@click.pass_context
def check(
    context: click.Context,
    base: str | None,
    head: str | None,
    environments: tuple[str, ...],
    report: bool,
    pull_request: int | None,
    out: Path | None,
    root: Path,
    actor: str,
    output_format: str,
) -> None:
    """Say whether a pull request may merge, and what it would do to whom.

    Both sides are read from git objects, nothing is checked out, and the base's policy judges. An
    advance needs its gate; a retreat needs nothing.
    """
    folder = find_root(root)
    asked = _asked(base, head, pull_request)
    if asked.is_fork:
        _refuse_fork(asked, report=report)
    if report:
        commit = objects.resolve(folder, asked.head)
        with forge_of_this_job() as forge, being_judged(forge, commit):
            found, shown = judged(folder, asked.base, commit, actor, environments)
            show(forge, shown, asked.number)
    else:
        found, shown = judged(folder, asked.base, asked.head, actor, environments)
    if out is not None:
        out.write_text(json.text(as_json.check(found)), encoding="utf-8")
    write_summary(step_summary(shown), os.environ)
    write_outputs(_outputs(found, shown), os.environ)
    _print(found, shown, output_format)
    context.exit(found.exit_code)


def _asked(base: str | None, head: str | None, number: int | None) -> MergeEvent:
    """What is to be judged: as the options say, or the event that the job was started for."""
    if base is not None:
        return MergeEvent(base, head or "HEAD", number, is_fork=False)
    path = os.environ.get("GITHUB_EVENT_PATH")
    if not path:
        raise UsageError(
            "nobody says what the pull request is merged into", "add --base origin/main"
        )
    return read_event(Path(path))


def _refuse_fork(asked: MergeEvent, *, report: bool) -> NoReturn:
    """A fork's job has no secrets, and must never look judged.

    Its token may not even set a status; `recheck`, which has one, says the same.

    Raises:
        Refused: Always.
    """
    if report:
        with suppress(RolloutError), forge_of_this_job() as forge:
            forge.set_status(asked.head, StatusState.FAILURE, FROM_A_FORK)
    raise Refused(
        f"this pull request comes {FROM_A_FORK}",
        "push the branch to this repository and open the pull request from there",
    )


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
