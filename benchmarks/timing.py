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


def process(command: Sequence[str | Path], **environment: str) -> Run:
    """A whole process: start, work, end.

    Args:
        command: The program and its arguments. It must succeed.
        **environment: Variables beside those of this process.
    """

    def run() -> float:
        return timed(
            lambda: subprocess.run(
                command, env={**os.environ, **environment}, capture_output=True, check=True
            )
        )

    return run
