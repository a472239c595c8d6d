"""Servers that tell everybody what they were told in confidence."""

import base64
import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, quote_plus


def spellings(secret: str) -> dict[str, str]:
    """The ways in which a secret may be written, by name."""
    raw = secret.encode()
    found = {
        "plain": secret,
        "percent-encoded": quote(secret, safe=""),
        "form-encoded": quote_plus(secret),
        "JSON": json.dumps(secret)[1:-1],
        "JSON in JSON": json.dumps(json.dumps(secret)[1:-1])[1:-1],
        "hexadecimal": raw.hex(),
        "backwards": secret[::-1],
        "JSON escapes": "".join(f"\\u{ord(letter):04x}" for letter in secret),
    }
    for lead in range(3):
        shifted = base64.b64encode(b"\0" * lead + raw).decode()
        found[f"base64 at {lead}"] = shifted[2 + lead : len(shifted) // 4 * 4 - 4]
    return found


def everything(secret: str) -> str:
    """A text that holds a secret in every spelling."""
    return " ".join(spellings(secret).values())


@contextmanager
def echoing_api(status: int, secret: str, spelling: str) -> Iterator[tuple[str, list[str]]]:
    """An API on loopback that answers everything with a status, and with the caller's token.

    Gives its address, and what callers send it: paths and bodies, for they are seen by others.
    """
    heard: list[str] = []
    said = spellings(secret)[spelling]

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            heard.append(f"{self.path} {self.rfile.read(length).decode()}")
            error = {"code": said, "message": f"bad credentials: {said}"}
            body = json.dumps({"message": f"bad credentials: {said}", "error": error}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Your-Token", said.replace("\n", " "))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _answer  # noqa: N815 -- http.server's names

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def echoing_postgres(secret: str) -> Iterator[int]:
    """A database on loopback that asks for the password and repeats it. Gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                _refuse(connection, secret)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _refuse(connection: socket.socket, secret: str) -> None:
    """The protocol up to the refusal: no TLS, a password in clear text, and what it was."""
    while _message(connection, typed=False)[4:] in _ENCRYPTION:
        connection.sendall(b"N")
    connection.sendall(b"R" + struct.pack("!ii", 8, 3))
    _message(connection, typed=True)
    text = f"the password {secret} ({quote(secret, safe='')}) is wrong"
    fields = b"".join(
        kind + value.encode() + b"\0"
        for kind, value in ((b"S", "FATAL"), (b"C", "28P01"), (b"M", text), (b"D", text))
    )
    connection.sendall(b"E" + struct.pack("!i", len(fields) + 5) + fields + b"\0")


_ENCRYPTION = {struct.pack("!i", code) for code in (80_877_103, 80_877_104)}


def _message(connection: socket.socket, *, typed: bool) -> bytes:
    if typed:
        connection.recv(1)
    size = connection.recv(4)
    (length,) = struct.unpack("!i", size)
    return size + connection.recv(length - 4)
