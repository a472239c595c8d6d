from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.deploy_env.retry import RetryPolicy, rate_limit_wait

NOW = 1_767_225_600.0


def _limit(**limit: object) -> dict[str, object]:
    return {"error": {"code": "rate_limited", "limit": limit}}


@pytest.mark.parametrize(
    ("headers", "body", "wait"),
    [
        ({"retry-after": "7"}, None, 7),
        ({"retry-after": formatdate(NOW + 9, usegmt=True)}, None, 9),
        ({"retry-after": formatdate(NOW - 9, usegmt=True)}, None, 0),
        ({"retry-after": "7", "x-ratelimit-reset": str(int(NOW) + 60)}, None, 7),
        ({"x-ratelimit-reset": str(int(NOW) + 60)}, _limit(reset=NOW + 5), 60),
        ({"x-ratelimit-reset": str((int(NOW) + 60) * 1000)}, None, 60),
        ({}, _limit(reset=NOW + 5), 5),
        ({}, _limit(reset=NOW - 5), 0),
        ({}, _limit(reset=(NOW + 5) * 1000), 5),
        ({}, _limit(reset="soon"), None),
        ({}, _limit(reset=True), None),
        ({}, _limit(reset=float("nan")), None),
        ({}, _limit(reset=10**400), 1e15 - NOW),
        ({}, _limit(), None),
        ({}, {"error": "rate_limited"}, None),
        ({}, ["error"], None),
        ({"retry-after": "soon"}, None, None),
        ({"retry-after": "-3"}, None, None),
        ({"retry-after": ""}, None, None),
    ],
)
def test_a_rate_limit_says_until_when(
    headers: dict[str, str], body: object, wait: float | None
) -> None:
    assert rate_limit_wait(headers, body, NOW) == wait


@given(text=st.text(), reset=st.none() | st.integers() | st.floats() | st.text())
def test_nonsense_is_no_time(text: str, reset: object) -> None:
    wait = rate_limit_wait({"retry-after": text, "x-ratelimit-reset": text}, _limit(reset=reset), 0)
    assert wait is None or wait >= 0


@given(attempt=st.integers(0, 2_000), chance=st.floats(0, 1))
def test_backoff_grows_to_its_bound_and_is_spread(attempt: int, chance: float) -> None:
    policy = RetryPolicy(first_wait=0.5, longest_wait=15)
    longest = min(15, 0.5 * 2 ** min(attempt, 10))
    assert longest / 2 <= policy.backoff(attempt, chance) <= longest
