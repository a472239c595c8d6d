"""`rolloutctl plan`: show what a reconcile would change, and for whom. Changes nothing."""

from pathlib import Path

import click

from controller.cli import options
from controller.cli.session import allowances, open_session
from controller.domain.environment import SchemaOwner
from controller.domain.plan import Plan
from controller.errors import ExitCode, UsageError
from controller.merchant_store.external_schema import prisma_lines, sql_statements
from controller.reconcile import Survey, survey
from controller.render import json
from controller.render.markdown.plan import plan_markdown
from controller.render.terminal.plan import plan_text


@click.command(epilog="Example: rolloutctl plan --env production --out plan.json")
@options.root
@options.environment
@options.allow
@options.actor
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Save it for reconcile --plan.",
)
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Exit 3 when there are changes, 0 when there are none.",
)
@options.output_format("text", "json", "markdown")
@click.pass_context
def plan(
    context: click.Context,
    root: Path,
    environment: str | None,
    allow: tuple[str, ...],
    reason: str | None,
    actor: str,
    out: Path | None,
    detailed_exitcode: bool,
    output_format: str,
) -> None:
    """Show what a reconcile would change, and for whom.

    Nothing is written. Guardrails that stand in the way are listed with the plan, all at once.
    """
    session = open_session(root, environment)
    with session.ports() as ports:
        found = survey(ports, session.desired, allowances(allow, reason, actor))
    if out is not None:
        _save(found.plan, out)
    click.echo(_rendered(found, output_format), nl=False)
    if output_format == "text":
        click.echo(_migration(found), nl=False)
    if found.deploy_problem is not None:
        raise found.deploy_problem
    pending = found.plan.has_changes or bool(found.plan.definitions_changed)
    context.exit(ExitCode.CHANGES_PENDING if detailed_exitcode and pending else ExitCode.DONE)


def _save(plan: Plan, out: Path) -> None:
    try:
        out.write_text(json.text(json.plan(plan)), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written: {error.strerror or error}",
            "name a file in a folder that exists and may be written to",
        ) from error


def _rendered(found: Survey, output_format: str) -> str:
    match output_format:
        case "json":
            return json.text(json.plan(found.plan))
        case "markdown":
            return plan_markdown(found.plan, found.names)
        case _:
            return plan_text(found.plan, found.names)


def _migration(found: Survey) -> str:
    """Under `schema: external`, what the app's own migration needs."""
    if found.world.desired.environment.database.schema_owner is SchemaOwner.MANAGED:
        return ""
    steps = found.plan.schema_steps
    if not steps:
        return ""
    tables = found.world.desired.environment.database.tables
    return (
        "\nFor the app's Prisma schema:\n\n"
        + prisma_lines(steps, tables)
        + "\nOr as SQL:\n\n"
        + "\n".join(sql_statements(steps, tables))
        + "\n"
    )
