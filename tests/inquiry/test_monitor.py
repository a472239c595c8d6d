"""Looks are cheap: what has not changed is not asked for again, and there is one connection."""

from contextlib import closing, contextmanager
from datetime import timedelta

import psycopg
import pytest

from controller.cli.session import open_session, the_flag
from controller.errors import DatabaseUnreachable, UsageError
from controller.gate.verdict import Verdict
from controller.inquiry.gate import Free
from controller.inquiry.monitor import Watch
from tests.cli.desk import FLAG
from tests.cli.test_monitor import add_run, end_run, make_busy

_SESSIONS = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'rolloutctl'
"""
_TRANSACTIONS = "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"


@contextmanager
def watch(shop, monkeypatch, of=None):
    """A watch over the flag, or over a merchant."""
    monkeypatch.setenv("DATABASE_URL", shop.desk.url)
    session = open_session(shop.desk.root, None)
    desired = session.desired
    with (
        session.ports(with_deploy_env=False) as ports,
        closing(Watch(ports, desired, of or the_flag(desired, FLAG))) as found,
    ):
        yield found


@pytest.fixture
def busy(pilot):
    make_busy(pilot)
    return pilot


def sessions(shop):
    with psycopg.connect(shop.desk.url, autocommit=True) as connection:
        return [pid for (pid,) in connection.execute(_SESSIONS)]


def spent(shop, monkeypatch, looks, between):
    """Transactions that were only read in, while so many looks were taken."""
    with watch(shop, monkeypatch) as found:
        found.look()
        for number in range(looks):
            between(number)
            found.look()
    assert any(not sessions(shop) for _ in range(1_000)), (
        "a session hands its figures in at its end"
    )
    ((transactions,),) = shop.desk.sql(_TRANSACTIONS)
    return transactions


class TestCost:
    def test_a_quiet_minute_costs_six_transactions(self, busy, monkeypatch):
        def nothing(_number):
            pass

        few = spent(busy, monkeypatch, 0, nothing)
        both = spent(busy, monkeypatch, 6, nothing)
        again = spent(busy, monkeypatch, 0, nothing)
        assert (both - few) - (again - both) == 6

    def test_a_run_that_ends_costs_one_more(self, busy, monkeypatch):
        def end(number):
            if number == 2:
                end_run(busy, "run-open")

        def nothing(_number):
            pass

        few = spent(busy, monkeypatch, 0, nothing)
        both = spent(busy, monkeypatch, 6, end)
        again = spent(busy, monkeypatch, 0, nothing)
        assert (both - few) - (again - both) == 7

    def test_one_session_stays_also_when_the_ledger_is_read_again(self, busy, monkeypatch):
        with watch(busy, monkeypatch) as found:
            found.look()
            (first,) = sessions(busy)
            found.look()
            assert sessions(busy) == [first]
            assert busy.desk.run("halt", FLAG, "--reason", "harm").code == 0
            found.look()
            assert any(len(sessions(busy)) == 1 for _ in range(1_000))


class TestFlag:
    def test_a_halt_is_seen_at_the_next_look(self, busy, monkeypatch):
        with watch(busy, monkeypatch) as found:
            assert found.look().report.verdict is Verdict.INSUFFICIENT_DATA
            busy.desk.run("halt", FLAG, "--reason", "harm")
            seen = found.look()
        assert seen.report.verdict is Verdict.ERROR
        assert seen.counts.identity.halted == "harm"

    def test_a_retreat_to_off_is_seen_and_no_error(self, busy, monkeypatch):
        with watch(busy, monkeypatch) as found:
            found.look()
            busy.desk.promote("pilot", "off")
            assert busy.desk.run("reconcile").code == 0
            seen = found.look()
        assert seen.subject.nothing.free is Free.OFF
        assert (seen.report, seen.look.runs) == (None, ())

    def test_the_counts_are_taken_when_a_run_has_matured(self, busy, monkeypatch):
        with watch(busy, monkeypatch) as found:
            before = found.look().counts
            assert found.look().counts is before
            end_run(busy, "run-open")
            after = found.look().counts
        assert (before.population.matured, after.population.matured) == (0, 1)

    def test_the_times_are_the_gates(self, busy, monkeypatch):
        with watch(busy, monkeypatch) as found:
            subject = found.look().subject
        assert subject.gate == "pilot"
        assert subject.limits.deadline == timedelta(minutes=30)
        assert subject.following == "10%"

    def test_what_was_never_applied_cannot_be_watched(self, shop, monkeypatch):
        with watch(shop, monkeypatch) as found, pytest.raises(UsageError, match="no merchant"):
            found.look()

    def test_after_an_outage_the_next_look_finds_it_again(self, busy, monkeypatch):
        with watch(busy, monkeypatch) as found:
            found.look()
            busy.desk.sql("SELECT pg_terminate_backend(%s, 10000)", *sessions(busy))
            with pytest.raises(DatabaseUnreachable):
                found.look()
            assert {run.id for run in found.look().look.runs} == {"run-near", "run-open"}


class TestMerchant:
    def test_only_its_own_runs_since_its_last_change(self, busy, monkeypatch):
        ((other,),) = busy.desk.sql('SELECT min(id) FROM "Merchant" WHERE id <> %s', busy.pilot)
        add_run(busy, "run-before", "failed", ago=70, took=1)
        with watch(busy, monkeypatch, of=other) as found:
            assert found.look().look.runs == ()
        with watch(busy, monkeypatch, of=busy.pilot) as found:
            seen = found.look()
        assert {run.id for run in seen.look.runs} == {"run-near", "run-open"}
        assert seen.subject.merchant.id == busy.pilot
        assert seen.report.verdict is Verdict.INSUFFICIENT_DATA
