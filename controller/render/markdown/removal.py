"""The body of the tidy-up's pull request: for each flag why, what it does, and what comes first."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from controller.domain.plan import FlagPlan
from controller.domain.staleness import Reason
from controller.domain.wording import counted, have
from controller.inquiry.finished import Finished
from controller.inquiry.staleness import StaleReport
from controller.render import staleness_words
from controller.render.escape import markdown, markdown_prose


def removal_body(
    finished: Sequence[Finished], plans: Mapping[str, Mapping[str, tuple[FlagPlan, int]]]
) -> str:
    """Markdown for the pull request.

    Args:
        finished: The flags whose files go.
        plans: By flag, then by environment: what check found, and how many merchants there are.
    """
    verb = "decides" if len(finished) == 1 else "decide"
    intro = (
        f"{counted(len(finished), 'flag')} {verb} nothing any more: their files go, and nothing "
        "else. Merging changes no merchant's value and drops no column, and it can be undone by "
        "reverting it. To keep a flag, give it a later `expires`; if this is only closed, it is "
        "proposed again."
    )
    parts = [intro, *("\n".join(_flag(one, plans.get(one.key, {}))) for one in finished)]
    return "\n\n".join(parts) + "\n"


def _flag(one: Finished, plans: Mapping[str, tuple[FlagPlan, int]]) -> Iterator[str]:
    yield f"### {markdown(one.key)}\n"
    for name, (report, stale) in one.seen.items():
        reasons = [
            markdown_prose(staleness_words.finding(found, stale, report))
            for found in stale.findings
            if found.reason is not Reason.UNREFERENCED
        ]
        yield f"- **Finished** in {markdown(name)}: {'; '.join(reasons)}"
    for name, (plan, merchants) in plans.items():
        yield f"- **On merge** in {markdown(name)}: {_on_merge(plan, merchants)}"
    report, stale = next(iter(one.seen.values()))
    yield (
        f"- **First, in the app's code**: nothing in {_code(report)} names it any more; see that "
        "this is what runs everywhere, then merge"
    )
    rest = staleness_words.what_stays(stale)
    if rest:
        yield f"- **Afterwards**: {markdown_prose(rest)}"


def _code(report: StaleReport) -> str:
    return "this repository" if report.code == Path() else markdown(str(report.code))


def _on_merge(plan: FlagPlan, merchants: int) -> str:
    on = plan.on_before
    whose = f"{on:,} of {counted(merchants)} {have(on)}" if plan.column else "no merchant has it"
    return f"the flag is released, no value changes ({whose})"
