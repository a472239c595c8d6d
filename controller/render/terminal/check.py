"""The check of a pull request for the terminal: the answer, why, and what to do."""

from collections.abc import Iterator

from controller.checking import Check, EnvironmentCheck
from controller.judging import Judgement
from controller.render import check_view
from controller.render.change_words import placed
from controller.render.escape import terminal
from controller.render.pull_request_view import TITLES
from controller.render.terminal.gate import gate_text
from controller.render.terminal.layout import WIDTH
from controller.render.terminal.plan import plan_text
from controller.render.terminal.problems import problems
from controller.render.terminal.style import bad, good, strong


def check_text(check: Check, *, width: int = WIDTH) -> str:
    """The whole check.

    Args:
        check: The answer and what it rests on.
        width: Of the terminal, in characters.
    """
    return "\n".join(_lines(check, width)) + "\n"


def _lines(check: Check, width: int) -> Iterator[str]:
    shown = check_view.view(check)
    paint = good if check.may_merge else bad
    yield f"{paint(TITLES[shown.answer])}: {terminal(shown.because)}"
    yield f"base {check.comparison.base[:12]} · head {check.comparison.head[:12]}"
    for one in check.environments:
        yield ""
        for change in one.meaning.changes:
            yield f"  {terminal(placed(one.meaning.environment, change))}"
    if check.problems:
        yield ""
        yield problems(check.problems).rstrip("\n")
    yield from _obstacles(check)
    for one in check.environments:
        yield from _environment(one, width)


def _obstacles(check: Check) -> Iterator[str]:
    if not check.obstacles:
        return
    yield ""
    yield strong("what stands in the way")
    for obstacle in check.obstacles:
        where = f"{obstacle.environment}  " if obstacle.environment else ""
        yield f"  {bad('x')} {where}{terminal(obstacle.message)}"
        for line in obstacle.remedy.splitlines():
            yield f"      next: {terminal(line)}"


def _environment(one: EnvironmentCheck, width: int) -> Iterator[str]:
    for found in one.judgements.values():
        if isinstance(found, Judgement):
            yield ""
            yield gate_text(found.report, width=width).rstrip("\n")
    if one.survey is not None:
        yield ""
        yield plan_text(one.survey.plan, one.survey.names).rstrip("\n")
    elif one.problem is not None:
        yield ""
        yield f"The plan for {one.meaning.environment} could not be made: " + terminal(
            one.problem.message
        )
