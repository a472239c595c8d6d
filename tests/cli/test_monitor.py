"""`rolloutctl monitor`, as a process of its own while rows arrive in a real database."""

import json
import select
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from controller.demo.embedded_postgres import (
    EmbeddedPostgres,
    _launch,
    _Owner,
    _runnable,
    find_binaries,
)
from tests.cli.desk import FLAG
from tests.cli.gated_shop import GatedShop, Shops
from tests.cli.terminals import Terminal, at_terminal, command, variables

_ENTER, _LEAVE = "\x1b[?1049h", "\x1b[?1049l"
_INSERT = """
    INSERT INTO "WorkflowExecution" (id, "merchantId", status, "currentStage", "errorMessage",
        "createdAt", "completedAt")
    SELECT %s, %s, %s, %s, %s, t, t + %s * interval '1 min'
    FROM (SELECT now() AT TIME ZONE 'UTC' - %s * interval '1 min' t) x
"""
_END = """
    UPDATE "WorkflowExecution" SET status = %s, "completedAt" = now() AT TIME ZONE 'UTC'
    WHERE id = %s
"""


def add_run(shop, key, status="processing", *, ago=0.0, took=None, stage="ai_parsing", error=None):
    shop.desk.sql(_INSERT, key, shop.pilot, status, stage, error, took, ago)


def end_run(shop, key, status="completed"):
    shop.desk.sql(_END, status, key)


def make_busy(shop: GatedShop) -> None:
    """The feature came an hour ago; one run is near its deadline, another has just begun."""
    with psycopg.connect(
        shop.desk.url, options="-c session_replication_role=replica"
    ) as connection:
        for table, column in (("flag", "phase_since"), ("run", "at")):
            connection.execute(f"UPDATE rollout.{table} SET {column} = {column} - interval '1 h'")
    add_run(shop, "run-near", ago=27)
    add_run(shop, "run-open", ago=1)


@pytest.fixture
def busy(pilot: GatedShop) -> GatedShop:
    make_busy(pilot)
    return pilot


@contextmanager
def watching(shop, *arguments, **more) -> Iterator[Terminal]:
    with at_terminal(shop.desk, "monitor", FLAG, *arguments, **more) as terminal:
        terminal.until_shown("q quit")
        yield terminal


class TestScreen:
    def test_runs_come_move_and_end_and_the_gates_counts_move(self, busy):
        with watching(busy) as terminal:
            terminal.until_shown("2 runs within 1 h: 1 under way, 1 near")
            assert "0 matured" in terminal.screen
            add_run(busy, "run-new")
            terminal.press("r")
            terminal.until_shown("3 runs within 1 h: 2 under way, 1 near")
            end_run(busy, "run-new", "failed")
            terminal.press("r")
            terminal.until_shown("1 matured +1")
            assert "1 failed +1" in terminal.screen
            assert "run-new" in terminal.screen
            assert terminal.screen.splitlines()[1].startswith("ROLLBACK")
            terminal.press("q")
            assert terminal.end() == 12

    def test_keys(self, busy):
        with watching(busy) as terminal:
            terminal.press("?")
            terminal.until_shown("the exit code is the gate's")
            terminal.press("x")
            terminal.until_shown("under way")
            terminal.press("t")
            terminal.until(lambda it: "\nunder way" not in it.screen)
            terminal.press("p")
            terminal.until_shown("paused; shown is")
            terminal.press("p")
            terminal.until(lambda it: "paused" not in it.screen)
            terminal.press("q")
            assert terminal.end() == 11

    def test_another_size_is_another_screen(self, busy):
        with watching(busy) as terminal:
            terminal.resize(40, 12)
            terminal.until(lambda it: it.screen.count("\n") == 11)
            assert max(map(len, terminal.screen.splitlines())) <= 40
            terminal.resize(100, 30)
            terminal.until(lambda it: it.screen.count("\n") == 29)

    def test_without_colour(self, busy):
        with watching(busy, NO_COLOR="1") as terminal:
            assert "\x1b[1m" not in terminal.written
            assert "\x1b[33m" not in terminal.written
        with watching(busy) as terminal:
            assert "\x1b[33m" in terminal.written

    def test_a_terminal_that_can_do_nothing_gets_lines(self, busy):
        with at_terminal(busy.desk, "monitor", FLAG, "--until", "1s", TERM="dumb") as terminal:
            assert terminal.end() == 11
            assert "\x1b" not in terminal.written
            assert "watching" in terminal.written


def quit_by_key(terminal):
    terminal.press("q")


def interrupt(terminal):
    terminal.press("\x03")


def terminate(terminal):
    terminal.signal(signal.SIGTERM)


def hang_up(terminal):
    terminal.signal(signal.SIGHUP)


