"""Saying that a command waits behind a lock: silence would read as a program that hangs."""

import click

from controller.cli.progress import of_this_process
from controller.merchant_store.lock_wait import LockWait, OnWait
from controller.render.escape import terminal
from controller.render.terminal.style import warn


def announcer() -> OnWait | None:
    """Whom to tell of a wait: standard error; nobody where the output is for machines."""
    context = click.get_current_context(silent=True)
    if context is not None and context.params.get("output_format") == "json":
        return None
    return _announce


def _announce(wait: LockWait) -> None:
    with of_this_process().aside():
        click.echo(warn(terminal(waiting_text(wait))), err=True)


def waiting_text(wait: LockWait) -> str:
    """Who is waited for, as far as the server tells."""
    if wait.process is None:
        return "waiting: another session holds rows or tables that must change"
    program = wait.program or "a program without a name"
    of = f" of {wait.user}" if wait.user else ""
    since = f", in a transaction since {wait.since:%H:%M:%S %Z}" if wait.since else ""
    return f"waiting for {program}, server process {wait.process}{of}{since}"
