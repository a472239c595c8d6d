"""A proxy in front of PostgreSQL that does harm at a chosen protocol step.

A step is one piece of data, in either direction, before it is passed on: harm at a piece from the
client means that the server never saw it, harm at a piece from the server that the work was done
and the reply is lost. A client's farewell is no step: nobody waits for what becomes of it, so that
it may be gone before it is harmed.
"""

import os
import selectors
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

_FAREWELL = b"X\x00\x00\x00\x04"
"""PostgreSQL's message Terminate."""


@dataclass
class Proxy:
    """Forwards connections on a free port of 127.0.0.1 to a PostgreSQL socket.

    Attributes:
        step: Steps so far, over all connections.
        harm_at: The step to do harm at; 0 for none.
        harm: What to do: by default the connection is cut. Done once.
    """

    url: str
    harm_at: int = 0
    harm: Callable[[], None] | None = None
    step: int = 0
    harmed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    @property
    def proxied_url(self) -> str:
        """The connection string through the proxy."""
        parts = urlsplit(self.url)
        port = self._listener.getsockname()[1]
        query = "sslmode=disable&gssencmode=disable&connect_timeout=5"
        return f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}?{query}"

    def _upstream(self) -> socket.socket:
        parts = urlsplit(self.url)
        folder = parse_qs(parts.query)["host"][0]
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(str(Path(folder) / f".s.PGSQL.{parts.port or 5432}"))
        return upstream

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        with client, self._upstream() as server, selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            try:
                while self._pass_on(selector):
                    pass
            except OSError:
                return

    def _pass_on(self, selector: selectors.BaseSelector) -> bool:
        for key, _ in selector.select():
            source = key.fileobj
            assert isinstance(source, socket.socket)
            data = source.recv(65_536)
            if not data or (data != _FAREWELL and self._harms()):
                return False
            key.data.sendall(data)
        return True

    def _harms(self) -> bool:
        with self._lock:
            self.step += 1
            if self.harmed or self.step != self.harm_at:
                return False
            self.harmed = True
        if self.harm is not None:
            self.harm()
        return True


def killer(pid: int) -> Callable[[], None]:
    """Harm that kills a process so that it cannot clean anything up."""
    return lambda: os.kill(pid, signal.SIGKILL)
