"""`rolloutctl guard`: judge every live phase, and act on harm."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from controller.cli import options
from controller.cli.pull_requests import BASE_BRANCH, forge_of_this_job, propose
from controller.cli.session import Session, open_session
from controller.cli.workflow_files import write_summary
from controller.domain.environment import OnRollback
from controller.forge.interface import Opened
from controller.gate.report import GateReport
from controller.guarding import Guarded, OpenRevert, exit_code
from controller.guarding import guard as keep_watch
from controller.judging import Judgement
from controller.render import gate_words, json
from controller.render.escape import terminal
from controller.render.json.guard import guarded as as_json
from controller.render.markdown.gate import gate_markdown
from controller.render.terminal.style import bad, good, warn
from controller.source_control.rollback import rollback


@click.command(epilog="Example: rolloutctl guard --env production")
@click.option(
    "--report-only",
    is_flag=True,
    help="Judge and say it; neither halt nor open a pull request.",
)
@BASE_BRANCH
@options.root
@options.environment
@options.actor
@options.output_format("text", "json")
@click.pass_context
def guard(
    context: click.Context,
    report_only: bool,
    base_branch: str,
    root: Path,
    environment: str | None,
    actor: str,
    output_format: str,
) -> None:
    """Judge every live phase, and act on harm as the environment says.

    on_rollback in its file: report, open_revert (the real git revert of the advance, as a pull
    request), or halt_and_open_revert. Run twice, there is one halt and one pull request.
    """
    session = open_session(root, environment)
    if report_only:
        session = session.reporting_only()
    opens = session.environment.on_rollback is not OnRollback.REPORT
    revert = _opener(session, base_branch, actor) if opens else None
    with session.ports() as ports:
        found = keep_watch(ports, session.desired, actor=actor, open_revert=revert)
    for one in found:
        if isinstance(one.found, Judgement):
            write_summary(gate_markdown(one.found.report), os.environ)
    if output_format == "json":
        click.echo(json.text(as_json(found, session.environment.name)), nl=False)
    else:
        click.echo("\n".join(_lines(found)) or "no phase with a gate is live")
    context.exit(exit_code(found))


def _opener(session: Session, base_branch: str, actor: str) -> OpenRevert:
    """The forge is opened only when it is needed: one that cannot be must not keep from a halt."""

    def open_revert(flag: str, report: GateReport) -> Opened | None:
        made = rollback(session.root, flag, environment=session.environment.name)
        why = gate_markdown(report, with_next=False)
        with forge_of_this_job() as forge:
            return propose(session.root, forge, made, base_branch, actor, why)

    return open_revert


def _lines(found: tuple[Guarded, ...]) -> Iterator[str]:
    for one in found:
        if isinstance(one.found, Judgement):
            report = one.found.report
            paint = {"proceed": good, "rollback": bad, "error": bad}.get(str(one.verdict), warn)
            yield f"{paint(gate_words.title(one.verdict).upper())}  " + terminal(
                f"{one.flag} at {one.phase}: {gate_words.gate_line(report)}"
            )
        else:
            yield f"{bad('ERROR')}  " + terminal(f"{one.flag} at {one.phase}: {one.found.message}")
        if one.was_halted:
            yield "  it is halted already"
        if one.halted is not None:
            changed = sum(one.halted.committed.changed.values())
            yield f"  halted: {changed:,} merchants lost it"
        if one.opened is not None:
            how = "is open already" if one.opened.was_open else "was opened"
            yield f"  the pull request that takes it back {how}: " + terminal(
                one.opened.pull_request.url
            )
        for problem in one.problems:
            yield f"  {bad('not done')}: {terminal(problem.message)}"
            if problem.hint:
                yield f"    next: {terminal(problem.hint)}"
