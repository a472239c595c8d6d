"""The preflight for the terminal: one line a check, each with its fix."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Final

from controller.doctor.finding import Finding, Health
from controller.render.escape import terminal
from controller.render.terminal.style import bad, faint, good, strong, warn

_STYLES: Final[Mapping[Health, Callable[[str], str]]] = {
    Health.OK: good,
    Health.WARN: warn,
    Health.FAIL: bad,
    Health.NOT_CHECKED: faint,
}
_TITLES: Final = {
    Health.OK: "ok",
    Health.WARN: "warn",
    Health.FAIL: "FAIL",
    Health.NOT_CHECKED: "-",
}
_SUMMARY: Final = {
    Health.OK: "ok",
    Health.WARN: "to look at",
    Health.FAIL: "failed",
    Health.NOT_CHECKED: "not checked",
}
_NAME_WIDTH: Final = 22


def doctor_text(findings: Mapping[str, Mapping[str, Finding]], environment: str) -> str:
    """Every finding, by group, and how many there are of each kind."""
    return "\n".join(_lines(findings, environment)) + "\n"


def _lines(findings: Mapping[str, Mapping[str, Finding]], environment: str) -> Iterator[str]:
    yield strong(f"Preflight for {terminal(environment)}")
    for group, found in findings.items():
        yield ""
        yield strong(group)
        for alike in _runs_of_alike(found):
            yield from _alike(alike)
    counts = Counter(finding.health for found in findings.values() for finding in found.values())
    yield ""
    yield " · ".join(
        _STYLES[health](f"{counts[health]} {_SUMMARY[health]}")
        for health in Health
        if counts[health]
    )


def _runs_of_alike(found: Mapping[str, Finding]) -> Iterator[list[tuple[str, Finding]]]:
    """Neighbours that were not checked for one reason together, everything else alone."""
    for _, run in groupby(found.items(), key=lambda item: item[1]):
        yield list(run)


def _alike(alike: list[tuple[str, Finding]]) -> Iterator[str]:
    name, finding = alike[0]
    if len(alike) > 1:
        name = f"{len(alike)} checks"
    yield from _finding(name, finding)


def _finding(name: str, finding: Finding) -> Iterator[str]:
    title = _TITLES[finding.health]
    padding = " " * (5 - len(title))
    message = terminal(finding.message)
    if finding.health is Health.NOT_CHECKED:
        message = faint(f"not checked: {message}")
    yield f"  {_STYLES[finding.health](title)}{padding}{name:<{_NAME_WIDTH}}{message}"
    if finding.fix:
        yield f"{' ' * (7 + _NAME_WIDTH)}fix: {terminal(finding.fix)}"
