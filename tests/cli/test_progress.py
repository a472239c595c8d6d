"""One line on a terminal, after a second, gone in the end; and never anywhere else."""

import io
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from controller.cli.progress import Progress, wanted
from tests.waiting import until_somebody_waits

REPOSITORY = Path(__file__).parents[2]


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "variables", "answer"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "CI": "true"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_only_somebody_who_looks_is_shown_anything(stream, variables, answer):
    assert wanted(stream, variables) is answer


def screen(written: str) -> str:
    """What is left on the line when everything was drawn over."""
    line: list[str] = []
    for part in written.split("\r"):
        line[: len(part)] = part
    return "".join(line).rstrip()


def test_a_quick_step_draws_nothing():
    stream = Terminal()
    with Progress(stream).step("reading"):
        pass
    assert stream.getvalue() == ""


def test_a_long_step_is_shown_with_what_is_done_and_is_gone_in_the_end():
    stream = Terminal()
    with Progress(stream).step("reading merchants") as tell:
        tell(1_230_000)
        eventually(lambda: "reading merchants: 1,230,000 ... 1 s" in stream.getvalue())
    assert screen(stream.getvalue()) == ""
    assert "\x1b" not in stream.getvalue()
    assert "\n" not in stream.getvalue()


def test_what_is_printed_meanwhile_has_the_line_for_itself():
    stream = Terminal()
    progress = Progress(stream)
    with progress.step("counting runs"):
        eventually(lambda: "counting runs ... 1 s" in stream.getvalue())
        with progress.aside():
            assert screen(stream.getvalue()) == ""


def test_a_step_within_a_step_is_not_shown_as_well():
    stream = Terminal()
    progress = Progress(stream)
    with progress.step("outer"), progress.step("inner") as tell:
        tell(1)
        eventually(lambda: "outer ... 1 s" in stream.getvalue())
    assert "inner" not in stream.getvalue()


@pytest.mark.parametrize(("variables", "shown"), [({}, True), ({"CI": "1"}, False)])
def test_a_plan_that_takes_long_says_so_on_a_terminal_only(desk, variables, shown):
    """A lock on the merchants makes it take as long as this test wants."""
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "CI"} | {"TERM": "xterm"}
    with ExitStack() as held:
        lock = held.enter_context(psycopg.connect(desk.url))
        lock.execute('LOCK TABLE "Merchant" IN ACCESS EXCLUSIVE MODE')
        process = held.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "controller", "plan", "-C", str(desk.root)],
                cwd=REPOSITORY,
                env={**environment, **desk.variables, **variables},
                stdout=subprocess.PIPE,
                stderr=theirs,
            )
        )
        os.close(theirs)
        seen = _until(ours, b"reading merchants ... 1 s") if shown else b""
        until_somebody_waits(desk.url)
        lock.rollback()
        assert process.stdout is not None
        out = process.stdout.read()
        seen += _rest(ours)
    os.close(ours)
    assert screen(seen.decode()) == ""
    assert out.startswith(b"Plan for test")
    assert b"reading" not in out
    assert shown or seen == b""


def _until(descriptor: int, wanted_text: bytes) -> bytes:
    seen = b""
    while wanted_text not in seen:
        seen += os.read(descriptor, 1024)
    return seen


def _rest(descriptor: int) -> bytes:
    seen = b""
    try:
        while chunk := os.read(descriptor, 1024):
            seen += chunk
    except OSError:  # nobody writes any more
        pass
    return seen
