"""One request to somebody else's server: sent, sent again where safe, its answer read as untrusted.

What may be repeated is decided here and nowhere else. A request that certainly was not carried out
(no connection, 429) is sent again whatever it is. One that may have been carried out although its
reply was lost is repeated only if twice is the same as once; otherwise `ReplyLost` leaves it to
the caller to look at what is there. What differs from server to server (how it words a refusal, how
it limits the rate, which error its port promises) comes in as `Manners`.
"""

import functools
import json
import logging
import random
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import httpx

import controller
from controller.errors import Unreachable
from controller.http_calls.address import is_loopback
from controller.http_calls.clock import Clock, SystemClock
from controller.http_calls.retry import RateLimit, RetryPolicy
from controller.http_calls.secret import Redactor

RUN_AGAIN: Final = "run the same command again: it continues where this run stopped"
"""The hint for whatever may pass by itself."""


def _without_paths(record: logging.LogRecord) -> bool:
    """Keep addresses out of httpx's log: a deploy hook's address is itself a secret."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            f"{part.scheme}://{part.host}" if isinstance(part, httpx.URL) else part
            for part in record.args
        )
    return True


logging.getLogger("httpx").addFilter(_without_paths)

_MAX_BODY: Final = 8 * 1024 * 1024
_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class ReplyLost(Unreachable):
    """A request was sent, its reply did not arrive whole: whether it was applied is unknown."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a server answered instead of a success, as it came.

    Attributes:
        headers: By lower-case name.
        body: Its JSON; None where there is none.
    """

    status: int
    headers: Mapping[str, str]
    body: object


@dataclass(frozen=True, slots=True)
class Manners:
    """What is particular to the servers of one port.

    Attributes:
        unreachable: What is raised where there was no answer.
        reply_lost: What is raised where a reply was lost; of the same kind.
        told: The server's own name for a refusal, and its text; empty where it gave none.
        limit: Whether a refusal only means "not now", and until when, by the time now in seconds
            since 1970. Such a request was certainly not carried out.
    """

    unreachable: type[Unreachable]
    reply_lost: type[ReplyLost]
    told: Callable[[object], tuple[str, str]]
    limit: Callable[[Refusal, float], RateLimit | None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a caller waits for others, and by which clock.

    Attributes:
        timeout: Seconds to wait for a connection, or for the next bytes of an answer.
        chance: A source of numbers between 0 and 1, to spread retries.
    """

    clock: Clock = field(default_factory=SystemClock)
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    timeout: float = 20.0
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        path: Below the server's address, already percent-encoded.
        label: What to call it in messages; the method and path where it is empty.
        json_reply: Whether only JSON counts as an answer.
        repeatable: Whether carrying it out twice is the same as once, although it writes.
    """

    method: str
    path: str
    query: Mapping[str, str | int] | None = None
    body: Mapping[str, object] | None = None
    label: str = ""
    json_reply: bool = True
    repeatable: bool = False

    @property
    def may_be_repeated(self) -> bool:
        """Whether sending it twice is the same as once."""
        return self.repeatable or self.method == "GET"

    def __str__(self) -> str:
        return self.label or f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered.

    Attributes:
        body: The JSON of a success, or its text; None for a refusal.
        code: The server's own name for the refusal, fit to be quoted; empty where it gave none.
        message: Its text, fit to be quoted.
        headers: By lower-case name. Not fit to be quoted.
    """

    status: int
    body: object = None
    code: str = ""
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def succeeded(self) -> bool:
        """Whether it is a success, as far as the status says."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def __str__(self) -> str:
        said = f"{self.status} {self.code}".strip()
        return f"{said} ({self.message})" if self.message else said


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why a try gave no answer.

    Attributes:
        applied: Whether the request may have been carried out all the same.
        wait: Seconds to wait, where the server said so.
    """

    what: str
    applied: bool
    wait: float | None = None
    cause: Exception | None = None


