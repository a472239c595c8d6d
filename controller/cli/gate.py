"""`rolloutctl gate`: may this rollout go one step further?"""

from datetime import datetime
from pathlib import Path
from typing import Final

import click

from controller.cli import completion, gate_review, options
from controller.cli.flag_key import optional_flag_key
from controller.cli.session import Session, open_session, the_flag
from controller.errors import ExitCode, UsageError
from controller.gate import evidence as evidences
from controller.gate.verdict import Verdict
from controller.inquiry.gate import Asked, NothingToPass, inquire
from controller.render import gate_remarks, json
from controller.render.escape import markdown_prose, terminal
from controller.render.json import gate as as_json
from controller.render.markdown.gate import gate_markdown
from controller.render.terminal.gate import gate_text
from controller.render.terminal.style import good, strong, warn

EXIT_CODES: Final = {
    Verdict.PROCEED: ExitCode.DONE,
    Verdict.FIX_MINOR: ExitCode.FIX_MINOR,
    Verdict.INSUFFICIENT_DATA: ExitCode.INSUFFICIENT_DATA,
    Verdict.ERROR: ExitCode.GATE_ERROR,
    Verdict.ROLLBACK: ExitCode.ROLLBACK,
}


def _instant(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter("it is no time; write 2026-11-20T12:00:00Z") from error
    if at.tzinfo is None:
        raise click.BadParameter("it has no zone: nobody could tell which moment is meant; add Z")
    return at


@click.command(epilog="Example: rolloutctl gate sequential_workflow --env production")
@optional_flag_key
@click.option(
    "--to",
    metavar="PHASE",
    shell_complete=completion.phases,
    help="The phase to enter.  [default: the next one up]",
)
@click.option(
    "--as-of",
    metavar="TIME",
    callback=_instant,
    help="Judge what was known then: 2026-11-20T12:00:00Z.",
)
@click.option("--queries", is_flag=True, help="Show the resolved queries too.")
@click.option("--recompute", metavar="EVIDENCE", help="Judge stored evidence again: an id, a file.")
@click.option("--backtest", is_flag=True, help="What these files' gates would have said.")
@click.option("--characteristics", is_flag=True, help="What these files' gates would do.")
@options.root
@options.environment
@options.actor
@options.output_format("text", "json", "markdown")
@click.pass_context
def gate(
    context: click.Context,
    flag: str | None,
    to: str | None,
    as_of: datetime | None,
    queries: bool,
    recompute: str | None,
    backtest: bool,
    characteristics: bool,
    root: Path,
    environment: str | None,
    actor: str,
    output_format: str,
) -> None:
    """Say whether a rollout may go one step further, by what really happened.

    Asks the gate of the phase that FLAG is in, by the policy applied last, about the runs of the
    merchants that have the feature; the evidence is kept in the ledger. Exits 0 for proceed, 10 for
    fix minor, 11 while there is too little data or a soak is not over, 12 for rollback, and 13
    where it could not be judged. A retreat needs no gate.

    --recompute judges stored evidence again and exits 13 if a verdict has changed. --backtest and
    --characteristics review the gates of the files here before they are merged; the latter exits 2
    if one of them is of no use.
    """
    asking = to is not None or as_of is not None or queries
    _refuse_mixed(flag, asking, (recompute is not None, backtest, characteristics))
    if recompute is not None:
        code = gate_review.recompute(
            recompute, lambda: open_session(root, environment), output_format
        )
        context.exit(code)
    session = open_session(root, environment)
    wanted = the_flag(session.desired, flag or "")
    if characteristics:
        context.exit(gate_review.characteristics(session, wanted, output_format))
    if backtest:
        context.exit(gate_review.backtest(session, wanted, output_format))
    with session.ports(with_deploy_env=False) as ports:
        found = inquire(ports, session.desired, wanted, actor=actor, to=to, as_of=as_of)
    if isinstance(found, NothingToPass):
        context.exit(_say_nothing(found, session, output_format))
    click.echo(_rendered(found, output_format, queries=queries), nl=False)
    context.exit(EXIT_CODES[found.judgement.report.verdict])


def _refuse_mixed(flag: str | None, asking: bool, reviews: tuple[bool, ...]) -> None:
    recomputes = reviews[0]
    if sum(reviews) > 1:
        raise UsageError(
            "--recompute, --backtest and --characteristics are three questions", "ask one"
        )
    if any(reviews) and asking:
        raise UsageError(
            "--to, --as-of and --queries are about the gate's answer now",
            "leave away --recompute, --backtest and --characteristics",
        )
    if flag is None and not recomputes:
        raise UsageError("which flag?", "rolloutctl gate FLAG; rolloutctl status lists them")
    if flag is not None and recomputes:
        raise UsageError("evidence says itself which flag it is about", "leave the flag away")


def _rendered(found: Asked, output_format: str, *, queries: bool) -> str:
    report, following = found.judgement.report, found.following
    remarks = gate_remarks.remarks(found)
    match output_format:
        case "json":
            return json.text(_document(found, remarks))
        case "markdown":
            return gate_markdown(report, following=following, remarks=remarks, with_queries=queries)
        case _:
            width = options.terminal_width()
            return gate_text(
                report, following=following, remarks=remarks, width=width, with_queries=queries
            )


def _document(found: Asked, remarks: tuple[str, ...]) -> dict[str, object]:
    judgement = found.judgement
    evidence = as_json.stored_evidence(
        judgement.id,
        evidences.write(judgement.evidence),
        stored=judgement.stored,
        problem=judgement.problem,
    )
    return as_json.gate(
        judgement.report,
        exit_code=EXIT_CODES[judgement.report.verdict],
        following=found.following,
        remarks=remarks,
        evidence=evidence,
    )


def _say_nothing(found: NothingToPass, session: Session, output_format: str) -> ExitCode:
    code, name = code_of_nothing(found), session.environment.name
    text = gate_remarks.nothing_to_pass(found)
    step = gate_remarks.after_nothing(found, name)
    match output_format:
        case "json":
            document = as_json.nothing_to_pass(found, environment=name, exit_code=code)
            click.echo(json.text(document), nl=False)
        case "markdown":
            click.echo(
                f"**{markdown_prose(text)}**"
                + (f"\n\n> next: {markdown_prose(step)}" if step else "")
            )
        case _:
            title = good("NO GATE") if code is ExitCode.DONE else warn("NOT YET")
            click.echo(f"{strong(title)}  {terminal(text)}")
            if step:
                click.echo(f"  next: {terminal(step)}")
    return code


def code_of_nothing(found: NothingToPass) -> ExitCode:
    """What is said where no gate is to be passed: a halt and a soak hold it all the same."""
    if found.halt is not None:
        return ExitCode.GATE_ERROR
    return ExitCode.DONE if found.soaked_at is None else ExitCode.INSUFFICIENT_DATA
