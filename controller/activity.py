"""What a run is busy with, said to whoever watches it; nobody does unless the command line asks.

Below everything, like a log: a step that may take long says so where it begins, and knows nothing
of terminals. No decision depends on it. It is said in the thread that listens and in no other.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Final, TypeAlias

Tell: TypeAlias = Callable[[int], None]
"""How many are done so far; to be called once for thousands, never for each."""
Listener: TypeAlias = Callable[[str], AbstractContextManager[Tell]]
"""Told what begins, in the words of `reading merchants`; its context ends with the step."""

_LISTENER: Final[ContextVar[Listener | None]] = ContextVar("listener", default=None)


@contextmanager
def busy(what: str) -> Iterator[Tell]:
    """A step that may take long, for as long as the context is open."""
    listener = _LISTENER.get()
    if listener is None:
        yield _to_nobody
        return
    with listener(what) as tell:
        yield tell


@contextmanager
def watched_by(listener: Listener) -> Iterator[None]:
    """Have a listener told of every step in this thread, for as long as the context is open."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def _to_nobody(_done: int) -> None:
    """Nobody watches."""
