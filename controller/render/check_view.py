"""What a pull request's check shows, in every place: from the check to the one view.

The answer is the gravest obstacle's; what folds away below it is the whole plan and every gate's
whole report.
"""

from collections.abc import Iterator
from typing import Final

from controller.checking import Check, EnvironmentCheck, Obstacle
from controller.domain.instants import format_instant
from controller.domain.wording import counted
from controller.errors import ExitCode
from controller.gate.verdict import Verdict
from controller.judging import Judgement
from controller.render import gate_words
from controller.render.change_words import placed
from controller.render.escape import markdown_prose
from controller.render.markdown.gate import gate_markdown
from controller.render.markdown.plan import plan_markdown
from controller.render.pull_request_view import (
    Answer,
    Detail,
    PullRequestView,
    Step,
    flag_changes,
)

_ANSWERS: Final = {
    ExitCode.DONE: Answer.MAY_MERGE,
    ExitCode.GATE_ERROR: Answer.NOT_JUDGED,
    ExitCode.UNREACHABLE: Answer.NOT_JUDGED,
    ExitCode.INSUFFICIENT_DATA: Answer.NOT_YET,
}


def view(check: Check, *, run_url: str = "") -> PullRequestView:
    """Everything that is said about a pull request.

    Args:
        check: The answer and what it rests on.
        run_url: Where the whole of it stands; empty outside of a workflow.
    """
    return PullRequestView(
        answer=answer(check),
        because=_because(check),
        meanings=tuple(_meanings(check)),
        changes=tuple(
            change
            for one in check.environments
            if one.survey
            for change in flag_changes(one.survey.plan, one.survey.names)
        ),
        takes=tuple(_takes(check)),
        steps=tuple(_steps(check)),
        details=tuple(_details(check)),
        base=check.comparison.policy or check.comparison.base,
        head=check.comparison.head,
        run_url=run_url,
        judged_at=_judged_at(check),
    )


def answer(check: Check) -> Answer:
    """May it merge?"""
    if check.may_merge and not check.environments:
        return Answer.NOT_CONCERNED
    if check.exit_code is ExitCode.REFUSED and _only_waits(check):
        return Answer.NOT_YET
    return _ANSWERS.get(check.exit_code, Answer.MUST_NOT)


def _only_waits(check: Check) -> bool:
    """Whether nothing but time is missing: a soak, a freeze."""
    return all("must soak" in o.message or "until" in o.message for o in check.obstacles)


def _because(check: Check) -> str:
    obstacles = check.obstacles
    if obstacles:
        gravest = next(o for o in obstacles if o.exit_code is check.exit_code)
        more = f" (and {len(obstacles) - 1} more)" if len(obstacles) > 1 else ""
        return f"{gravest.message}{more}"
    if not check.environments:
        return "Nothing that is rolled out changes."
    asked = [r for one in check.environments for r in _reports(one)]
    if asked:
        return "; ".join(gate_words.gate_line(report.report) for report in asked)
    return "No gate has to be passed."


def _meanings(check: Check) -> Iterator[str]:
    for one in check.environments:
        for change in one.meaning.changes:
            yield placed(one.meaning.environment, change)


def _takes(check: Check) -> Iterator[str]:
    for one in check.environments:
        for judgement in _reports(one):
            yield from judgement.report.needs


def _steps(check: Check) -> Iterator[Step]:
    seen, alone = set(), len(check.obstacles) == 1
    for obstacle in check.obstacles:
        step = Step(obstacle.remedy, "" if alone else _obstacle(obstacle))
        if step.text and step not in seen:
            seen.add(step)
            yield step


def _obstacle(obstacle: Obstacle) -> str:
    where = f"{obstacle.environment}: " if obstacle.environment else ""
    return obstacle.message if obstacle.message.startswith(where) else f"{where}{obstacle.message}"


def _details(check: Check) -> Iterator[Detail]:
    yield from _problems(check)
    for one in check.environments:
        for judgement in _reports(one):
            report = judgement.report
            yield Detail(
                f"Gate {report.gate} of {report.flag} in {report.environment}: "
                f"{gate_words.title(report.verdict)}",
                gate_markdown(
                    report,
                    remarks=_kept(judgement),
                    with_next=report.verdict is not Verdict.PROCEED,
                ),
            )
    for one in check.environments:
        name = one.meaning.environment
        if one.survey is not None:
            plan = one.survey.plan
            yield Detail(f"Plan for {name}", plan_markdown(plan, one.survey.names))
        elif one.problem is not None:
            said = markdown_prose(one.problem.message)
            yield Detail(f"The plan for {name} could not be made", f"{said}\n")


def _problems(check: Check) -> Iterator[Detail]:
    if not check.problems:
        return
    lines = [f"- {markdown_prose(' '.join(str(problem).split()))}" for problem in check.problems]
    title = f"{counted(len(check.problems), 'problem')} in the files"
    yield Detail(title, "\n".join(lines) + "\n")


def _kept(judgement: Judgement) -> tuple[str, ...]:
    if judgement.stored:
        return (f"Evidence {judgement.id[:12]} is in the ledger.",)
    return (f"The evidence is not kept: {judgement.problem}",) if judgement.problem else ()


def _reports(one: EnvironmentCheck) -> tuple[Judgement, ...]:
    return tuple(found for found in one.judgements.values() if isinstance(found, Judgement))


def _judged_at(check: Check) -> str:
    times = [r.report.judged_at for one in check.environments for r in _reports(one)]
    return format_instant(max(times)) if times else ""
