from email.utils import formatdate

import pytest

from controller.deploy_env.http import MANNERS, ReplyLost, rate_limit, told
from controller.errors import DeployEnvUnreachable
from controller.http_calls import caller
from controller.http_calls.caller import Refusal
from controller.http_calls.retry import RateLimit

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
    assert rate_limit(Refusal(429, headers, body), NOW) == RateLimit(wait)


def test_any_other_refusal_is_no_limit() -> None:
    assert rate_limit(Refusal(403, {"retry-after": "7"}, None), NOW) is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"code": "NO", "message": "not so"}}, ("NO", "not so")),
        ({"error": {"code": 7}}, ("", "")),
        ({"error": 1}, ("", "")),
        ([], ("", "")),
        (None, ("", "")),
    ],
)
def test_what_a_refusal_says(body: object, said: tuple[str, str]) -> None:
    assert told(body) == said


def test_a_lost_reply_is_of_the_kind_that_the_port_promises() -> None:
    assert issubclass(ReplyLost, caller.ReplyLost)
    assert issubclass(ReplyLost, DeployEnvUnreachable)
    assert MANNERS.reply_lost is ReplyLost
