"""A wire to PostgreSQL that can be cut around COMMIT."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit, urlunsplit

from psycopg.conninfo import conninfo_to_dict


class Cut(Enum):
    """When the wire is cut."""

    BEFORE_COMMIT = "the server never hears of it"
    AFTER_COMMIT = "the client never hears of it"


@dataclass
class Wire:
    """One proxy.

    Attributes:
        url: The database, through the wire.
        heals: Whether new connections are let through after the cut.
    """

    upstream: str
    cut: Cut
    heals: bool
    url: str = ""
    is_cut: threading.Event = field(default_factory=threading.Event)

    def serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                if self.is_cut.is_set() and not self.heals:
                    client.close()
                    continue
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        server = _connect(self.upstream)
        back = threading.Thread(target=_copy, args=(server, client), daemon=True)
        back.start()
        with suppress(OSError):
            while data := client.recv(65536):
                if b"COMMIT\0" in data and not self.is_cut.is_set():
                    self._cut(data, client, server)
                    return
                server.sendall(data)
        _close(server)

    def _cut(self, data: bytes, client: socket.socket, server: socket.socket) -> None:
        self.is_cut.set()
        if self.cut is Cut.AFTER_COMMIT:
            client.shutdown(socket.SHUT_WR)  # the reply finds no way back
            server.sendall(data)
        else:
            _close(server)
        _close(client)


@contextmanager
def wire(upstream: str, cut: Cut, *, heals: bool = True) -> Iterator[Wire]:
    """A wire to a database."""
    found = Wire(upstream, cut, heals)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        parts = urlsplit(upstream)
        port = listener.getsockname()[1]
        found.url = urlunsplit(parts._replace(netloc=f"postgres@127.0.0.1:{port}", query=""))
        thread = threading.Thread(target=found.serve, args=(listener,), daemon=True)
        thread.start()
        yield found
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def _connect(url: str) -> socket.socket:
    said = conninfo_to_dict(url)
    host, port = str(said["host"]), int(said.get("port") or 5432)
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(f"{host}/.s.PGSQL.{port}")
    return connection


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _close(target)
    source.close()


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
