"""Problems of files, for the terminal: place first, so that editors and people can jump there."""

from collections.abc import Iterable, Iterator

from controller.config.problems import Problem
from controller.render.terminal.style import bad, faint, strong, warn


def problems(found: Iterable[Problem]) -> str:
    """Every problem with its place, its code and what to write instead.

    The texts of a problem are safe to print already; see `controller.config.problems`.
    """
    return "".join(f"{line}\n" for problem in found for line in _lines(problem))


def _lines(problem: Problem) -> Iterator[str]:
    kind = bad("error") if problem.is_error else warn("warning")
    yield f"{strong(str(problem.place))}: {kind} {problem.code.id}: {problem.message}"
    if problem.suggestion:
        yield f"    {problem.suggestion}"
    for other in problem.related:
        yield faint(f"    see {other.place}: {other.text}")
