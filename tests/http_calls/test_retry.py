from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.http_calls.retry import RetryPolicy, retry_after, until

NOW = 1_767_225_600.0


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("7", 7),
        (formatdate(NOW + 9, usegmt=True), 9),
        (formatdate(NOW - 9, usegmt=True), 0),
        ("soon", None),
        ("-3", None),
        ("", None),
    ],
)
def test_a_wait_is_a_number_or_a_date(text: str, wait: float | None) -> None:
    assert retry_after(text, NOW) == wait


@pytest.mark.parametrize(
    ("reset", "wait"),
    [
        (str(int(NOW) + 60), 60),
        ((NOW + 60) * 1000, 60),
        (NOW - 5, 0),
        ("soon", None),
        (True, None),
        (float("nan"), None),
        (10**400, 1e15 - NOW),
        (None, None),
    ],
)
def test_a_moment_is_in_seconds_or_milliseconds(reset: object, wait: float | None) -> None:
    assert until(reset, NOW) == wait


@given(st.none() | st.integers() | st.floats() | st.text())
def test_nonsense_is_no_time(said: object) -> None:
    for wait in (retry_after(str(said), 0), until(said, 0)):
        assert wait is None or wait >= 0


@given(attempt=st.integers(0, 2_000), chance=st.floats(0, 1))
def test_backoff_grows_to_its_bound_and_is_spread(attempt: int, chance: float) -> None:
    policy = RetryPolicy(first_wait=0.5, longest_wait=15)
    longest = min(15, 0.5 * 2 ** min(attempt, 10))
    assert longest / 2 <= policy.backoff(attempt, chance) <= longest
