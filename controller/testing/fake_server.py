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
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    authorized: bool
    status: int | None
    fault: Fault | None


Answer = Callable[[Received, Fault | None], Reply]


def json_reply(status: int, body: object, **headers: str) -> Reply:
    """A reply with JSON in it."""
    content = json.dumps(body).encode()
    return Reply(status, content, {"Content-Type": "application/json", **headers})


class FakeServer:
    """Serves one function on a free port of this machine, and breaks what the plan says.

    Args:
        answer: Carries out a request.
        now: Seconds since 1970; rate limits are told by it.
        hold_seconds: How long a connection is held by TIMEOUT and SLOW. Real seconds.
    """

    def __init__(self, answer: Answer, now: Callable[[], float], hold_seconds: float) -> None:
        self.faults = FaultPlan()
        self.hold_seconds = hold_seconds
        self._answer = answer
        self._now = now
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
            reply = None if fault in _CONNECTIONS else self._refusal(fault)
        else:
            reply = self._spoilt(self._answer(received, fault), fault)
        self._write_log(received, reply, fault)
        return reply, fault

    def track(self, connection: socket.socket, *, is_open: bool) -> None:
        """Remember which connections are open."""
        with self._lock:
            (self._open.add if is_open else self._open.discard)(connection)

    def _refusal(self, fault: Fault | None) -> Reply:
        if fault is Fault.BAD_GATEWAY:
            page = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
            return Reply(HTTPStatus.BAD_GATEWAY, page, {"Content-Type": "text/html"})
        if fault is Fault.SERVER_ERROR:
            error = {"code": "internal_server_error", "message": "An unexpected error happened"}
            return json_reply(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": error})
        if fault is Fault.FORBIDDEN:
            error = {"code": "forbidden", "message": "Not authorized"}
            return json_reply(HTTPStatus.FORBIDDEN, {"error": error})
        return self._rate_limit(fault)

    def _rate_limit(self, fault: Fault | None) -> Reply:
        until = int(self._now()) + 3
        error: dict[str, object] = {"code": "rate_limited", "message": "Rate limit exceeded"}
        headers: dict[str, str] = {}
        if fault is Fault.RATE_LIMITED:
            headers["Retry-After"] = "2"
        if fault is Fault.RATE_LIMITED_RESET:
            headers["X-RateLimit-Reset"] = str(until)
        if fault in {Fault.RATE_LIMITED_RESET, Fault.RATE_LIMITED_BODY}:
            error["limit"] = {"remaining": 0, "reset": until, "resetMs": 3000, "total": 100}
        return json_reply(HTTPStatus.TOO_MANY_REQUESTS, {"error": error}, **headers)

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
        try:
            body = json.loads(received.content) if received.content else None
        except ValueError:
            body = received.content
        status = reply.status if reply else None
        entry = LoggedRequest(
            method=received.method,
            path=received.path,
            query=received.query,
            body=body,
            authorized=bool(received.authorization),
            status=status,
            fault=fault,
        )
        with self._lock:
            self._log.append(entry)


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
