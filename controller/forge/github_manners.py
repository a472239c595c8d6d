"""How GitHub answers: its errors in words, and its two kinds of rate limits."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from controller.errors import ForgeUnreachable
from controller.http_calls import caller
from controller.http_calls.caller import Manners, Refusal
from controller.http_calls.retry import RateLimit, retry_after, until

_LIMITING: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_UNTOLD: Final = 60.0
"""Seconds that GitHub asks to wait where it limits and does not say how long."""


class ReplyLost(caller.ReplyLost, ForgeUnreachable):
    """GitHub was sent a request, and whether it was applied is unknown."""


def rate_limit(refusal: Refusal, now: float) -> RateLimit | None:
    """A refusal that only means "not now". GitHub says it with 403 as well as with 429.

    `Retry-After` counts first. `X-RateLimit-Reset` comes with every answer, so it only counts where
    nothing remains; a secondary limit without either asks for a minute.

    Args:
        refusal: What was answered.
        now: Seconds since 1970.
    """
    if refusal.status not in _LIMITING:
        return None
    wait = retry_after(refusal.headers.get("retry-after", ""), now)
    if wait is not None:
        return RateLimit(wait)
    if refusal.headers.get("x-ratelimit-remaining") == "0":
        return RateLimit(until(refusal.headers.get("x-ratelimit-reset", ""), now))
    limited = refusal.status == HTTPStatus.TOO_MANY_REQUESTS
    if limited or "rate limit" in told(refusal.body)[1].lower():
        return RateLimit(_UNTOLD)
    return None


def told(body: object) -> tuple[str, str]:
    """No code, and the message with what it says of single fields."""
    if not isinstance(body, dict):
        return "", ""
    details = body.get("errors")
    parts = [body.get("message"), *_details(details if isinstance(details, list) else [])]
    return "", ": ".join(part for part in parts if isinstance(part, str) and part)


def _details(errors: list[object]) -> Iterator[str]:
    for error in errors:
        if isinstance(error, str):
            yield error
        elif isinstance(error, dict):
            words = [error.get(name) for name in ("resource", "field", "code")]
            said = error.get("message")
            yield said if isinstance(said, str) else " ".join(w for w in words if type(w) is str)


MANNERS: Final = Manners(ForgeUnreachable, ReplyLost, told, rate_limit)
"""For the `HttpCaller` that speaks to GitHub."""
