"""A small HTTP server on loopback whose replies can be broken on purpose. Not only for Vercel."""

import contextlib
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, urlsplit

from controller.testing.faults import BEFORE, Fault, FaultPlan

_LIMITED_FOR: Final = 3
_CONNECTIONS: Final = {Fault.TIMEOUT, Fault.RESET, Fault.REPLY_LOST}


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in. The Authorization header is kept apart from what is logged."""

    method: str
    path: str
    query: dict[str, str]
    content: bytes
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply to be sent."""

    status: int
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """What the server's log keeps of one request.

    Attributes:
        authorized: Whether it came with an Authorization header.
        body: The JSON that came with it; None where there was none.
        status: What was answered; None where the connection was broken instead.
        fault: What was done to it on purpose.
        answer: The JSON that was answered; None where there was none.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    authorized: bool
    status: int | None
    fault: Fault | None
    answer: Any = None


Answer = Callable[[Received, Fault | None], Reply]
Refuse = Callable[[Fault, float], Reply]


def json_reply(status: int, body: object, **headers: str) -> Reply:
    """A reply with JSON in it."""
    content = json.dumps(body).encode()
    return Reply(status, content, {"Content-Type": "application/json", **headers})


def vercel_refusal(fault: Fault, over_at: float) -> Reply:
    """A fault as an answer, in the form of Vercel's errors.

    Args:
        fault: One of those that are answered.
        over_at: Seconds since 1970 at which a rate limit is over.
    """
    match fault:
        case Fault.BAD_GATEWAY:
            return bad_gateway()
        case Fault.SERVER_ERROR:
            error = {"code": "internal_server_error", "message": "An unexpected error happened"}
            return json_reply(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": error})
        case Fault.FORBIDDEN:
            error = {"code": "forbidden", "message": "Not authorized"}
            return json_reply(HTTPStatus.FORBIDDEN, {"error": error})
        case _:
            return _vercel_rate_limit(fault, over_at)


def bad_gateway() -> Reply:
    """A page of HTML from something in between."""
    page = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
    return Reply(HTTPStatus.BAD_GATEWAY, page, {"Content-Type": "text/html"})


def _vercel_rate_limit(fault: Fault, over_at: float) -> Reply:
    error: dict[str, object] = {"code": "rate_limited", "message": "Rate limit exceeded"}
    headers: dict[str, str] = {}
    if fault is Fault.RATE_LIMITED:
        headers["Retry-After"] = "2"
    if fault is Fault.RATE_LIMITED_RESET:
        headers["X-RateLimit-Reset"] = str(int(over_at))
    if fault in {Fault.RATE_LIMITED_RESET, Fault.RATE_LIMITED_BODY}:
        error["limit"] = {"remaining": 0, "reset": int(over_at), "resetMs": 3000, "total": 100}
    return json_reply(HTTPStatus.TOO_MANY_REQUESTS, {"error": error}, **headers)


class FakeServer:
    """Serves one function on a free port of this machine, and breaks what the plan says.

    Args:
        answer: Carries out a request.
        now: Seconds since 1970; rate limits are told by it.
        hold_seconds: How long a connection is held by TIMEOUT and SLOW. Real seconds.
        refuse: Words a refusal as the real server does; as Vercel does where none is given. It is
            told the seconds since 1970 at which a rate limit is over.
    """

    def __init__(
        self,
        answer: Answer,
        now: Callable[[], float],
        hold_seconds: float,
        refuse: Refuse | None = None,
    ) -> None:
        self.faults = FaultPlan()
        self.hold_seconds = hold_seconds
        self._answer = answer
        self._now = now
        self._refuse = refuse or vercel_refusal
        self._log: list[LoggedRequest] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """Every request so far."""
        with self._lock:
            return tuple(self._log)

    def start(self) -> None:
        """Serve, until it is closed."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving, and break the connections that are open.

        Raises:
            Exception: The first one that the fake itself raised while it served: a bug in it.
        """
        self._server.shutdown()
        self._thread.join()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):  # the other side was faster
                    connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()
        if self._server.failures:
            raise self._server.failures[0]

    def serve(self, received: Received) -> tuple[Reply | None, Fault | None]:
        """The reply; None where the connection is to be broken instead."""
        fault = self.faults.strike(received.method, received.path)
        if fault in {Fault.TIMEOUT, Fault.SLOW}:
            time.sleep(self.hold_seconds)
        reply = None
        if fault in BEFORE:
            over_at = int(self._now()) + _LIMITED_FOR
            reply = None if fault in _CONNECTIONS else self._refuse(fault, over_at)
        else:
            reply = self._spoilt(self._answer(received, fault), fault)
        self._write_log(received, reply, fault)
        return reply, fault

    def track(self, connection: socket.socket, *, is_open: bool) -> None:
        """Remember which connections are open."""
        with self._lock:
            (self._open.add if is_open else self._open.discard)(connection)

    def _spoilt(self, reply: Reply, fault: Fault | None) -> Reply | None:
        if fault is Fault.REPLY_LOST:
            return None
        if fault is Fault.GATEWAY_TIMEOUT:
            return json_reply(HTTPStatus.GATEWAY_TIMEOUT, {"error": {"code": "timeout"}})
        if fault is Fault.TRUNCATED:
            return Reply(reply.status, reply.content[: len(reply.content) // 2], reply.headers)
        if fault is Fault.WRONG_SHAPE:
            return json_reply(reply.status, {"data": [1, "two", None]})
        return reply

    def _write_log(self, received: Received, reply: Reply | None, fault: Fault | None) -> None:
        entry = LoggedRequest(
            method=received.method,
            path=received.path,
            query=received.query,
            body=_told(received.content),
            authorized=bool(received.authorization),
            status=reply.status if reply else None,
            fault=fault,
            answer=_told(reply.content) if reply else None,
        )
        with self._lock:
            self._log.append(entry)


def _told(content: bytes) -> object:
    """The JSON; the bytes themselves where they are none, None where there are none."""
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError):
        return content


class _Server(ThreadingHTTPServer):
    """Keeps what goes wrong in its threads, where nobody would see it."""

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.failures: list[BaseException] = []
        super().__init__(address, handler)

    def handle_error(self, *_: object) -> None:
        """Keep the exception that a request has just raised."""
        self.failures.extend(filter(None, (sys.exc_info()[1],)))


class _Handler(BaseHTTPRequestHandler):
    """One connection. http.server makes the instances itself, so the server is on the class."""

    fake: ClassVar[FakeServer]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Remember the connection, so that it can be closed from outside."""
        super().setup()
        self.fake.track(self.connection, is_open=True)

    def finish(self) -> None:
        """Forget the connection."""
        self.fake.track(self.connection, is_open=False)
        super().finish()

    def log_message(self, *_: object) -> None:
        """Say nothing: the requests are in the server's own log."""

    def handle(self) -> None:
        """Serve until the other side, or a fault, closes the connection."""
        with contextlib.suppress(OSError):
            super().handle()

    def serve(self) -> None:
        """Read one request and answer it."""
        parts = urlsplit(self.path)
        received = Received(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            self.headers.get("Authorization", ""),
        )
        reply, fault = self.fake.serve(received)
        if reply is None:
            self._break(fault)
        else:
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        self.wfile.write(reply.content)

    def _break(self, fault: Fault | None) -> None:
        self.close_connection = True
        if fault is Fault.RESET:
            at_once = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = serve  # noqa: N815 -- http.server's names
