"""May this pull request merge? Gather both revisions and the world, judge, and say why not.

    base ─┐
          ├─► meaning ─► whatever widens an audience needs:  plan, guardrails, gate ─► obstacles
    head ─┘              whatever narrows one needs:         nothing, ever

The policy is the base's: its gates, waivers, limits, allowances and environments judge the head, so
that a change cannot soften what it has to pass. What cannot be asked is an obstacle, never a pass;
only a retreat passes whatever cannot be asked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from controller.config.problems import Problem
from controller.domain.change import (
    AudienceMoved,
    BucketingChanged,
    Change,
    DetailsChanged,
    Effect,
    EligibilityChanged,
    FlagRemoved,
    OverrideChanged,
    PolicyTouched,
    RolloutRemoved,
)
from controller.domain.desired import Desired
from controller.domain.environment import Environment, Guardrail
from controller.domain.plan import Move, Refusal
from controller.domain.wording import counted
from controller.errors import ExitCode, RolloutError
from controller.gate.verdict import Verdict
from controller.judging import Judgement, Keeper
from controller.ports import Ports
from controller.reconcile import Survey, survey
from controller.source_control.comparison import Comparison
from controller.source_control.meaning import EnvironmentMeaning

OpenPorts: TypeAlias = Callable[[Environment], AbstractContextManager[Ports]]


class ObstacleKind(StrEnum):
    """What stands in the way of a merge."""

    INVALID = "invalid"  # files are wrong
    CONFLICT = "conflict"  # head and base cannot be merged
    OBJECTION = "objection"  # what may not come together
    GUARDRAIL = "guardrail"
    GATE = "gate"
    UNREACHABLE = "unreachable"  # it could not be looked at


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a pull request may not merge.

    Attributes:
        environment: Where; None where it is about all.
        flag: Whose; None where it is about all.
        message: What is in the way.
        remedy: What to do next.
    """

    kind: ObstacleKind
    environment: str | None
    flag: str | None
    message: str
    remedy: str
    exit_code: ExitCode


@dataclass(frozen=True, slots=True)
class EnvironmentCheck:
    """What a change would do in one environment, and whether it may.

    Attributes:
        survey: The plan after the merge; None where it could not be made, or nothing changes.
        problem: Why it could not be made.
    """

    meaning: EnvironmentMeaning
    survey: Survey | None = None
    problem: RolloutError | None = None

    @property
    def judgements(self) -> Mapping[str, Judgement | RolloutError]:
        """What the gates of advances said, by flag."""
        return self.survey.judgements if self.survey else {}

    @property
    def widening(self) -> frozenset[str]:
        """Flags that somebody may gain by this change: only these can be held back."""
        return frozenset(flag for c in self.meaning.changes for flag in _widened_by(c))

    @property
    def releasing(self) -> frozenset[str]:
        """Flags whose file goes: only where all have it, or nobody."""
        changes = self.meaning.changes
        return frozenset(c.flag for c in changes if isinstance(c, FlagRemoved))

    def obstacles(self) -> Iterator[Obstacle]:
        """What stands in the way here."""
        name = self.meaning.environment
        for found in self.meaning.standing:
            yield Obstacle(
                ObstacleKind.OBJECTION,
                name,
                found.flag,
                found.message,
                found.remedy,
                ExitCode.REFUSED,
            )
        if self.problem is not None and (self.widening or self.releasing):
            yield Obstacle(
                ObstacleKind.UNREACHABLE,
                name,
                None,
                f"{name} could not be looked at: {self.problem.message}",
                self.problem.hint,
                self.problem.exit_code,
            )
        for refusal in self.survey.plan.standing if self.survey else ():
            if self._is_held_by(refusal):
                yield self._refused(refusal)

    def _is_held_by(self, refusal: Refusal) -> bool:
        """A release is held by what reconcile would refuse it for, and by nothing else."""
        if refusal.guardrail is Guardrail.PARTIAL_RELEASE and refusal.flag in self.releasing:
            return True
        return bool(self.widening) and refusal.flag in (None, *self.widening)

    def _refused(self, refusal: Refusal) -> Obstacle:
        is_gate = refusal.guardrail is Guardrail.ADVANCE_WITHOUT_GATE
        code = ExitCode.REFUSED
        if is_gate and refusal.flag is not None:
            code = _gate_code(self.judgements.get(refusal.flag))
        return Obstacle(
            ObstacleKind.GATE if is_gate else ObstacleKind.GUARDRAIL,
            self.meaning.environment,
            refusal.flag,
            refusal.message,
            refusal.remedy,
            code,
        )


