"""One request to somebody else's server: sent, sent again where safe, its answer read as untrusted.

What may be repeated is decided here and nowhere else. A request that certainly was not carried out
(no connection, 429) is sent again whatever it is. One that may have been carried out although its
reply was lost is repeated only if it merely reads; otherwise `ReplyLost` leaves it to the caller
to look at what is there.
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
from controller.deploy_env.clock import Clock, SystemClock
from controller.deploy_env.options import is_loopback
from controller.deploy_env.retry import RetryPolicy, rate_limit_wait
from controller.deploy_env.secret import Redactor
from controller.errors import DeployEnvUnreachable

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


class ReplyLost(DeployEnvUnreachable):
    """A request was sent, its reply did not arrive whole: whether it was applied is unknown."""


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
    """

    method: str
    path: str
    query: Mapping[str, str | int] | None = None
    body: Mapping[str, object] | None = None
    label: str = ""
    json_reply: bool = True

    @property
    def reads_only(self) -> bool:
        """Whether sending it twice changes nothing."""
        return self.method == "GET"

    def __str__(self) -> str:
        return self.label or f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered.

    Attributes:
        body: The JSON of a success, or its text; None for a refusal.
        code: The server's own name for the refusal, fit to be quoted; empty where it gave none.
        message: Its text, fit to be quoted.
    """

    status: int
    body: object = None
    code: str = ""
    message: str = ""

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
        redactor: Knows every secret that an answer might echo.
    """

    def __init__(
        self,
        server: str,
        url: str,
        *,
        redactor: Redactor,
        patience: Patience,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.redactor = redactor
        self._server = server
        self._url = url
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
            DeployEnvUnreachable: There was no answer in the time that one call may take.
        """
        policy = self._patience.policy
        deadline = self._clock.monotonic() + policy.budget
        attempt = 0
        while True:
            outcome = self._try(request)
            if isinstance(outcome, Answer):
                return outcome
            if outcome.applied and not request.reads_only:
                message = f"{self._server}'s reply to {request} was lost: it {outcome.what}"
                raise ReplyLost(message, RUN_AGAIN) from outcome.cause
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
        status = response.status_code
        body = _json(content)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = rate_limit_wait(response.headers, body, self._clock.time())
            return _Trouble("limits our rate of requests", applied=False, wait=wait)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            return _Trouble(f"answered {status}", applied=True)
        if not response.is_success:
            return self._refusal(status, body)
        if body is None and request.json_reply:
            return _Trouble(f"answered {status} with broken JSON", applied=True)
        return Answer(status, body if request.json_reply else content.decode("utf-8", "replace"))

    def _refusal(self, status: int, body: object) -> Answer:
        error = body.get("error") if isinstance(body, dict) else None
        told = error if isinstance(error, dict) else {}
        code, message = (
            self.redactor.quote(text) if isinstance(text := told.get(name), str) else ""
            for name in ("code", "message")
        )
        return Answer(status, None, code, message)

    def _gave_up(self, request: Request, trouble: _Trouble, attempts: int) -> DeployEnvUnreachable:
        times = "once" if attempts == 1 else f"{attempts} times"
        message = f"{self._server} {trouble.what} ({request}, tried {times})"
        if trouble.wait is None:
            return DeployEnvUnreachable(message, RUN_AGAIN)
        until = datetime.fromtimestamp(min(self._clock.time() + trouble.wait, 4e9), UTC)
        return DeployEnvUnreachable(
            message, f"run the same command again after {until:%H:%M:%S} UTC"
        )


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