class HttpCaller:
    """Sends requests to one server.

    Args:
        server: What to call the server in messages, for example Vercel.
        url: Where it is; paths are appended.
        headers: Go with every request; may hold the token.
        manners: What is particular to it.
        redactor: Knows every secret that an answer might echo.
    """

    def __init__(
        self,
        server: str,
        url: str,
        manners: Manners,
        *,
        redactor: Redactor,
        patience: Patience,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.redactor = redactor
        self._server = server
        self._url = url
        self._manners = manners
        self._patience = patience
        self._clock = patience.clock
        self._http = httpx.Client(
            headers={"User-Agent": f"rolloutctl/{controller.__version__}", **(headers or {})},
            timeout=patience.timeout,
            trust_env=not is_loopback(url),
            verify=_tls(),
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, request: Request) -> Answer:
        """Send it, and wait for an answer that is a success or a refusal.

        Raises:
            ReplyLost: It may have been carried out, and must not be sent blindly again.
            Unreachable: There was no answer in the time that one call may take.
        """
        policy = self._patience.policy
        deadline = self._clock.monotonic() + policy.budget
        attempt = 0
        while True:
            outcome = self._try(request)
            if isinstance(outcome, Answer):
                return outcome
            if outcome.applied and not request.may_be_repeated:
                message = f"{self._server}'s reply to {request} was lost: it {outcome.what}"
                raise self._manners.reply_lost(message, RUN_AGAIN) from outcome.cause
            wait = outcome.wait
            if wait is None:
                wait = policy.backoff(attempt, self._patience.chance())
            attempt += 1
            if attempt >= policy.attempts or self._clock.monotonic() + wait > deadline:
                raise self._gave_up(request, outcome, attempt) from outcome.cause
            self._clock.sleep(wait)

    def _try(self, request: Request) -> Answer | _Trouble:
        try:
            with self._http.stream(
                request.method,
                self._url + request.path,
                params=request.query,
                json=request.body,
            ) as response:
                content = _read(response)
        except _NEVER_SENT as error:
            return _Trouble("cannot be connected to", applied=False, cause=error)
        except httpx.TimeoutException as error:
            return _Trouble("did not answer in time", applied=True, cause=error)
        except httpx.RequestError as error:
            return _Trouble("broke off the connection", applied=True, cause=error)
        if content is None:
            return _Trouble("answered without end", applied=True)
        return self._judge(request, response, content)

    def _judge(
        self, request: Request, response: httpx.Response, content: bytes
    ) -> Answer | _Trouble:
        status, body = response.status_code, _json(content)
        limit = None
        if not response.is_success:
            refusal = Refusal(status, response.headers, body)
            limit = self._manners.limit(refusal, self._clock.time())
        if limit is not None:
            return _Trouble("limits our rate of requests", applied=False, wait=limit.wait)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            return _Trouble(f"answered {status}", applied=True)
        if not response.is_success:
            code, message = map(self.redactor.quote, self._manners.told(body))
            return Answer(status, None, code, message, response.headers)
        if body is None and request.json_reply:
            return _Trouble(f"answered {status} with broken JSON", applied=True)
        answer = body if request.json_reply else content.decode("utf-8", "replace")
        return Answer(status, answer, headers=response.headers)

    def _gave_up(self, request: Request, trouble: _Trouble, attempts: int) -> Unreachable:
        times = "once" if attempts == 1 else f"{attempts} times"
        message = f"{self._server} {trouble.what} ({request}, tried {times})"
        if trouble.wait is None:
            return self._manners.unreachable(message, RUN_AGAIN)
        until = datetime.fromtimestamp(min(self._clock.time() + trouble.wait, 4e9), UTC)
        hint = f"run the same command again after {until:%H:%M:%S} UTC"
        return self._manners.unreachable(message, hint)


@functools.cache
def _tls() -> ssl.SSLContext:
    """One for all callers: reading the certificates takes longer than most requests."""
    return httpx.create_ssl_context()


def _read(response: httpx.Response) -> bytes | None:
    """The whole content, or None where it is longer than any true answer."""
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if len(content) > _MAX_BODY:
            return None
    return bytes(content)


def _json(content: bytes) -> object:
    """The JSON, or None where there is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
