"""What a reconcile did, for the terminal."""

from collections.abc import Iterator

from controller.domain.wording import counted
from controller.gate.counts import Baseline
from controller.judging import BaselineFrozen
from controller.reconcile import Outcome
from controller.render import words
from controller.render.escape import terminal
from controller.render.terminal.style import bad, good, strong, warn


def outcome_text(outcome: Outcome) -> str:
    """What was done, what was withheld and what is left, after the plan has been shown."""
    return "\n".join(_lines(outcome)) + "\n"


def _lines(outcome: Outcome) -> Iterator[str]:
    committed = outcome.committed
    if committed is None:
        at = f"generation {outcome.plan.generation}"
        yield f"{good('database')}  in sync at {at}; nothing written"
    else:
        changed = sum(committed.changed.values())
        yield (
            f"{good('database')}  {strong(f'generation {committed.generation}')}: "
            f"{counted(changed)} changed, in one transaction"
        )
    yield from _deploy(outcome)
    for frozen in outcome.baselines:
        yield _baseline(frozen)
    for flag in sorted(outcome.applied.withheld):
        yield f"{bad('withheld')}  {flag}: a guardrail stands in the way; retreats were applied"


def _baseline(frozen: BaselineFrozen) -> str:
    said = terminal(words.baseline(frozen.flag, frozen.baseline))
    if isinstance(frozen.baseline, Baseline):
        return f"{good('baseline')}  {said}"
    return f"{warn('baseline')}  {said}\n  the next reconcile tries again"


def _deploy(outcome: Outcome) -> Iterator[str]:
    for change in outcome.deploy.written:
        done = terminal(words.deploy_change(change))
        yield f"{good('deploy environment')}  {done}: written, read back"
    for problem in outcome.deploy.problems:
        yield f"{warn('deploy environment')}  {terminal(problem.message)}"
        if problem.hint:
            yield f"  next: {terminal(problem.hint)}"
    if outcome.deploy.problems:
        yield "  the next reconcile finishes what is left"
