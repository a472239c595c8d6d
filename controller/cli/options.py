"""Options that several commands share, with the same words everywhere."""

import getpass
import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from controller.cli import completion
from controller.domain.units import parse_duration
from controller.render.terminal.layout import NARROWEST, WIDTH

Function = TypeVar("Function", bound=Callable[..., Any])


class Number(click.IntRange):
    """A whole number within limits."""

    name = "number"


def root(function: Function) -> Function:
    """`-C FOLDER`: the repository that holds flags/ and rollout/."""
    return click.option(
        "-C",
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(),
        metavar="FOLDER",
        help="The repository with flags/ and rollout/.  [default: this folder or one above it]",
    )(function)


def environment(function: Function) -> Function:
    """`--env NAME`: which environment of rollout/environments/."""
    return click.option(
        "-e",
        "--env",
        "environment",
        envvar="ROLLOUTCTL_ENV",
        metavar="NAME",
        shell_complete=completion.environments,
        help="The environment: a file of rollout/environments/.  [env: ROLLOUTCTL_ENV]",
    )(function)


def flag(function: Function) -> Function:
    """`--flag KEY`: only this flag."""
    return click.option(
        "--flag", metavar="KEY", shell_complete=completion.flags, help="Only this flag."
    )(function)


def output_format(*formats: str) -> Callable[[Function], Function]:
    """`--format`: the first one is the default."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print it.",
    )


def allow(function: Function) -> Function:
    """`--allow NAME --reason TEXT`: lift guardrails for this run, one at a time, by name."""
    function = click.option(
        "--allow",
        multiple=True,
        metavar="GUARDRAIL",
        shell_complete=completion.guardrails,
        help="Lift one guardrail for this run; needs --reason. Repeat for another one.",
    )(function)
    return reason(required=False)(function)


def reason(*, required: bool) -> Callable[[Function], Function]:
    """`--reason TEXT`: kept in the ledger."""
    return click.option(
        "--reason",
        required=required,
        metavar="TEXT",
        callback=one_line,
        help="Why; the ledger keeps it.",
    )


def one_line(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """A text that is kept for others: one line of printable characters, and not an empty one.

    Raises:
        click.BadParameter: There is nothing in it.
    """
    if value is None:
        return None
    text = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    if not text:
        raise click.BadParameter("it is empty; whoever meets it later will want to know.")
    return text


def duration(_context: click.Context, _parameter: click.Parameter, value: str) -> timedelta:
    """A length of time, as files write it: `90s`, `10m`, `36h`, `2d`.

    Raises:
        click.BadParameter: It is none.
    """
    try:
        return parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def actor(function: Function) -> Function:
    """`--actor NAME`: who is named in the ledger."""
    return click.option(
        "--actor",
        envvar=["ROLLOUTCTL_ACTOR", "GITHUB_ACTOR", "USER", "LOGNAME"],
        default=_login,
        metavar="NAME",
        callback=one_line,
        help="Who is named in the ledger.  [env: ROLLOUTCTL_ACTOR, GITHUB_ACTOR, USER]",
    )(function)


def _login() -> str:
    """Who is logged in, where no variable says so: a job that cron started, a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user id without a name
        return "unknown"


def terminal_width() -> int:
    """How wide to print: the terminal, but not wider than reads well; 100 where there is none."""
    if not sys.stdout.isatty():
        return WIDTH
    return max(NARROWEST, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))
