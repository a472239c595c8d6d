"""A plan for the terminal: who gains and loses what, why, and what stands in the way."""

from collections.abc import Iterator, Mapping

from controller.domain.environment import NEVER_LIFTED
from controller.domain.guardrails import applicable
from controller.domain.plan import ChangeGroup, FlagPlan, Plan, Refusal
from controller.domain.wording import counted
from controller.render import words
from controller.render.escape import terminal
from controller.render.terminal.style import bad, faint, good, strong, warn


def plan_text(plan: Plan, names: Mapping[str, str]) -> str:
    """The whole plan.

    Args:
        plan: What to show.
        names: Shop domains by merchant id, for those merchants that are shown.
    """
    return "\n".join(_lines(plan, names)) + "\n"


def _lines(plan: Plan, names: Mapping[str, str]) -> Iterator[str]:
    yield (
        strong(f"Plan for {plan.environment}")
        + f" · {words.at_revision(plan.revision)} · on generation {plan.generation}"
        + f" · {counted(plan.merchants)}"
        + _withheld(plan)
    )
    for flag in plan.flags:
        yield from _flag(flag, plan, names)
    yield from _section("database", (good("+ ") + words.schema_step(s) for s in plan.schema_steps))
    changes = (warn("~ ") + terminal(words.deploy_change(c)) for c in plan.deploy_changes)
    yield from _section("deploy environment", changes)
    yield from _refusals(plan)
    yield ""
    yield f"{strong(words.summary(plan))} {faint('plan ' + plan.hash[:12])}"


def _withheld(plan: Plan) -> str:
    flags = len(applicable(plan).withheld)
    return " · " + bad(f"{counted(flags, 'flag')} withheld") if flags else ""


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0:
            yield ""
            yield strong(title)
        yield f"  {line}"


def _flag(flag: FlagPlan, plan: Plan, names: Mapping[str, str]) -> Iterator[str]:
    yield ""
    objections = words.objections(plan, flag.flag)
    withheld = bad(f"  WITHHELD by {objections}") if objections else ""
    yield f"{strong(flag.flag)}  {terminal(words.movement(flag))}{withheld}"
    if flag.halt is not None:
        yield bad(f"  HALTED {terminal(words.halted(flag.halt))}")
        yield f'  off until: rolloutctl resume {flag.flag} --reason "..."'
    if flag.column:
        yield f"  on: {_on(flag, plan)}"
    for group in flag.groups:
        yield from _group(group, names)
    if flag.unmanaged:
        yield warn(f"  {counted(len(flag.unmanaged))} turned on by hand before") + (
            f" rolloutctl knew the flag; to keep them: rolloutctl adopt {flag.flag}"
        )


def _on(flag: FlagPlan, plan: Plan) -> str:
    after = f"{flag.on_after:,} ({words.share(flag.on_after, plan.merchants)})"
    return after if flag.on_before == flag.on_after else f"{flag.on_before:,} -> {after}"


def _group(group: ChangeGroup, names: Mapping[str, str]) -> Iterator[str]:
    count = counted(len(group.merchants))
    line = good(f"+ {count} on") if group.value else bad(f"- {count} off")
    yield f"  {line}  {faint(f'({words.why(group.value, group.cause)})')}"
    for merchant in group.shown:
        domain = names.get(merchant)
        yield faint(f"      {terminal(merchant)}" + (f"  {terminal(domain)}" if domain else ""))
    if more := len(group.merchants) - len(group.shown):
        yield faint(f"      and {more:,} more")


def _refusals(plan: Plan) -> Iterator[str]:
    yield from _section("refused by guardrails", _standing(plan.standing))
    lifted = (
        f"{warn('!')} {r.guardrail}: {terminal(r.message)}; lifted by "
        f"{terminal(r.lifted_by.approved_by)}: {terminal(r.lifted_by.reason)}"
        for r in plan.refusals
        if r.lifted_by
    )
    yield from _section("guardrails lifted", lifted)


def _standing(refusals: tuple[Refusal, ...]) -> Iterator[str]:
    for refusal in refusals:
        yield f"{bad('x')} {strong(refusal.guardrail)}  {terminal(refusal.message)}"
        yield f"    next: {terminal(refusal.remedy)}"
        if refusal.guardrail not in NEVER_LIFTED:
            yield f'    or:   --allow {refusal.guardrail} --reason "..."'
