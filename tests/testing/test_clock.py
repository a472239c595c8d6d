import threading

from controller.testing import FakeClock


def test_it_stands_still_until_it_is_moved() -> None:
    clock = FakeClock(10)
    assert (clock.time(), clock.time()) == (10, 10)
    clock.sleep(1.5)
    clock.advance(2)
    assert clock.time() == clock.monotonic() == 13.5


def test_it_never_goes_back() -> None:
    clock = FakeClock(10)
    clock.sleep(-5)
    assert clock.time() == 10


def test_threads_share_it() -> None:
    clock = FakeClock(0)
    threads = [
        threading.Thread(target=lambda: [clock.sleep(1) for _ in range(100)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.time() == 400
