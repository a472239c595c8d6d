import time

from controller.http_calls.clock import Clock, SystemClock
from controller.testing import FakeClock


def test_the_machines_clock_goes_on() -> None:
    clock: Clock = SystemClock()
    before, started = clock.time(), clock.monotonic()
    clock.sleep(0.001)
    assert before < clock.time() <= time.time()
    assert clock.monotonic() - started >= 0.001


def test_a_fake_one_can_take_its_place() -> None:
    clock: Clock = FakeClock(100)
    clock.sleep(5)
    assert (clock.time(), clock.monotonic()) == (105, 105)
