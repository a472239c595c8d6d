"""`rolloutctl recheck`: keep the statuses of open pull requests true as the data changes."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.pull_requests import (
    BASE_BRANCH,
    FROM_A_FORK,
    being_judged,
    forge_of_this_job,
    judged,
    show,
)
from controller.cli.root import find_root
from controller.errors import ExitCode, RolloutError
from controller.forge.interface import Forge, PullRequest, StatusState
from controller.proposing import REMOTE, fetch_pull_request
from controller.render.escape import terminal
from controller.render.pull_request_view import TITLES


@click.command(epilog="Example: rolloutctl recheck --base-branch main")
@BASE_BRANCH
@options.root
@options.actor
@click.pass_context
def recheck(context: click.Context, base_branch: str, root: Path, actor: str) -> None:
    """Judge every open pull request again, and show it there.

    For a schedule: a verdict of yesterday says nothing about today's data. Heads are read as git
    objects and never run; a pull request from a fork stays red. One that cannot be judged does not
    keep the others from being judged.
    """
    folder = find_root(root)
    failed = False
    with forge_of_this_job() as forge:
        for one in forge.open_pull_requests(base_branch):
            try:
                said = _recheck(forge, folder, one, base_branch, actor)
            except RolloutError as problem:
                failed, said = True, f"could not be judged: {problem.message}"
            click.echo(f"#{one.number}  {terminal(said)}")
    if failed:
        context.exit(ExitCode.UNREACHABLE)


def _recheck(forge: Forge, root: Path, one: PullRequest, base_branch: str, actor: str) -> str:
    if one.is_fork:
        forge.set_status(one.head, StatusState.FAILURE, FROM_A_FORK)
        return f"May not merge: {FROM_A_FORK}"
    head = fetch_pull_request(root, one.number, base_branch)
    with being_judged(forge, head, is_first=False):
        _, shown = judged(root, f"{REMOTE}/{base_branch}", head, actor)
        show(forge, shown, one.number)
    return f"{TITLES[shown.answer]}: {shown.because}"
