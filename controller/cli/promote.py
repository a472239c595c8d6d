"""`rolloutctl promote`: propose that a rollout goes to its next phase."""

from pathlib import Path

import click

from controller.cli import completion, options
from controller.cli.flag_key import optional_flag_key
from controller.cli.proposing import open_for, show
from controller.cli.pull_requests import BASE_BRANCH, forge_of_this_job, propose
from controller.cli.root import find_root
from controller.cli.session import open_session
from controller.errors import UsageError
from controller.inquiry.readiness import readiness
from controller.render.escape import terminal
from controller.render.markdown.gate import gate_markdown
from controller.source_control.promotion import promote as promoted


@click.command(epilog="Example: rolloutctl promote sequential_workflow --env production")
@optional_flag_key
@click.option(
    "--to",
    metavar="PHASE",
    shell_complete=completion.phases,
    help="The phase, to be sure: it must be the next one.  [default: that]",
)
@click.option("--dry-run", is_flag=True, help="Show the change; make no commit and no branch.")
@click.option(
    "--open-pr", is_flag=True, help="Push the branch and open its pull request, as a forge's job."
)
@click.option(
    "--ready",
    is_flag=True,
    help="Open one for every rollout whose gate says proceed; needs --open-pr and no FLAG.",
)
@BASE_BRANCH
@options.root
@options.environment
@options.actor
@options.output_format("text", "json")
def promote(
    flag: str | None,
    to: str | None,
    dry_run: bool,
    open_pr: bool,
    ready: bool,
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
    if ready:
        if flag is not None or not open_pr or dry_run:
            raise UsageError(
                "--ready looks for the rollouts itself, and only to open pull requests",
                "rolloutctl promote --ready --open-pr",
            )
        _open_all_ready(root, environment, base_branch, actor)
        return
    if flag is None:
        raise UsageError("which flag?", "rolloutctl promote FLAG; rolloutctl status lists them")
    folder = find_root(root)
    made = promoted(folder, flag, to=to, environment=environment, dry_run=dry_run)
    opened = open_for(made, folder, base_branch, actor) if open_pr and not dry_run else None
    show(made, folder, output_format, opened)


def _open_all_ready(root: Path, environment: str | None, base_branch: str, actor: str) -> None:
    """Open a promotion for every rollout that is ready; it never merges one."""
    session = open_session(root, environment)
    with session.ports(with_deploy_env=False) as ports:
        found = readiness(ports, session.desired, actor=actor)
    if not found:
        click.echo("no rollout is live")
    for one in found:
        if not one.is_ready:
            click.echo(f"{one.flag}: waits: {terminal(one.waits_for)}")
            continue
        made = promoted(session.root, one.flag, environment=session.environment.name)
        report, following = one.report, one.following
        why = gate_markdown(report, following=following, with_next=False) if report else ""
        with forge_of_this_job() as forge:
            opened = propose(session.root, forge, made, base_branch, actor, why)
        if opened is not None:
            how = "is open already" if opened.was_open else "was opened"
            click.echo(
                f"{one.flag}: the promotion to {one.following} {how}: "
                + terminal(opened.pull_request.url)
            )
