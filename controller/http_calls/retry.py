"""How long to wait before a request is sent again. Pure: answer and time come in as values."""

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


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A server's "not now".

    Attributes:
        wait: Seconds until it is over; None where the server did not say.
    """

    wait: float | None = None


def retry_after(text: str, now: float) -> float | None:
    """Seconds to wait as a header `Retry-After` says, as a number or a date; None for neither.

    Args:
        text: What the header says.
        now: Seconds since 1970.
    """
    seconds = _number(text)
    if seconds is not None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def until(reset: object, now: float) -> float | None:
    """Seconds until a moment, given since 1970 in seconds or milliseconds; None for anything else.

    Args:
        reset: The moment, from JSON or from a header.
        now: Seconds since 1970.
    """
    moment = _number(reset)
    if moment is None:
        return None
    return max(0.0, (moment / 1000 if moment > _MILLISECONDS else moment) - now)


def _number(value: object) -> float | None:
    """A number that is not negative, from JSON or from a header."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return float(value[:20])
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(min(value, _FOREVER))
    return None
