"""What the commands of a forge's jobs share: judge a pull request, show the verdict, open one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from controller.checking import Check
from controller.checking import check as judge
from controller.cli.session import open_ports
from controller.forge.discovery import open_forge
from controller.forge.github_options import run_url
from controller.forge.interface import Forge, Opened, StatusState
from controller.proposing import REMOTE, OnBranch, open_pull_request
from controller.render import check_view
from controller.render.markdown.proposal import proposal_body
from controller.render.markdown.pull_request import comment
from controller.render.pull_request_view import PullRequestView, status_line
from controller.source_control.comparison import compare
from controller.source_control.proposal import Proposal

COMMENT: Final = "check"
"""The name of the one comment that is edited in place."""

FROM_A_FORK: Final = "from a fork: it is judged once a maintainer pushes it to this repository"
"""Why a pull request from elsewhere is red: what judges it has the secrets, and it must not."""

BASE_BRANCH = click.option(
    "--base-branch",
    default="main",
    show_default=True,
    metavar="BRANCH",
    help="The branch that pull requests are merged into.",
)


@contextmanager
def forge_of_this_job() -> Iterator[Forge]:
    """The forge that the job's variables name; closed at the end.

    Raises:
        UsageError: A variable is missing or malformed.
    """
    forge = open_forge(os.environ)
    try:
        yield forge
    finally:
        forge.close()


def judged(
    root: Path, base: str, head: str, actor: str, only: tuple[str, ...] = ()
) -> tuple[Check, PullRequestView]:
    """Judge a pull request; nothing is shown.

    Raises:
        UsageError: A revision is not in this clone.
    """
    now = datetime.now(UTC)
    comparison = compare(root, base, head, now.date())
    found = judge(
        comparison,
        lambda environment: open_ports(environment, root, with_deploy_env=False),
        now,
        actor=actor,
        only=only,
    )
    return found, check_view.view(found, run_url=run_url(os.environ))


@contextmanager
def being_judged(forge: Forge, commit: str, *, is_first: bool = True) -> Iterator[None]:
    """Say at the commit that it is being judged; and if that breaks off, that it was not.

    Args:
        forge: Where its status is.
        commit: The full id.
        is_first: Whether nothing is shown there yet. What is judged again keeps what it shows
            meanwhile: a forge keeps only so many statuses of a commit, and a schedule is patient.
    """
    if is_first:
        forge.set_status(commit, StatusState.PENDING, "being judged")
    try:
        yield
    except Exception as error:
        said = getattr(error, "message", "") or type(error).__name__
        forge.set_status(commit, StatusState.ERROR, f"could not be judged: {said}")
        raise


def show(forge: Forge, shown: PullRequestView, number: int | None) -> None:
    """Show a verdict on the forge: the comment first, so that a green status has its reasons."""
    if number is not None:
        forge.put_comment(number, COMMENT, comment(shown))
    state, line = status_line(shown)
    forge.set_status(shown.head, state, line)


def propose(
    root: Path, forge: Forge, made: Proposal, base_branch: str, actor: str, why: str = ""
) -> Opened | None:
    """Open a proposal's pull request, and judge it at once.

    What a job's own token opens starts no workflow, so nobody else would judge it.

    Args:
        root: The folder that holds `flags/` and `rollout/`.
        forge: Where pull requests live.
        made: The commit on its branch.
        base_branch: What it is to be merged into.
        actor: Who asks, for the evidence.
        why: Markdown: what it rests on.
    """
    return opened_and_judged(root, forge, made, base_branch, actor, proposal_body(made, why))


def opened_and_judged(
    root: Path, forge: Forge, made: OnBranch, base_branch: str, actor: str, body: str
) -> Opened | None:
    """Open the pull request of a commit on a branch, and judge it at once.

    Args:
        root: The folder that holds `flags/` and `rollout/`.
        forge: Where pull requests live.
        made: The commit.
        base_branch: What it is to be merged into.
        actor: Who asks, for the evidence.
        body: Markdown, with everything foreign in it escaped.
    """
    opened = open_pull_request(root, forge, made, base_branch=base_branch, body=body)
    if opened is not None and made.commit is not None:
        with being_judged(forge, made.commit):
            _, shown = judged(root, f"{REMOTE}/{base_branch}", made.commit, actor)
            show(forge, shown, opened.pull_request.number)
    return opened