@dataclass(frozen=True, slots=True)
class Check:
    """The answer to: may this pull request merge?

    Attributes:
        environments: Those in which something changes, by name.
    """

    comparison: Comparison
    environments: tuple[EnvironmentCheck, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything about the files after the merge, warnings included."""
        return self.comparison.after.problems

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """Everything that stands in the way; none means that it may merge."""
        return (*self._of_files(), *(o for one in self.environments for o in one.obstacles()))

    @property
    def may_merge(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles

    @property
    def exit_code(self) -> ExitCode:
        """The gravest obstacle's."""
        codes = {obstacle.exit_code for obstacle in self.obstacles}
        return next((code for code in _GRAVEST if code in codes), max(codes, default=ExitCode.DONE))

    def _of_files(self) -> Iterator[Obstacle]:
        for path in self.comparison.conflicts:
            yield Obstacle(
                ObstacleKind.CONFLICT,
                None,
                None,
                f"{path} was changed on both sides and cannot be merged",
                "merge the base into the branch, resolve it there, and push",
                ExitCode.INVALID,
            )
        errors = sum(problem.is_error for problem in self.problems)
        if self.comparison.after.configuration is None:
            yield Obstacle(
                ObstacleKind.INVALID,
                None,
                None,
                f"the files are wrong in {counted(errors, 'place')}",
                "rolloutctl validate",
                ExitCode.INVALID,
            )


_GRAVEST: Final = (
    ExitCode.INVALID,
    ExitCode.ROLLBACK,
    ExitCode.GATE_ERROR,
    ExitCode.UNREACHABLE,
    ExitCode.REFUSED,
    ExitCode.INSUFFICIENT_DATA,
    ExitCode.FIX_MINOR,
)
_GATE_CODES: Final = {
    Verdict.FIX_MINOR: ExitCode.FIX_MINOR,
    Verdict.INSUFFICIENT_DATA: ExitCode.INSUFFICIENT_DATA,
    Verdict.ROLLBACK: ExitCode.ROLLBACK,
}


def _gate_code(found: Judgement | RolloutError | None) -> ExitCode:
    if not isinstance(found, Judgement):
        return ExitCode.GATE_ERROR
    return _GATE_CODES.get(found.report.verdict, ExitCode.GATE_ERROR)


def check(
    comparison: Comparison,
    open_ports: OpenPorts,
    now: datetime,
    *,
    actor: str,
    only: Iterable[str] = (),
) -> Check:
    """Look at what a pull request would do, and whether it may.

    Args:
        comparison: Both sides, out of git.
        open_ports: Opens the outside world of one environment. Whatever it raises is an obstacle
            for what widens, and none for a retreat.
        now: For overrides and allowances that expire; the gate has the database's clock.
        actor: Who asks, for the evidence.
        only: Environments to look at; all of them where none is named.
    """
    meaning = comparison.meaning(now)
    wanted = set(only)
    changed = [
        one
        for one in (meaning.environments if meaning else ())
        if one.changes and (not wanted or one.environment in wanted)
    ]
    keeper = Keeper(actor, comparison.head)
    return Check(comparison, tuple(_look_at(one, open_ports, keeper) for one in changed))


def _look_at(
    meaning: EnvironmentMeaning, open_ports: OpenPorts, keeper: Keeper
) -> EnvironmentCheck:
    if meaning.after is None:
        return EnvironmentCheck(meaning)
    desired = _under_base_policy(meaning.before, meaning.after)
    try:
        with open_ports(desired.environment) as ports:
            found = survey(ports, desired, with_deploy=False, keeper=keeper, base=meaning.before)
    except RolloutError as problem:
        return EnvironmentCheck(meaning, problem=problem)
    return EnvironmentCheck(meaning, found)


def _under_base_policy(before: Desired | None, after: Desired) -> Desired:
    """What would be applied, in the environment as the base describes it.

    No revision is claimed: the head need not descend from what was applied last, its merge will.
    """
    environment = before.environment if before else after.environment
    return replace(after, environment=environment, revision=None)


_HARMLESS: Final = (DetailsChanged, PolicyTouched, FlagRemoved, RolloutRemoved)


def _widened_by(change: Change) -> tuple[str, ...]:
    """The flag that a change may give to somebody; none where it only takes or tells."""
    match change:
        case AudienceMoved():
            widens = change.move is Move.ADVANCE
        case OverrideChanged():
            widens = change.effect is Effect.TURNS_ON
        case EligibilityChanged():
            widens = change.loosened
        case BucketingChanged():
            widens = change.is_live
        case _:
            widens = not isinstance(change, _HARMLESS)
    return (change.flag,) if widens and change.flag is not None else ()
