"""The newest evidence about each flag, however many flags there are."""

from datetime import UTC, datetime

import psycopg
import pytest

from controller.merchant_store.evidence import evidence_of, keep_evidence, newest_evidence
from controller.merchant_store.interface import StoredEvidence
from controller.merchant_store.ledger_schema import bring_up_to_date

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def stored(flag: str, number: int) -> StoredEvidence:
    return StoredEvidence(f"{flag}{number}", flag, "10%", "proceed", NOW, None, "ada", "{}")


@pytest.fixture
def connection(database: str):
    with psycopg.connect(database) as connection:
        yield connection


def founded(connection, *environments: str) -> None:
    bring_up_to_date(connection)
    for name in environments:
        connection.execute(
            "INSERT INTO rollout.environment (name, app_schema, app_tables) "
            "VALUES (%s, 'public', '{}')",
            [name],
        )


def test_the_last_of_each_flag_and_of_this_environment_alone(connection):
    founded(connection, "test", "other")
    for flag in ("a", "b", "c"):
        for number in range(3):
            keep_evidence(connection, "test", stored(flag, number))
    keep_evidence(connection, "other", stored("a", 9))
    found = newest_evidence(connection, "test", ["a", "b", "none", "\x00"], 1)
    assert sorted(one.id for one in found) == ["a2", "b2"]


def test_five_hundred_flags_are_one_question(connection):
    founded(connection, "test")
    flags = [f"f{number:03}" for number in range(500)]
    for flag in flags:
        keep_evidence(connection, "test", stored(flag, 1))
    assert {one.flag for one in newest_evidence(connection, "test", flags, 1)} == set(flags)


def test_without_a_ledger_or_its_table_there_is_none(connection):
    assert newest_evidence(connection, "test", ["a"], 1) == ()
    founded(connection, "test")
    assert newest_evidence(connection, "test", [], 1) == ()
    connection.execute("DROP TABLE rollout.evidence")
    assert newest_evidence(connection, "test", ["a"], 1) == ()


def test_more_than_one_of_each_are_what_is_read_alone_in_its_order(connection):
    founded(connection, "test")
    for number in range(3):
        for flag in ("a", "b"):
            keep_evidence(connection, "test", stored(flag, number))
    found = newest_evidence(connection, "test", ["b", "a"], 2)
    for flag in ("a", "b"):
        alone = evidence_of(connection, "test", flag, 2, None)
        assert tuple(one for one in found if one.flag == flag) == alone
        assert [one.id for one in alone] == [f"{flag}2", f"{flag}1"]
