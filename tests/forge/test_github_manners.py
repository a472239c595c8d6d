import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.errors import ForgeUnreachable
from controller.forge.github_manners import MANNERS, ReplyLost, rate_limit, told
from controller.http_calls import caller
from controller.http_calls.caller import Refusal
from controller.http_calls.retry import RateLimit

NOW = 1_767_225_600.0
LATER = str(int(NOW) + 1_800)
SECONDARY = {"message": "You have exceeded a secondary rate limit."}


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(
    ("headers", "body", "wait"),
    [
        ({"retry-after": "7"}, None, 7),
        ({"retry-after": "7", "x-ratelimit-remaining": "0"}, None, 7),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": LATER}, None, 1_800),
        ({"x-ratelimit-remaining": "0"}, None, None),
        ({"x-ratelimit-remaining": "4999", "x-ratelimit-reset": LATER}, SECONDARY, 60),
        ({}, SECONDARY, 60),
    ],
)
def test_a_limit_is_told_from_what_it_says(
    status: int, headers: dict[str, str], body: object, wait: float | None
) -> None:
    assert rate_limit(Refusal(status, headers, body), NOW) == RateLimit(wait)


def test_a_missing_permission_is_no_limit() -> None:
    body = {"message": "Resource not accessible by integration"}
    headers = {"x-ratelimit-remaining": "4999", "x-ratelimit-reset": LATER}
    assert rate_limit(Refusal(403, headers, body), NOW) is None
    assert rate_limit(Refusal(429, headers, None), NOW) == RateLimit(60)
    assert rate_limit(Refusal(404, {"retry-after": "7"}, None), NOW) is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": "Not Found"}, "Not Found"),
        ({"message": "Validation Failed", "errors": [{"message": "too long"}]}, "too long"),
        ({"message": "m", "errors": [{"resource": "R", "field": "f", "code": "c"}]}, "m: R f c"),
        ({"message": "m", "errors": ["plain"]}, "m: plain"),
        ({"message": 7, "errors": [7, {}, {"message": 7}]}, ""),
        ({"errors": "x"}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_what_a_refusal_says(body: object, said: str) -> None:
    assert told(body)[1].endswith(said)
    assert told(body)[0] == ""


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["message", "errors", "field"]), inner)
        ),
    )
)
def test_nonsense_is_read_as_nothing(body: object) -> None:
    assert isinstance(told(body)[1], str)


def test_a_lost_reply_is_of_the_kind_that_the_port_promises() -> None:
    assert issubclass(ReplyLost, caller.ReplyLost)
    assert issubclass(ReplyLost, ForgeUnreachable)
    assert MANNERS.reply_lost is ReplyLost
