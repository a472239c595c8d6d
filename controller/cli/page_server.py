"""One page, served to the browsers of this machine and to nobody else.

Beside the way of a change: `dashboard --watch`. A page of another site must not read it through the
reader's browser, so the name it was asked for by is checked, and the reply says that nobody may
frame, sniff or keep it.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final, Self

from controller.errors import UsageError

_LOOPBACK: Final = "127.0.0.1"
_PATHS: Final = frozenset({"/", "/index.html"})
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_NO_POLICY: Final = "default-src 'none'"


class PageServer(ThreadingHTTPServer):
    """A server of one page, which can be replaced while it serves.

    Attributes:
        seconds: After how many seconds a browser asks again.
    """

    daemon_threads = True

    def __init__(self, port: int, *, policy: str, seconds: int) -> None:
        """Take the port.

        Args:
            port: 0 takes a free one.
            policy: The page's Content-Security-Policy.
            seconds: After how many seconds a browser shall ask again.

        Raises:
            UsageError: The port cannot be had.
        """
        try:
            super().__init__((_LOOPBACK, port), _Handler)
        except OSError as error:
            raise UsageError(
                f"port {port} of {_LOOPBACK} cannot be had: {error.strerror or error}",
                "leave --port away to take a free one",
            ) from error
        self.seconds = seconds
        self._page = b""
        self._policy = f"{policy}; frame-ancestors 'none'"

    @classmethod
    @contextmanager
    def started(cls, port: int, *, policy: str, seconds: int) -> Iterator[Self]:
        """A server that answers until the end of the block, and then gives its port back."""
        with cls(port, policy=policy, seconds=seconds) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
            thread.start()
            try:
                yield server
            finally:
                server.shutdown()
                thread.join()

    @property
    def address(self) -> str:
        """What to type into a browser."""
        return f"http://{_LOOPBACK}:{self.server_port}/"

    @property
    def names(self) -> frozenset[str]:
        """What a browser of this machine may call us in its `Host` header."""
        return frozenset(f"{name}:{self.server_port}" for name in (_LOOPBACK, "localhost"))

    def show(self, page: str) -> None:
        """Answer with this page from now on."""
        self._page = page.encode()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- its own
        """Say nothing of a browser that goes away half way; anything else is a mistake of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def reply(self) -> tuple[bytes, Mapping[str, str]]:
        """The page as it is now, and its own headers."""
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": self._policy,
            "Refresh": str(self.seconds),
        }
        return self._page, headers


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD; whatever else comes is refused in one line of text."""

    server: PageServer
    timeout = 10  # seconds: a connection that says nothing holds a thread

    def do_GET(self) -> None:
        """The page, or why not."""
        if self.headers.get_all("Host", []) not in [[name] for name in self.server.names]:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "this server has another name")
        elif self.path not in _PATHS:
            self._refuse(HTTPStatus.NOT_FOUND, "there is one page here: /")
        else:
            page, headers = self.server.reply()
            self._answer(HTTPStatus.OK, page, headers)

    do_HEAD = do_GET  # noqa: N815 -- the name that the standard library calls

    def send_error(
        self,
        code: int,
        message: str | None = None,
        explain: str | None = None,  # noqa: ARG002
    ) -> None:
        """What the standard library refuses: a method that we do not have, a broken request."""
        self._refuse(HTTPStatus(code), message or "")

    def version_string(self) -> str:
        """Our name, and of no program a version."""
        return "rolloutctl"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its signature
        """Say nothing: the terminal shows what happens to the page, not who reads it."""

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        if status is HTTPStatus.NOT_IMPLEMENTED:
            status, why = HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD"
            headers["Allow"] = "GET, HEAD"
        headers["Content-Security-Policy"] = _NO_POLICY
        self._answer(status, f"{int(status)} {status.phrase}: {why}\n".encode(), headers)

    def _answer(self, status: HTTPStatus, body: bytes, headers: Mapping[str, str]) -> None:
        self.close_connection = True
        self.send_response(status)
        given = {**_HEADERS, **headers, "Content-Length": str(len(body)), "Connection": "close"}
        for name, value in given.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