def quit_by_signal(terminal):
    terminal.press("\x1c")


class TestEnds:
    @pytest.mark.parametrize(
        ("end", "code"),
        [
            (quit_by_key, 11),
            (interrupt, 130),
            (terminate, 143),
            (hang_up, 129),
            (quit_by_signal, 131),
        ],
    )
    def test_the_terminal_is_as_it_was(self, busy, end, code):
        with watching(busy) as terminal:
            assert terminal.settings != terminal.before
            end(terminal)
            assert terminal.end() == code
            assert terminal.settings == terminal.before
            assert terminal.written.count(_ENTER) == terminal.written.count(_LEAVE) == 1
            after = terminal.written.partition(_LEAVE)[2]
            assert "\x1b[?25h" in terminal.written
            assert "INSUFFICIENT DATA" in after, "the answer stays on the screen"

    def test_an_error_is_said_on_the_terminal_as_it_was(self, busy):
        with watching(busy) as terminal:
            busy.desk.sql('DROP TABLE "WorkflowExecution" CASCADE')
            terminal.press("r")
            assert terminal.end() == 5
            assert terminal.settings == terminal.before
            assert "cannot be read" in terminal.written.partition(_LEAVE)[2]

    def test_it_can_be_stopped_and_goes_on(self, busy):
        with watching(busy, by_shell=True) as terminal:
            terminal.press("\x1a")
            terminal.until(lambda it: it.settings == it.before)
            terminal.signal(signal.SIGUSR1)
            terminal.until(lambda it: it.settings != it.before)
            terminal.until(lambda it: it.written.count(_ENTER) >= 2)
            terminal.until_shown("q quit")
            terminal.press("q")
            assert terminal.end() == 11
            assert terminal.settings == terminal.before

    def test_keys_typed_and_not_read_are_not_given_to_the_shell(self, busy):
        with watching(busy) as terminal:
            terminal.press("qrm -rf important\n")
            assert terminal.end() == 11
            assert select.select([terminal.slave], [], [], 0)[0] == []


def piped(shop, *arguments):
    return subprocess.Popen(
        command(shop.desk, "monitor", *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=variables(shop.desk),
    )


class TestLines:
    def test_lines_are_appended_as_things_happen(self, busy):
        with piped(busy, FLAG, "--every", "5s", "--until", "run") as process:
            assert FLAG in process.stdout.readline()
            assert " gate " in process.stdout.readline()
            end_run(busy, "run-open")
            rest = process.stdout.read()
            assert process.wait() == 11
        assert "completed  " in rest
        assert "run-open" in rest
        assert "[purchase_order_created" in rest
        assert "\x1b" not in rest

    def test_objects_one_a_line(self, busy):
        done = busy.desk.run("monitor", FLAG, "--until", "1s", "--format", "jsonl")
        first, *_, last = map(json.loads, done.out.splitlines())
        assert (first["event"], first["flag"], first["phase"]) == ("watching", FLAG, "pilot")
        assert {run["id"]: run["standing"] for run in first["runs"]} == {
            "run-near": "near",
            "run-open": "under_way",
        }
        assert (last["event"], last["exit_code"], done.code) == ("end", 11, 11)

    def test_the_counts_are_those_of_the_gate(self, busy):
        add_run(busy, "run-done", "completed", ago=20, took=4)
        add_run(busy, "run-bad", "failed", ago=20, took=4, error="no")
        done = busy.desk.run("monitor", FLAG, "--until", "1s", "--format", "jsonl")
        last = json.loads(done.out.splitlines()[-1])
        gate = busy.gate("--format", "json").json
        counts = gate["evidence"]["document"]["evidence"]["counts"]
        assert last["verdict"] == gate["verdict"] == "rollback"
        assert last["counts"]["matured"]["count"] == counts["population"]["matured"] == 2
        for name, total in counts["totals"].items():
            assert last["counts"][name]["count"] == total["count"]
        for name, rate in counts["rates"].items():
            assert last["counts"][name]["count"] == rate["all_runs"]["good"]
        assert done.code == 12


class TestUntil:
    def test_a_verdict_ends_it_at_once(self, busy):
        add_run(busy, "run-bad", "failed", ago=20, took=4)
        assert busy.desk.run("monitor", FLAG, "--until", "verdict").code == 12

    def test_whichever_comes_first(self, busy):
        done = busy.desk.run(
            "monitor", FLAG, "--until", "verdict", "--until", "1s", "--until", "2h"
        )
        assert done.code == 11

    def test_no_verdict_comes_where_there_is_no_gate(self, ramp):
        ramp.advance("10%", "50%")
        done = ramp.desk.run("monitor", FLAG, "--until", "verdict")
        assert (done.code, "no gate" in done.err) == (2, True)
        done = ramp.desk.run("monitor", FLAG, "--until", "1s")
        assert done.code == ramp.gate().code == 11
        assert "NO GATE  Phase 50%" in done.out


class TestMerchant:
    def test_it_is_judged_as_a_pilot_is(self, busy):
        watch = ("monitor", "--merchant", busy.pilot, "--until", "1s")
        assert busy.desk.run(*watch).code == 11
        add_run(busy, "run-done", "completed", ago=5, took=4)
        done = busy.desk.run(*watch)
        assert done.code == 0, done.out
        assert "1 of 1 within 10 min" in done.said
        add_run(busy, "run-slow", "completed", ago=25, took=14)
        assert busy.desk.run(*watch).code == 10
        add_run(busy, "run-stuck", ago=40)
        assert busy.desk.run(*watch).code == 12

    def test_a_shop_domain_will_do_and_a_wrong_one_is_said(self, busy):
        ((domain,),) = busy.desk.sql(
            'SELECT "shopDomain" FROM "Merchant" WHERE id = %s', busy.pilot
        )
        done = busy.desk.run("monitor", "--merchant", domain, "--until", "1s")
        assert busy.pilot in done.out.splitlines()[0]
        assert busy.desk.run("monitor", "--merchant", "nobody.example").code == 2

    def test_before_there_is_a_ledger(self, shop):
        done = shop.desk.run("monitor", "--merchant", shop.pilot, "--until", "1s")
        assert done.code in {11, 13}, done.err
        assert "runs since" in done.out


class TestLedger:
    def test_a_halt_is_seen_and_nothing_is_judged_any_more(self, busy):
        with watching(busy) as terminal:
            assert busy.desk.run("halt", FLAG, "--reason", "orders are lost").code == 0
            terminal.press("r")
            terminal.until_shown("orders are lost")
            terminal.press("q")
            assert terminal.end() == 13


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "what is to be watched?"),
        ((FLAG, "--merchant", "m1"), "one thing is watched at a time"),
        ((FLAG, "--every", "1s"), "at least 5s"),
        ((FLAG, "--until", "soon"), "36h or 2d, or `verdict`, or `run`"),
        (("nothing",), "have no flag nothing"),
    ],
)
def test_what_cannot_be_watched(shop, arguments, said):
    done = shop.desk.run("monitor", *arguments)
    assert (done.code, said in done.err) == (2, True), done.err


