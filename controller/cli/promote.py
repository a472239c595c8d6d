"""`rolloutctl promote`: propose that a rollout goes to its next phase."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.flag_key import flag_key
from controller.cli.proposing import open_for, show
from controller.cli.pull_requests import BASE_BRANCH
from controller.cli.root import find_root
from controller.source_control.promotion import promote as propose


@click.command(epilog="Example: rolloutctl promote sequential_workflow --env production")
@flag_key
@click.option(
    "--to", metavar="PHASE", help="The phase, to be sure: it must be the next one.  [default: that]"
)
@click.option("--dry-run", is_flag=True, help="Show the change; make no commit and no branch.")
@click.option(
    "--open-pr", is_flag=True, help="Push the branch and open its pull request, as a forge's job."
)
@BASE_BRANCH
@options.root
@options.environment
@options.actor
@options.output_format("text", "json")
def promote(
    flag: str,
    to: str | None,
    dry_run: bool,
    open_pr: bool,
    base_branch: str,
    root: Path,
    environment: str | None,
    actor: str,
    output_format: str,
) -> None:
    """Propose the next phase of a rollout, as one commit on a branch.

    One line of rollout/FLAG.yaml changes, every other byte stays as it is. It is made from what is
    committed, and what is checked out is left alone. No phase is skipped. Run twice, it is there
    once. Whether it may be merged is the gate's business, on the pull request.
    """
    folder = find_root(root)
    made = propose(folder, flag, to=to, environment=environment, dry_run=dry_run)
    opened = open_for(made, folder, base_branch, actor) if open_pr and not dry_run else None
    show(made, folder, output_format, opened)
