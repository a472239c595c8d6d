"""A time limit stops what would not end, and leaves alarms as it found them."""

import re
import signal
import threading

import pytest

from controller.config.time_limit import TimeIsUp, time_limit


def endless():
    return re.fullmatch("(a+)+", "a" * 60 + "b")


def test_what_would_not_end_is_stopped():
    with pytest.raises(TimeIsUp), time_limit(0.05):
        endless()


def test_what_ends_is_left_alone():
    with time_limit(60):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_alarms_are_left_as_they_were():
    def mine(_signal, _frame):
        """Another part of the program that waits for an alarm."""

    before = signal.signal(signal.SIGALRM, mine)
    try:
        signal.setitimer(signal.ITIMER_REAL, 3_600)
        with time_limit(60):
            pass
        assert signal.getsignal(signal.SIGALRM) is mine
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 3_000
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_in_another_thread_there_is_no_limit():
    done = []

    def work():
        with time_limit(0.001):
            done.append(re.fullmatch("a+", "a" * 1_000))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done
