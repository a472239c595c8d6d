"""Measure things in turns: each round runs all of them, so that a slow minute hits all alike."""

import gc
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TypeAlias

Run: TypeAlias = Callable[[], float]
"""Does the thing once and returns the seconds it took, without its preparation."""


def medians(
    contenders: Mapping[str, Run], rounds: int, *, warm_up: bool = True
) -> dict[str, float]:
    """The median seconds of each contender.

    Args:
        contenders: What to compare, by name.
        rounds: How often each is run; every other round goes backwards.
        warm_up: Whether a first round is not counted.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for number in range(-1 if warm_up else 0, rounds):
        for name in order:
            seconds = contenders[name]()
            if number >= 0:
                times[name].append(seconds)
        order.reverse()
    return {name: median(found) for name, found in times.items()}


def timed(action: Callable[[], object]) -> float:
    """The seconds that a call takes."""
    gc.collect()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


class ProcessFailed(Exception):  # noqa: N818 -- reads as what happened
    """A process that is measured did not succeed; its time would mean nothing."""


def process(command: Sequence[str | Path], **environment: str) -> Run:
    """A whole process: start, work, end.

    Args:
        command: The program and its arguments.
        **environment: Variables beside those of this process.

    Raises:
        ProcessFailed: It did not succeed; when it is run.
    """
    return lambda: timed(lambda: output_of(command, **environment))


def output_of(command: Sequence[str | Path], **environment: str) -> str:
    """Run a process and return what it printed; see `process`."""
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        called = " ".join(map(str, command))[:200]
        said = (done.stderr or done.stdout)[-600:]
        raise ProcessFailed(f"{called} exited {done.returncode}: {said}")
    return done.stdout
