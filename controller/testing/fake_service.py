"""What every fake service does alike: it serves inside `with`, fails on demand, tells what came.

Below the fakes of Vercel and GitHub, which add what the world does to the service and what became
of it. Behind it stands one `FakeServer`.
"""

import threading
from types import TracebackType
from typing import Self

from controller.testing.fake_server import FakeServer, LoggedRequest
from controller.testing.faults import Fault


class FakeService:
    """A service over real HTTP on loopback. A context manager: it serves inside `with`.

    Args:
        server: Answers as the service does; started and closed here.
    """

    def __init__(self, server: FakeServer) -> None:
        self._server = server
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        """The API's address."""
        return self._server.url

    def fail(
        self,
        fault: Fault,
        *,
        at: int = 1,
        times: int | None = 1,
        method: str | None = None,
        path: str = "",
    ) -> None:
        """Let a fault happen to a request; `FaultPlan.add` says what the arguments mean."""
        self._server.faults.add(fault, at=at, times=times, method=method, path=path)

    def heal(self) -> None:
        """Let no more faults happen."""
        self._server.faults.clear()

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """Every request so far, with what was done to it and answered."""
        return self._server.requests

    @property
    def faults_happened(self) -> tuple[Fault, ...]:
        """Every fault that has happened."""
        return tuple(self._server.faults.happened)
