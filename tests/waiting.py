"""Waiting for what other sessions of a database do, for tests of two at once."""

import time

import psycopg

_PATIENCE = 30
_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def until_somebody_waits(url: str) -> None:
    """Return when a session of this database stands behind a lock."""
    deadline = time.monotonic() + _PATIENCE
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(_WAITING).fetchone() == (0,):
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.01)
