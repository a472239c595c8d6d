"""The decision matrix with the gate's own figures, and the row that applies."""

from collections.abc import Mapping
from typing import Final

from controller.domain.gate_policy import DeterministicGate, GatePolicy, SequentialGate
from controller.domain.wording import counted
from controller.gate import words
from controller.gate.verdict import Verdict
from controller.inquiry.report import Results
from controller.render import gate_words
from controller.render.results import missing, sources
from controller.render.results.document import Block, Row, Section, Table, Text

_HEADS: Final = ("Decision", "Criteria", "Action", "Applies")
_NAMES: Final = {
    Verdict.PROCEED: "Proceed",
    Verdict.FIX_MINOR: "Fix minor issues",
    Verdict.ROLLBACK: "Rollback",
}


def section(found: Results) -> Section:
    """The three decisions; one applies, or none yet."""
    policy = found.evidence.policy if found.evidence else found.gate_now
    if policy is None:
        return Section("matrix", "Decision matrix", (Text(missing.see_above(found)),))
    verdict = found.evidence.report.verdict if found.evidence else None
    criteria, actions = criteria_of(policy), _actions(found)
    rows = tuple(
        Row(
            (_NAMES[row], criteria[row], actions[row], _applies(found, row)),
            sources.EVIDENCE if found.evidence else sources.applied(found),
            applies=row is verdict,
        )
        for row in _NAMES
    )
    blocks: list[Block] = [Table("Decision matrix", _HEADS, rows)]
    if verdict is None:
        blocks.append(Text(missing.see_above(found)))
    elif verdict not in _NAMES:
        blocks.append(Text(_none_applies(found, verdict)))
    return Section("matrix", "Decision matrix", tuple(blocks))


def _applies(found: Results, row: Verdict) -> str:
    if found.evidence is None:
        return "not known yet"
    report = found.evidence.report
    if report.verdict is not row:
        return "no"
    because = tuple(name for name, _ in gate_words.because(report))
    return f"THIS ONE: because of {words.names(because)}" if because else "THIS ONE"


def _none_applies(found: Results, verdict: Verdict) -> str:
    assert found.evidence is not None  # noqa: S101 -- it has a verdict
    report = found.evidence.report
    because = tuple(name for name, _ in gate_words.because(report))
    why = f", because of {words.names(because)}" if because else ""
    return (
        f"None of the three applies yet: the gate says {gate_words.title(verdict)}{why}. "
        "Absence of evidence neither passes nor rolls back."
    )


def criteria_of(policy: GatePolicy) -> Mapping[Verdict, str]:
    """What each decision takes, in the figures of this gate."""
    if isinstance(policy, DeterministicGate):
        return _deterministic(policy)
    return _sequential(policy)


def _deterministic(policy: DeterministicGate) -> Mapping[Verdict, str]:
    proceed = words.duration(policy.duration_proceed)
    longest = words.duration(policy.duration_fix_minor)
    require = f"; {words.names(policy.require)} for every run" if policy.require else ""
    incomplete = f"; or not every run has {words.names(policy.require)}" if policy.require else ""
    return {
        Verdict.PROCEED: (
            f"{counted(policy.min_runs, 'run')} or more, each completed within {proceed}; none "
            f"failed or stuck{require}"
        ),
        Verdict.FIX_MINOR: f"a run took more than {proceed}, at most {longest}{incomplete}",
        Verdict.ROLLBACK: (
            f"{counted(policy.failed_rollback, 'failed run')} or more; "
            f"{counted(policy.stuck_rollback, 'stuck run')} or more; a run longer than {longest}"
            f"{_never(policy.never)}"
        ),
    }


def _sequential(policy: SequentialGate) -> Mapping[Verdict, str]:
    worst = ""
    if policy.worst_merchant is not None:
        rule = policy.worst_merchant
        worst = (
            f"; or one merchant's `{rule.criterion}` is below {words.percent(rule.fix_minor_below)}"
        )
    return {
        Verdict.PROCEED: (
            "every deciding criterion is proven above its floor and has reached its target; the "
            f"soak is over; {counted(policy.min_runs, 'run')} of "
            f"{counted(policy.min_merchants)} or more"
        ),
        Verdict.FIX_MINOR: f"above its floor, but below its target{worst}",
        Verdict.ROLLBACK: (
            f"proven below its target, and seen below its floor{_never(policy.never)}"
        ),
    }


def _never(names: tuple[str, ...]) -> str:
    return f"; any of {words.names(names)}" if names else ""


def _actions(found: Results) -> Mapping[Verdict, str]:
    go = f"move on to `{found.following}`" if found.following else "nothing: no phase is above it"
    return {
        Verdict.PROCEED: go,
        Verdict.FIX_MINOR: "fix the issues, ask the gate again; or a reviewed waiver",
        Verdict.ROLLBACK: "take it back: git revert, or `rolloutctl halt` at once; investigate",
    }
