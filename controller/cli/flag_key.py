"""The key of one flag as an argument, also of a flag that no file has.

A halt must work without files; a text that cannot be a key is refused before anything is asked.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from controller.cli import completion
from controller.domain.flag import KEY, KEY_IN_WORDS
from controller.errors import UsageError

Function = TypeVar("Function", bound=Callable[..., Any])


def flag_key(function: Function) -> Function:
    """`FLAG`: the key of one flag."""
    return click.argument("flag", callback=_a_key, shell_complete=completion.flags)(function)


def optional_flag_key(function: Function) -> Function:
    """`[FLAG]`: the key of one flag, or none."""
    return click.argument(
        "flag", required=False, callback=_a_key_or_none, shell_complete=completion.flags
    )(function)


def _a_key_or_none(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    return None if value is None else _a_key(context, parameter, value)


def _a_key(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """A text that can be a flag's key.

    Raises:
        UsageError: It cannot; one that is nearly the same is suggested.
    """
    if re.fullmatch(KEY, value):
        return value
    alike = re.sub("[^a-z0-9]+", "_", value.lower()).strip("_")
    meant = f"did you mean {alike}? " if re.fullmatch(KEY, alike) else ""
    raise UsageError(
        f'"{value}" cannot be a flag\'s key: allowed are {KEY_IN_WORDS}',
        f"{meant}rolloutctl status lists the flags",
    )
