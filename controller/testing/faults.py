"""What can go wrong between a program and a web API, by name, and when it shall."""

import threading
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """One way in which a request can fail.

    The first group happens before the request is carried out, the second after; the third is for
    some requests only.
    """

    SERVER_ERROR = "server_error"  # 500 with a JSON error
    BAD_GATEWAY = "bad_gateway"  # 502 with a page of HTML
    RATE_LIMITED = "rate_limited"  # 429 with Retry-After
    RATE_LIMITED_RESET = "rate_limited_reset"  # 429 with X-RateLimit-Reset
    RATE_LIMITED_BODY = "rate_limited_body"  # 429 with error.limit.reset in the body
    RATE_LIMITED_SILENT = "rate_limited_silent"  # 429 that does not say until when
    FORBIDDEN = "forbidden"  # 403
    TIMEOUT = "timeout"  # the connection is held, then closed
    RESET = "reset"  # the connection is reset

    REPLY_LOST = "reply_lost"  # applied, but the connection is closed without a reply
    GATEWAY_TIMEOUT = "gateway_timeout"  # applied, but the reply is a 504
    TRUNCATED = "truncated"  # applied, but the reply is half of its JSON
    WRONG_SHAPE = "wrong_shape"  # applied, but the reply is JSON of another shape
    SLOW = "slow"  # applied, the reply comes late

    CREATE_FAILED = "create_failed"  # creating a variable answers 201 with `failed`
    DEPLOYMENT_ERROR = "deployment_error"  # the deployment that is created fails to build
    DEPLOYMENT_CANCELED = "deployment_canceled"  # it is cancelled at once
    DEPLOYMENT_BLOCKED = "deployment_blocked"  # it is blocked


BEFORE = frozenset(
    {
        Fault.SERVER_ERROR,
        Fault.BAD_GATEWAY,
        Fault.RATE_LIMITED,
        Fault.RATE_LIMITED_RESET,
        Fault.RATE_LIMITED_BODY,
        Fault.RATE_LIMITED_SILENT,
        Fault.FORBIDDEN,
        Fault.TIMEOUT,
        Fault.RESET,
    }
)
"""The faults that keep a request from being carried out."""

_DEPLOYMENTS = ("POST", ("/v13/deployments", "/v1/integrations/deploy/"))
_ONLY: dict[Fault, tuple[str, tuple[str, ...]]] = {
    Fault.CREATE_FAILED: ("POST", ("/v10/projects/",)),
    Fault.DEPLOYMENT_ERROR: _DEPLOYMENTS,
    Fault.DEPLOYMENT_CANCELED: _DEPLOYMENTS,
    Fault.DEPLOYMENT_BLOCKED: _DEPLOYMENTS,
}


@dataclass(slots=True)
class _Rule:
    """A fault, and the requests it happens to. `seen` counts those that match."""

    fault: Fault
    at: int
    times: int | None
    method: str | None
    path: str
    seen: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Whether it happens to this request. Counts the request if it matches."""
        if not self._matches(method, path):
            return False
        self.seen += 1
        return self.seen >= self.at and (self.times is None or self.seen < self.at + self.times)

    def _matches(self, method: str, path: str) -> bool:
        only_method, only_paths = _ONLY.get(self.fault, (method, ("/",)))
        if method != only_method or not path.startswith(only_paths):
            return False
        return self.method in {None, method} and self.path in path


@dataclass(slots=True)
class FaultPlan:
    """Which requests fail, and how. The first fault that was added and matches, happens.

    Attributes:
        happened: Every fault that has happened, in order.
    """

    happened: list[Fault] = field(default_factory=list)
    _rules: list[_Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self,
        fault: Fault,
        *,
        at: int = 1,
        times: int | None = 1,
        method: str | None = None,
        path: str = "",
    ) -> None:
        """Let a fault happen.

        Args:
            fault: How the request fails.
            at: To the first of the requests that match from now on, or the second, and so on.
            times: To so many of them in a row; None for all that follow.
            method: Only requests with this method match.
            path: Only requests with this in their path match.
        """
        with self._lock:
            self._rules.append(_Rule(fault, at, times, method, path))

    def strike(self, method: str, path: str) -> Fault | None:
        """The fault that happens to this request, if any. Counts the request."""
        with self._lock:
            struck = [rule.fault for rule in self._rules if rule.strikes(method, path)]
            self.happened += struck[:1]
            return struck[0] if struck else None

    def clear(self) -> None:
        """Let no more faults happen."""
        with self._lock:
            self._rules.clear()
