"""`rolloutctl halt`: turn a flag off for everyone, now. The command for 3 a.m."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.emergency_session import open_emergency
from controller.cli.flag_key import flag_key
from controller.deploying import DeployOutcome
from controller.emergency import halt as run
from controller.errors import ExitCode
from controller.render import words
from controller.render.escape import terminal
from controller.render.terminal.style import bad, good, strong, warn


@click.command(
    epilog='Example: rolloutctl halt sequential_workflow --reason "orders without line items"'
)
@flag_key
@options.reason(required=True)
@options.root
@options.environment
@options.actor
@click.option(
    "--column", metavar="NAME", help="The flag's column, for a flag that was never applied."
)
@click.pass_context
def halt(
    context: click.Context,
    flag: str,
    reason: str,
    root: Path,
    environment: str | None,
    actor: str,
    column: str | None,
) -> None:
    """Turn a flag off for everyone, now, and keep it off.

    It needs the database and nothing else: no git, no GitHub, no deploy environment, no gate, not
    even readable files. Every later run, plan and status says that the flag is halted, by whom and
    why.
    """
    with open_emergency(root, environment, flag) as doors:
        outcome = run(
            doors.store,
            doors.deploy_env,
            flag,
            desired=doors.desired,
            column=column or doors.column,
            reason=reason,
            actor=actor,
        )
    off = sum(outcome.committed.changed.values())
    click.echo(
        f"{bad('HALTED')} {strong(terminal(flag))} in {terminal(doors.environment)}: "
        f"{words.counted(off)} turned "
        f"off in one transaction (generation {outcome.committed.generation})"
    )
    for note in doors.notes:
        click.echo(warn(terminal(note)))
    code = _say_deploy(outcome.deploy) if outcome.deploy else ExitCode.DONE
    where = f"for {terminal(doors.environment)} in rollout/{terminal(flag)}.yaml"
    click.echo(f"  record it in git: set phase: off {where} and open a pull request")
    click.echo(f'  when the reason is gone: rolloutctl resume {terminal(flag)} --reason "..."')
    context.exit(code)


def _say_deploy(deploy: DeployOutcome) -> ExitCode:
    for change in deploy.written:
        click.echo(good(f"  deploy environment: {terminal(words.deploy_change(change))}"))
    for problem in deploy.problems:
        click.echo(warn(f"  deploy environment: {terminal(problem.message)}"), err=True)
        click.echo(f"  next: {terminal(problem.hint or 'rolloutctl reconcile')}", err=True)
    return ExitCode.PARTLY_APPLIED if deploy.problems else ExitCode.DONE
