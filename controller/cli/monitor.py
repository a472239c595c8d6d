"""`rolloutctl monitor`: watch what happens after a change."""

from contextlib import AbstractContextManager, closing, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Final

import click

from controller.cli import completion, full_screen, options
from controller.cli.gate import EXIT_CODES, code_of_nothing
from controller.cli.looker import Looker
from controller.cli.session import Session, open_session, the_flag
from controller.cli.watching import Ended, Face, Lines, attend
from controller.cli.watching import full_screen as whole_terminal
from controller.domain.units import format_duration
from controller.errors import ExitCode, UsageError
from controller.inquiry.monitor import Sighting, Watch
from controller.inquiry.watching import Progress, Until
from controller.render import json
from controller.render.json import monitor as as_json
from controller.render.terminal.monitor_lines import summary

_LEAST: Final = timedelta(seconds=5)
"""Between two looks: a database in trouble is not helped by being asked more often."""


def _every(context: click.Context, parameter: click.Parameter, value: str) -> timedelta:
    every = options.duration(context, parameter, value)
    if every < _LEAST:
        raise click.BadParameter(f"at least {format_duration(_LEAST)}: it is a live database")
    return every


def _until(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> Until:
    spans = [_span(context, parameter, one) for one in value if one not in {"verdict", "run"}]
    return Until("verdict" in value, "run" in value, min(spans, default=None))


def _span(context: click.Context, parameter: click.Parameter, value: str) -> timedelta:
    try:
        return options.duration(context, parameter, value)
    except click.BadParameter as error:
        raise click.BadParameter(f"{error.message}, or `verdict`, or `run`") from error


@click.command(epilog="Example: rolloutctl monitor sequential_workflow --until verdict --until 1h")
@click.argument("flag", required=False, shell_complete=completion.flags)
@click.option(
    "--merchant", metavar="MERCHANT", help="One merchant's runs: its id, or its shop domain."
)
@click.option(
    "--until",
    multiple=True,
    metavar="WHAT",
    callback=_until,
    help="Stop at a `verdict`, once a `run` has ended, or after 30m. Repeat: the first one counts.",
)
@click.option(
    "--every",
    default="10s",
    show_default=True,
    metavar="DURATION",
    callback=_every,
    help="How long between two looks; at least 5s.",
)
@options.root
@options.environment
@options.output_format("text", "jsonl")
@click.pass_context
def monitor(
    context: click.Context,
    flag: str | None,
    merchant: str | None,
    until: Until,
    every: timedelta,
    root: Path,
    environment: str | None,
    output_format: str,
) -> None:
    """Watch the runs of a cohort, or of one merchant, as they come.

    For the hour after a change: which runs are under way and at which stage, what is near its
    deadline, late, stuck or failed, and how the counts of FLAG's gate move. On a terminal it is a
    screen with keys (? explains them); elsewhere one line an event. Nothing is written.

    Exits as gate does, by the last answer: 0, 10, 11, 12 or 13; 9 if the database does not answer
    at the end. With --merchant the runs are judged as a pilot's are: failed and stuck mean 12.
    """
    if (flag is None) == (merchant is None):
        raise UsageError(
            "what is to be watched?" if flag is None else "one thing is watched at a time",
            "rolloutctl monitor FLAG, or rolloutctl monitor --merchant MERCHANT",
        )
    session = open_session(root, environment)
    of = the_flag(session.desired, flag) if flag is not None else str(merchant)
    with (
        session.ports(with_deploy_env=False) as ports,
        closing(Watch(ports, session.desired, of)) as watch,
    ):
        first = watch.look()
        _refuse_endless(first, until, session)
        with Looker(watch.look, every) as looker, _face(context, output_format) as face:
            ended = attend(first, looker, face, until)
    context.exit(_say_end(ended, output_format))


def _refuse_endless(first: Sighting, until: Until, session: Session) -> None:
    if until.verdict and first.subject.nothing is not None:
        raise UsageError(
            f"phase {first.subject.phase} of {first.subject.flag} has no gate in "
            f"{session.environment.name}, so no verdict will come",
            "--until run, or --until 30m",
        )


def _face(context: click.Context, output_format: str) -> AbstractContextManager[Face]:
    if output_format == "text" and full_screen.is_possible():
        return whole_terminal(colour=context.color is not False)
    return nullcontext(Lines(for_machines=output_format == "jsonl"))


def _say_end(ended: Ended, output_format: str) -> int:
    code = ended.code if ended.code is not None else _code(ended.progress)
    if output_format == "jsonl":
        click.echo(json.line(as_json.ended(ended.progress, code)))
    else:
        for line in summary(ended.progress, options.terminal_width()):
            click.echo(line)
    return code


def _code(progress: Progress) -> ExitCode:
    if progress.away is not None:
        return ExitCode.UNREACHABLE
    if progress.verdict is not None:
        return EXIT_CODES[progress.verdict]
    nothing = progress.latest.subject.nothing
    assert nothing is not None  # noqa: S101 -- else a gate judges
    return code_of_nothing(nothing)
