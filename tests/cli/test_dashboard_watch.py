"""`dashboard --watch`: the process that a person starts, its page over HTTP, and how it ends."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from controller.cli.dashboard_watch import _again
from controller.errors import DatabaseUnreachable
from pictures.browser import CHROMIUM, Browser
from tests.cli.desk import FLAG, Desk
from tests.render.html.boards import dashboard as empty

_PATIENCE = 60


@dataclass
class Watch:
    """A running command."""

    process: subprocess.Popen[str]
    address: str

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    def read(self) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/")
        reply = connection.getresponse()
        assert reply.status == 200
        text = reply.read().decode()
        connection.close()
        return text

    def shows(self, text: str, *, gone: bool = False) -> str:
        """The page, as soon as it shows a text, or shows it no more."""
        until = time.monotonic() + _PATIENCE
        while (text in (page := self.read())) is gone:
            assert time.monotonic() < until, page
            assert self.process.poll() is None
            time.sleep(0.1)
        return page

    def end(self, how: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(how)
        out, _ = self.process.communicate(timeout=_PATIENCE)
        return self.process.returncode, out


@contextmanager
def watching(desk: Desk, *arguments: str) -> Iterator[Watch]:
    command = [sys.executable, "-m", "controller", "dashboard", "-C", str(desk.root)]
    variables = {k: v for k, v in desk.variables.items() if v is not None}
    process = subprocess.Popen(
        [*command, "--watch", "--every", "5s", *arguments],
        env={**os.environ, **variables, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.match(r"serving (http://127\.0\.0\.1:\d+/) to this machine", line)
        assert found, line + process.stdout.read()
        yield Watch(process, found[1])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def away(url: str) -> Iterator[None]:
    """The database lets nobody in, and throws out who is in it."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(psycopg.conninfo.make_conninfo(url, dbname="postgres")) as other:
        other.autocommit = True
        allow = psycopg.sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        identifier = psycopg.sql.Identifier(str(name))
        other.execute(allow.format(identifier, psycopg.sql.Literal(False)))
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        yield
        other.execute(allow.format(identifier, psycopg.sql.Literal(True)))


def test_it_goes_on_through_a_database_that_is_away(desk):
    desk.run("reconcile")
    out = desk.root / "out"
    with watching(desk, "--out", str(out)) as watch:
        page = watch.read()
        assert FLAG in page
        assert "Stale since" not in page
        with away(desk.url):
            page = watch.shows("Stale since")
            assert FLAG in page
            assert "Because: " in page
            assert "<title>Outdated: Rollouts of test</title>" in page
            assert "Stale since" in (out / "index.html").read_text(encoding="utf-8")
        desk.set_by_hand("m05", value=True)
        assert "Stale since" not in watch.shows("1 drift")
        code, said = watch.end(signal.SIGINT)
    assert code == 0
    assert said.count("error: ") == 1
    assert "the page shows what was read last, and says so" in said
    assert "it can be read again" in said


def test_files_that_are_wrong_for_a_moment_do_not_end_it(desk):
    desk.run("reconcile")
    good = desk.read(f"flags/{FLAG}.yaml")
    with watching(desk) as watch:
        desk.write(f"flags/{FLAG}.yaml", "key: [")
        assert FLAG in watch.shows("Stale since")
        desk.write(f"flags/{FLAG}.yaml", good)
        watch.shows("Stale since", gone=True)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_releases_the_port(desk, how):
    with watching(desk) as watch:
        code, said = watch.end(how)
        assert code == 0
        assert said.endswith("ended; nobody is served any more\n")
        with socket.create_server(("127.0.0.1", watch.port)):
            pass


def test_a_port_that_is_taken_is_a_usage_error(desk):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = desk.run("dashboard", "--watch", "--port", str(taken.getsockname()[1]))
    assert done.code == 2
    assert "cannot be had" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "add --out FOLDER, or --watch"), (("--watch", "--every", "1s"), "--every 30s")],
)
def test_what_cannot_work_is_said(desk, arguments, said):
    done = desk.run("dashboard", *arguments)
    assert done.code == 2
    assert said in done.err


def test_what_was_read_last_is_kept():
    found, problem = empty(()), DatabaseUnreachable("gone", "wait")

    def gone():
        raise problem

    assert _again(gone, found) == (found, problem)


def test_a_browser_shows_it_and_asks_again_by_itself(desk):
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM} to look at the page with")
    desk.run("reconcile")
    with watching(desk) as watch, Browser.start() as browser:
        shown = browser.open(watch.address, 1280)
        shown.loaded()  # the second time nobody has told it to
        assert shown.evaluate("document.title") == "Rollouts of test"
        assert set(shown.requests) <= {watch.address, f"{watch.address}favicon.ico"}
        assert not [one for one in shown.complaints if "favicon" not in one and "404" not in one]


def test_without_a_database_there_is_nothing_to_show(desk, tmp_path: Path):
    gone = {"DATABASE_URL": f"postgresql://nobody@/x?host={tmp_path}"}
    done = desk.run("dashboard", "--watch", env=gone)
    assert done.code == 9
