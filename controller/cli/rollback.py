"""`rolloutctl rollback`: propose that a rollout goes back to where it was."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.flag_key import flag_key
from controller.cli.proposing import open_for, show
from controller.cli.pull_requests import BASE_BRANCH
from controller.cli.root import find_root
from controller.source_control.rollback import rollback as propose


@click.command(epilog="Example: rolloutctl rollback sequential_workflow --env production")
@flag_key
@click.option("--dry-run", is_flag=True, help="Show the change; make no commit and no branch.")
@click.option(
    "--open-pr", is_flag=True, help="Push the branch and open its pull request, as a forge's job."
)
@BASE_BRANCH
@options.root
@options.environment
@options.actor
@options.output_format("text", "json")
def rollback(
    flag: str,
    dry_run: bool,
    open_pr: bool,
    base_branch: str,
    root: Path,
    environment: str | None,
    actor: str,
    output_format: str,
) -> None:
    """Propose to take back a rollout's last advance, as one commit on a branch.

    It is the git revert of the commit that advanced the flag to its present phase, found in history
    through squashes and merges. Where that conflicts, or would undo more than the phase, the one
    line is edited instead, and it says so. What is checked out is left alone. To turn a flag off
    now, without git: rolloutctl halt.
    """
    folder = find_root(root)
    made = propose(folder, flag, environment=environment, dry_run=dry_run)
    opened = open_for(made, folder, base_branch, actor) if open_pr and not dry_run else None
    show(made, folder, output_format, opened)
