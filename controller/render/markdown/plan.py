"""A plan in Markdown, for a pull request comment or a step summary. Lists are cut, totals never."""

from collections.abc import Iterator, Mapping

from controller.domain.environment import NEVER_LIFTED
from controller.domain.guardrails import applicable
from controller.domain.plan import FlagPlan, Plan
from controller.domain.wording import counted
from controller.render import words
from controller.render.escape import markdown, markdown_prose


def plan_markdown(plan: Plan, names: Mapping[str, str]) -> str:
    """The whole plan.

    Args:
        plan: What to show.
        names: Shop domains by merchant id, for those merchants that are shown.
    """
    return "\n".join(_lines(plan, names)) + "\n"


def _lines(plan: Plan, names: Mapping[str, str]) -> Iterator[str]:
    yield f"### Plan for {markdown(plan.environment)}{_withheld(plan)}"
    yield ""
    yield f"**{words.summary(plan)}**"
    yield ""
    yield from _halts(plan)
    yield from _refusals(plan)
    yield "| flag | phase | has it | on | off |"
    yield "|---|---|---:|---:|---:|"
    yield from (_row(flag, plan) for flag in plan.flags)
    yield ""
    for flag in plan.flags:
        yield from _merchants(flag, names)
    yield from _rest(plan)
    yield (
        f"<sub>{words.at_revision(plan.revision)}, on generation {plan.generation}, "
        f"{counted(plan.merchants)}, plan {plan.hash[:12]}</sub>"
    )


def _withheld(plan: Plan) -> str:
    flags = len(applicable(plan).withheld)
    return f": {counted(flags, 'flag')} withheld" if flags else ""


def _halts(plan: Plan) -> Iterator[str]:
    for flag in plan.flags:
        if flag.halt is not None:
            yield f"> **halted: {markdown(flag.flag)}** {markdown(words.halted(flag.halt))}<br>"
            yield f'> off until: `rolloutctl resume {flag.flag} --reason "..."`'
            yield ""


def _row(flag: FlagPlan, plan: Plan) -> str:
    gain = sum(len(group.merchants) for group in flag.groups if group.value)
    on = f"{flag.on_before:,} → {flag.on_after:,} ({words.share(flag.on_after, plan.merchants)})"
    name = markdown(flag.flag) + (" **halted**" if flag.halt else "")
    name += " **withheld**" if words.objections(plan, flag.flag) else ""
    phase = markdown(words.movement(flag))
    return f"| {name} | {phase} | {on} | {gain:,} | {flag.changed - gain:,} |"


def _merchants(flag: FlagPlan, names: Mapping[str, str]) -> Iterator[str]:
    if flag.groups:
        yield f"**{markdown(flag.flag)}**"
        yield ""
    for group in flag.groups:
        count = counted(len(group.merchants))
        state = "on" if group.value else "off"
        yield f"<details><summary>{count} {state} ({words.why(group.value, group.cause)})</summary>"
        yield ""
        for merchant in group.shown:
            domain = names.get(merchant)
            yield f"- {markdown(merchant)}" + (f" {markdown(domain)}" if domain else "")
        if more := len(group.merchants) - len(group.shown):
            yield f"- and {more:,} more"
        yield ""
        yield "</details>"
        yield ""


def _refusals(plan: Plan) -> Iterator[str]:
    for refusal in plan.standing:
        yield f"> **refused: {refusal.guardrail}** {markdown(refusal.message)}<br>"
        yield f"> next: {markdown_prose(refusal.remedy)}<br>"
        if refusal.guardrail not in NEVER_LIFTED:
            yield f'> or: `--allow {refusal.guardrail} --reason "..."`'
        yield ""
    for refusal in plan.refusals:
        if refusal.lifted_by:
            by, why = markdown(refusal.lifted_by.approved_by), markdown(refusal.lifted_by.reason)
            yield f"> **lifted: {refusal.guardrail}** by {by}: {why}. {markdown(refusal.message)}"
            yield ""


def _rest(plan: Plan) -> Iterator[str]:
    steps = [f"- database: {markdown(words.schema_step(step))}" for step in plan.schema_steps]
    steps += [
        f"- deploy environment: {markdown(words.deploy_change(change))}"
        for change in plan.deploy_changes
    ]
    if steps:
        yield from steps
        yield ""
