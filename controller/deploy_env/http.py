"""How deploy environments answer: the errors of this port, and the wording that Vercel has."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from controller.errors import DeployEnvUnreachable
from controller.http_calls import caller
from controller.http_calls.caller import Manners, Refusal
from controller.http_calls.retry import RateLimit, retry_after, until


class ReplyLost(caller.ReplyLost, DeployEnvUnreachable):
    """A deploy environment was sent a request, and whether it was applied is unknown."""


def rate_limit(refusal: Refusal, now: float) -> RateLimit | None:
    """A 429, with the wait that it asks for.

    `Retry-After` counts first, then `X-RateLimit-Reset`, then `error.limit.reset` of the body.

    Args:
        refusal: What was answered.
        now: Seconds since 1970.
    """
    if refusal.status != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    wait = retry_after(refusal.headers.get("retry-after", ""), now)
    if wait is None:
        wait = until(refusal.headers.get("x-ratelimit-reset", ""), now)
    if wait is None:
        wait = until(_part(_part(refusal.body, "error"), "limit").get("reset"), now)
    return RateLimit(wait)


def told(body: object) -> tuple[str, str]:
    """The code and the message of `{"error": {"code": ..., "message": ...}}`."""
    error = _part(body, "error")
    code, message = (
        text if isinstance(text := error.get(name), str) else "" for name in ("code", "message")
    )
    return code, message


def _part(body: object, name: str) -> Mapping[str, object]:
    part = body.get(name) if isinstance(body, Mapping) else None
    return part if isinstance(part, dict) else {}


MANNERS: Final = Manners(DeployEnvUnreachable, ReplyLost, told, rate_limit)
"""For an adapter's `HttpCaller`."""
