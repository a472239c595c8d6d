"""From an error to text and an exit code.

The text says what happened, to what, and what to type next.
"""

import os
import traceback
from typing import Final

import click

from controller.cli.usage import explained
from controller.errors import ExitCode, InvalidConfiguration, RolloutError
from controller.render import escape

_INTERRUPTED: Final = 130  # 128 + SIGINT, as shells have it


def report(error: Exception) -> int:
    """Print an error to standard error and say which exit code it means."""
    if isinstance(error, click.ClickException):
        return _report_wrong_call(error)
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort):
        return interrupted()
    if isinstance(error, RolloutError):
        return _report_expected(error)
    if isinstance(error, OSError):
        return _report_machine(error)
    return _report_bug(error)


def interrupted() -> int:
    """Say what Ctrl-C leaves behind: it may have come after the database was done."""
    click.echo("\ninterrupted; what was not committed was not done", err=True)
    click.echo("  next: rolloutctl status", err=True)
    return _INTERRUPTED


def say(error: RolloutError) -> None:
    """Print what happened and what to do next, in two lines, to standard error."""
    click.secho("error: ", err=True, fg="red", bold=True, nl=False)
    click.echo("\n".join(escape.terminal(line) for line in error.message.splitlines()), err=True)
    for line in error.hint.splitlines():
        click.echo(f"  next: {escape.terminal(line)}", err=True)


def _report_wrong_call(error: click.ClickException) -> int:
    """Somebody mistyped something, or typed a group without a command, whose help then shows."""
    if isinstance(error, click.UsageError) and not isinstance(
        error, click.exceptions.NoArgsIsHelpError
    ):
        say(explained(error))
    else:
        error.show()
    return error.exit_code


def _report_expected(error: RolloutError) -> int:
    if isinstance(error, InvalidConfiguration):
        from controller.render.terminal.problems import problems  # noqa: PLC0415 -- rarely needed

        click.echo(problems(getattr(error, "problems", ())), err=True, nl=False)
    say(error)
    return error.exit_code


def _report_machine(error: OSError) -> int:
    """A full disk, a file that may not be written: no bug, and nothing committed is undone."""
    where = f"{error.filename}: " if error.filename else ""
    click.secho("error: ", err=True, fg="red", bold=True, nl=False)
    click.echo(escape.terminal(f"{where}{error.strerror or error}"), err=True)
    click.echo("  next: mend that, then run again; rolloutctl status shows what was done", err=True)
    return ExitCode.INTERNAL_ERROR


def _report_bug(error: Exception) -> int:
    """Something nobody foresaw.

    The last line of the traceback may hold data, so it is escaped too.
    """
    if os.environ.get("ROLLOUTCTL_DEBUG"):
        click.echo("".join(traceback.format_exception(error)), err=True)
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" at {where[0].filename}:{where[0].lineno}" if where else ""
    click.secho("internal error: ", err=True, fg="red", bold=True, nl=False)
    click.echo(f"{type(error).__name__}{place}: {escape.terminal(str(error))}", err=True)
    click.echo(
        "  next: this is a bug; run again with ROLLOUTCTL_DEBUG=1 and report what it prints",
        err=True,
    )
    return ExitCode.INTERNAL_ERROR
