import sys

import pytest

from benchmarks.timing import ProcessFailed, medians, process, timed


def test_contenders_take_turns_and_the_warm_up_is_not_counted():
    calls: list[str] = []

    def contender(name: str, seconds: float):
        def run() -> float:
            calls.append(name)
            return seconds if len(calls) > 2 else 100.0

        return run

    found = medians({"a": contender("a", 1.0), "b": contender("b", 2.0)}, 3)
    assert found == {"a": 1.0, "b": 2.0}
    assert calls == ["a", "b", "b", "a", "a", "b", "b", "a"]


def test_a_call_and_a_process_take_time_and_a_failure_is_not_measured():
    assert timed(lambda: None) >= 0
    assert process([sys.executable, "-S", "-c", "pass"])() > 0
    with pytest.raises(ProcessFailed, match="exited 3"):
        process([sys.executable, "-S", "-c", "raise SystemExit(3)"])()