def test_a_flag_that_is_off_has_nothing_to_watch(shop):
    done = shop.desk.run("monitor", FLAG)
    assert done.code == 2
    assert "no merchant has it" in done.err


def test_a_database_that_never_answered_is_not_waited_for(pilot):
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    assert pilot.desk.run("monitor", FLAG, env=nowhere).code == 9


class Restartable:
    """A server of its own that is really stopped and started again."""

    def __init__(self) -> None:
        self.embedded = EmbeddedPostgres.start(settings={"fsync": "off"})

    def stop(self) -> None:
        process = self.embedded._process
        process.send_signal(signal.SIGINT)
        process.wait(30)

    def start(self) -> None:
        owner, folder = _Owner.pick(), self.embedded.folder
        again = Path(tempfile.mkdtemp(dir=folder))
        again.chmod(0o755)
        programs = _runnable(find_binaries(), owner, again)
        self.embedded._process = _launch(programs, owner, folder, {}, outlive=False)


@pytest.fixture
def restartable() -> Iterator[Restartable]:
    server = Restartable()
    yield server
    server.embedded.stop()


def test_the_database_goes_away_and_comes_back(restartable, repository, tmp_path):
    shop = Shops(restartable.embedded.server).found(tmp_path / "shop", repository)
    assert shop.desk.run("reconcile").code == 0
    make_busy(shop)
    with watching(shop, "--every", "5s") as terminal:
        terminal.until_shown("run-near")
        restartable.stop()
        terminal.press("r")
        terminal.until_shown("no answer since")
        assert "run-near" in terminal.screen, "what was shown is kept"
        restartable.start()
        add_run(shop, "run-after")
        terminal.until_shown("3 runs within 1 h")
        assert "no answer" not in terminal.screen
        terminal.press("q")
        assert terminal.end() == 11


def test_ended_while_the_database_is_away(restartable, repository, tmp_path):
    shop = Shops(restartable.embedded.server).found(tmp_path / "shop", repository)
    assert shop.desk.run("reconcile").code == 0
    make_busy(shop)
    with watching(shop) as terminal:
        restartable.stop()
        terminal.press("r")
        terminal.until_shown("no answer since")
        terminal.press("q")
        assert terminal.end() == 9
        assert terminal.settings == terminal.before
        assert "the database does not answer" in terminal.written.partition(_LEAVE)[2]
