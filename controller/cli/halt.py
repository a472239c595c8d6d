"""`rolloutctl halt`: turn a flag off for everyone, now. The command for 3 a.m."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.emergency_session import Doors, open_emergency
from controller.cli.flag_key import flag_key
from controller.domain.wording import counted
from controller.emergency import HaltOutcome
from controller.emergency import halt as run
from controller.errors import ExitCode, RolloutError
from controller.render import json, words
from controller.render.escape import terminal
from controller.render.json.emergency import halted as as_json
from controller.render.terminal.style import bad, good, strong, warn


@click.command(epilog='Example: rolloutctl halt new_checkout --reason "orders without line items"')
@flag_key
@options.reason(required=True)
@options.root
@options.environment
@options.actor
@click.option(
    "--column", metavar="NAME", help="The flag's column, for a flag that was never applied."
)
@options.output_format("text", "json")
@click.pass_context
def halt(
    context: click.Context,
    flag: str,
    reason: str,
    root: Path,
    environment: str | None,
    actor: str,
    column: str | None,
    output_format: str,
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
    code = ExitCode.PARTLY_APPLIED if _problems(outcome) else ExitCode.DONE
    if output_format == "json":
        document = as_json(flag, doors.environment, outcome, code, doors.notes)
        click.echo(json.text(document), nl=False)
    else:
        _say(flag, doors, outcome)
    context.exit(code)


def _say(flag: str, doors: Doors, outcome: HaltOutcome) -> None:
    off = sum(outcome.committed.changed.values())
    click.echo(
        f"{bad('HALTED')} {strong(terminal(flag))} in {terminal(doors.environment)}: "
        f"{counted(off)} turned "
        f"off in one transaction (generation {outcome.committed.generation})"
    )
    for note in doors.notes:
        click.echo(warn(terminal(note)))
    for change in outcome.deploy.written if outcome.deploy else ():
        click.echo(good(f"  deploy environment: {terminal(words.deploy_change(change))}"))
    for problem in _problems(outcome):
        click.echo(warn(f"  deploy environment: {terminal(problem.message)}"), err=True)
        click.echo(f"  next: {terminal(problem.hint or 'rolloutctl reconcile')}", err=True)
    where = f"for {terminal(doors.environment)} in rollout/{terminal(flag)}.yaml"
    click.echo(f"  record it in git: set phase: off {where} and open a pull request")
    click.echo(f'  when the reason is gone: rolloutctl resume {terminal(flag)} --reason "..."')


def _problems(outcome: HaltOutcome) -> tuple[RolloutError, ...]:
    return outcome.deploy.problems if outcome.deploy else ()
