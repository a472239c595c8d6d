"""Options that several commands share, with the same words everywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


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
        help="The environment: a file of rollout/environments/.  [env: ROLLOUTCTL_ENV]",
    )(function)


def flag(function: Function) -> Function:
    """`--flag KEY`: only this flag."""
    return click.option("--flag", metavar="KEY", help="Only this flag.")(function)


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
        help="Lift one guardrail for this run; needs --reason. Repeat for another one.",
    )(function)
    return reason(required=False)(function)


def reason(*, required: bool) -> Callable[[Function], Function]:
    """`--reason TEXT`: kept in the ledger."""
    return click.option(
        "--reason", required=required, metavar="TEXT", help="Why; the ledger keeps it."
    )


def actor(function: Function) -> Function:
    """`--actor NAME`: who is named in the ledger."""
    return click.option(
        "--actor",
        envvar=["ROLLOUTCTL_ACTOR", "GITHUB_ACTOR", "USER", "LOGNAME"],
        default="unknown",
        metavar="NAME",
        help="Who is named in the ledger.  [env: ROLLOUTCTL_ACTOR, GITHUB_ACTOR, USER]",
    )(function)
