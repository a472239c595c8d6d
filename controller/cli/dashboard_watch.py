"""`rolloutctl dashboard --watch`: read everything again and again, and serve what was read last.

What cannot be read any more is shown as it was, and the page says since when and why.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import NoReturn

import click

from controller.cli.failure import say
from controller.cli.page_server import PageServer
from controller.errors import RolloutError
from controller.inquiry.dashboard import Dashboard
from controller.render.html.page import page
from controller.render.html.style import policy, sheet


def watch(
    gather: Callable[[], Dashboard], port: int, every: timedelta, write: Callable[[str], None]
) -> None:
    """Serve the page until somebody ends it, by Ctrl-C or SIGTERM.

    Args:
        gather: Looks at everything.
        port: Of loopback; 0 takes a free one.
        every: How long to wait between two looks.
        write: Where else each page goes.

    Raises:
        RolloutError: The first look failed: there is nothing to show.
        UsageError: The port cannot be had.
    """
    seconds = round(every.total_seconds())
    with _ended_by_signals():
        found = gather()
        with PageServer.started(port, policy=policy(sheet()), seconds=seconds) as server:
            _serve(gather, found, server, write)


def _serve(
    gather: Callable[[], Dashboard],
    found: Dashboard,
    server: PageServer,
    write: Callable[[str], None],
) -> NoReturn:
    _show(page(found), server, write)
    click.echo(f"serving {server.address} to this machine; read anew every {server.seconds} s")
    click.echo("Ctrl-C ends it")
    problem: RolloutError | None = None
    while True:
        time.sleep(server.seconds)
        before = problem
        found, problem = _again(gather, found)
        _show(page(found, outdated=problem), server, write)
        _tell(before, problem)


def _again(
    gather: Callable[[], Dashboard], before: Dashboard
) -> tuple[Dashboard, RolloutError | None]:
    try:
        return gather(), None
    except RolloutError as problem:
        return before, problem


def _show(text: str, server: PageServer, write: Callable[[str], None]) -> None:
    server.show(text)
    write(text)


def _tell(before: RolloutError | None, now: RolloutError | None) -> None:
    """Say once when it breaks, and once when it is well again."""
    if now is not None and (before is None or before.message != now.message):
        say(now)
        click.echo("the page shows what was read last, and says so", err=True)
    elif now is None and before is not None:
        click.echo("it can be read again", err=True)


class _End(Exception):  # noqa: N818 -- nothing failed: somebody has had enough
    """Raised wherever the program is when a signal asks it to end."""


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    def end(_signal: int, _frame: FrameType | None) -> None:
        raise _End

    kept = {which: signal.signal(which, end) for which in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except _End:
        click.echo("ended; nobody is served any more")
    finally:
        for which, handler in kept.items():
            signal.signal(which, handler)
