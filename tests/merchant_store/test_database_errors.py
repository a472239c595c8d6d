"""Each of psycopg's errors says whether it may pass, and what to do."""

import psycopg
import pytest
from psycopg import errors

from controller.errors import (
    DatabaseUnreachable,
    Locked,
    Refused,
    RolloutError,
    Stale,
)
from controller.merchant_store.database_errors import translate, translated

URL = "postgresql://u:s3cr3t@h/shop"


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (errors.LockNotAvailable(), Locked),
        (errors.DeadlockDetected(), Locked),
        (errors.QueryCanceled(), DatabaseUnreachable),
        (errors.AdminShutdown(), DatabaseUnreachable),
        (errors.TooManyConnections(), DatabaseUnreachable),
        (errors.IdleInTransactionSessionTimeout(), DatabaseUnreachable),
        (psycopg.OperationalError("connection refused"), DatabaseUnreachable),
        (errors.InsufficientPrivilege(), Refused),
        (errors.ReadOnlySqlTransaction(), Refused),
        (errors.RaiseException(), Refused),
        (errors.NotNullViolation(), Refused),
        (errors.UndefinedColumn(), Stale),
        (errors.DuplicateTable(), Stale),
        (errors.ForeignKeyViolation(), Stale),
    ],
)
def test_every_error_has_a_meaning_and_a_next_step(
    error: psycopg.Error, meaning: type[RolloutError]
):
    found = translate(error, URL)
    assert type(found) is meaning
    assert found.hint


def test_what_the_server_says_is_one_line_without_the_password():
    said = translate(psycopg.OperationalError("first\n\tsecond s3cr3t"), URL)
    assert said.message == "the database cannot be reached: first second ***"


def test_other_errors_pass_through():
    with pytest.raises(KeyError), translated(URL):
        raise KeyError
