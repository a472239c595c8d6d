"""`rolloutctl reconcile`: make reality match the files."""

import json as standard_json
from pathlib import Path

import click

from controller.cli import options
from controller.cli.session import allowances, open_session
from controller.errors import UsageError
from controller.reconcile import reconcile as run
from controller.render import json
from controller.render.terminal.outcome import outcome_text
from controller.render.terminal.plan import plan_text


@click.command(epilog="Example: rolloutctl reconcile --env production")
@options.root
@options.environment
@options.allow
@options.actor
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Apply only if the plan is still the one saved with plan --out.",
)
@options.output_format("text", "json")
@click.pass_context
def reconcile(
    context: click.Context,
    root: Path,
    environment: str | None,
    allow: tuple[str, ...],
    reason: str | None,
    actor: str,
    plan_file: Path | None,
    output_format: str,
) -> None:
    """Make the database and the deploy environment match the files.

    The database changes in one transaction. What a guardrail refuses is withheld, everything else
    is applied, and retreats always are. Running it again changes nothing.
    """
    session = open_session(root, environment)
    expected = _saved_hash(plan_file) if plan_file else None
    lifted = allowances(allow, reason, actor)
    with session.ports() as ports:
        outcome = run(ports, session.desired, actor=actor, allowances=lifted, expected=expected)
    if output_format == "json":
        click.echo(
            json.text(json.plan(outcome.plan) | {"outcome": json.outcome(outcome)}), nl=False
        )
    else:
        click.echo(plan_text(outcome.plan, outcome.names))
        click.echo(outcome_text(outcome), nl=False)
    context.exit(outcome.exit_code)


def _saved_hash(path: Path) -> str:
    try:
        document = standard_json.loads(path.read_text(encoding="utf-8"))
        if document["format"] == json.PLAN_FORMAT:
            return str(document["hash"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _not_a_plan(path) from error
    raise _not_a_plan(path)


def _not_a_plan(path: Path) -> UsageError:
    return UsageError(
        f"{path} is not a plan that this version can apply", f"rolloutctl plan --out {path}"
    )
