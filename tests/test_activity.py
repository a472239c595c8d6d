"""A step says what it does to whoever watches, and costs nothing where nobody does."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from controller.activity import Tell, busy, watched_by

SAID: list[object] = []


@contextmanager
def listening(what: str) -> Iterator[Tell]:
    SAID.append(what)
    yield SAID.append
    SAID.append("end")


def test_a_listener_is_told_and_only_while_it_listens():
    SAID.clear()
    with watched_by(listening), busy("reading") as tell:
        tell(3)
    with busy("unheard") as tell:
        tell(4)
    assert SAID == ["reading", 3, "end"]


def test_other_threads_do_not_speak_into_it():
    SAID.clear()

    def work() -> None:
        with busy("elsewhere"):
            pass

    with watched_by(listening):
        thread = Thread(target=work)
        thread.start()
        thread.join()
    assert SAID == []
