"""How long to wait before a request is sent again. Pure: answer and time come in as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

_MILLISECONDS: Final = 100_000_000_000
"""A moment above this is counted in milliseconds since 1970: in seconds it is the year 5138."""

_FOREVER: Final = 10**18


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long one call is tried.

    Attributes:
        attempts: How often at most, the first try included.
        first_wait: Seconds before the second try; doubled for each further one.
        longest_wait: Seconds that no such wait exceeds.
        budget: Seconds in all, waiting included, after which the call has failed.
    """

    attempts: int = 6
    first_wait: float = 0.5
    longest_wait: float = 15.0
    budget: float = 120.0

    def backoff(self, attempt: int, chance: float) -> float:
        """Seconds to wait after the try of that number, the first being 0.

        Args:
            attempt: The number of the try that failed.
            chance: Between 0 and 1; spreads callers that failed together.
        """
        longest = min(self.longest_wait, self.first_wait * 2.0 ** min(attempt, 30))
        return longest * (0.5 + chance / 2)


def rate_limit_wait(headers: Mapping[str, str], body: object, now: float) -> float | None:
    """Seconds until a rate limit is over, as the answer says; None where it does not say.

    `Retry-After` counts first, then `X-RateLimit-Reset`, then `error.limit.reset` of the body.

    Args:
        headers: The answer's headers, by lower-case name.
        body: The answer's JSON.
        now: Seconds since 1970.
    """
    after = _retry_after(headers.get("retry-after", ""), now)
    if after is not None:
        return after
    reset = _number(headers.get("x-ratelimit-reset", ""))
    if reset is None:
        reset = _number(_limit(body).get("reset"))
    if reset is None:
        return None
    seconds = reset / 1000 if reset > _MILLISECONDS else reset
    return max(0.0, seconds - now)


def _retry_after(text: str, now: float) -> float | None:
    seconds = _number(text)
    if seconds is not None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _limit(body: object) -> Mapping[str, object]:
    error = body.get("error") if isinstance(body, dict) else None
    limit = error.get("limit") if isinstance(error, dict) else None
    return limit if isinstance(limit, dict) else {}


def _number(value: object) -> float | None:
    """A number that is not negative, from JSON or from a header."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return float(value[:20])
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(min(value, _FOREVER))
    return None
