"""Gathering for the tidy-up: flags that are finished in every environment, and no code asks for.

A flag's files are those of every environment, so one that only one of them has done with stays. A
flag that no code names yet is new, not finished: its time or its date must be over as well.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from controller.config.configuration import Configuration
from controller.domain.environment import Environment
from controller.domain.staleness import Patience, Reason, StaleFlag, Step
from controller.inquiry.staleness import Checkout, StaleReport, look_for_stale
from controller.ports import Ports


@dataclass(frozen=True, slots=True)
class Finished:
    """One flag whose files may go.

    Attributes:
        seen: Why, by environment: the report and what it says of the flag.
    """

    key: str
    seen: Mapping[str, tuple[StaleReport, StaleFlag]]


def find_finished(
    configuration: Configuration,
    revision: str | None,
    open_ports: Callable[[Environment], AbstractContextManager[Ports]],
    patience: Patience,
    code: Checkout,
) -> tuple[Finished, ...]:
    """Look at every environment; by key.

    Args:
        configuration: What the files say.
        revision: The commit they are of.
        open_ports: Opens the outside world of an environment.
        patience: How long is long.
        code: The app's checkout, all of it.

    Raises:
        UsageError: The code is not in a git checkout, or a variable is not set.
        DatabaseUnreachable: A database did not answer; then nothing is said to be finished.
    """
    reports = []
    for name, environment in configuration.environments.items():
        with open_ports(environment) as ports:
            desired = configuration.desired(name, revision)
            reports.append(look_for_stale(ports, desired, patience, code))
    return tuple(found for key in configuration.flags if (found := _finished(key, reports)))


def _finished(key: str, reports: Sequence[StaleReport]) -> Finished | None:
    seen = {
        report.environment: (report, stale)
        for report in reports
        for stale in report.stale
        if stale.key == key and _is_over(stale)
    }
    agree = len({stale.reach for _, stale in seen.values()}) == 1
    return Finished(key, seen) if agree and len(seen) == len(reports) else None


def _is_over(stale: StaleFlag) -> bool:
    has_ended = any(found.reason is not Reason.UNREFERENCED for found in stale.findings)
    return stale.step is Step.DELETE_FILES and has_ended
