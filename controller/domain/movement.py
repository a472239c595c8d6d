"""Movement: does a change of files widen a flag's audience, narrow it, or neither?

It is judged by the audience, not by the name of the phase: raising a phase's percentage in place is
an advance like any other, and needs what an advance needs.
"""

from dataclasses import dataclass

from controller.domain.desired import DesiredFlag
from controller.domain.plan import Move
from controller.domain.rollout import OFF, Rollout


@dataclass(frozen=True, slots=True)
class Movement:
    """How a flag's audience moves from one definition to the next.

    Attributes:
        widened: Somebody may gain it by the rollout or the global value.
        narrowed: Somebody may lose it by the rollout or the global value.
        reshuffled: The salt or version changed under a live percentage: everyone's bucket is
            another.
        steps: How many phases up (positive) or down (negative) the ladder; 0 where the phase stays.
    """

    widened: bool
    narrowed: bool
    reshuffled: bool
    steps: int

    @property
    def move(self) -> Move:
        """The movement in one word.

        One that widens and narrows at once needs what an advance needs.
        """
        if self.widened:
            return Move.ADVANCE
        return Move.RETREAT if self.narrowed else Move.SAME


def movement(before: DesiredFlag | None, after: DesiredFlag) -> Movement:
    """Compare two definitions of a flag; `before` is None for a flag that was never applied."""
    old, new = _audience(before), _audience(after)
    was_global = before.flag.globally_on if before else False
    is_global = after.flag.globally_on
    return Movement(
        widened=bool(new.named - old.named) or new.percent > old.percent or is_global > was_global,
        narrowed=bool(old.named - new.named) or new.percent < old.percent or is_global < was_global,
        reshuffled=_reshuffled(before.rollout if before else None, after.rollout),
        steps=_steps(before, after),
    )


@dataclass(frozen=True, slots=True)
class _Width:
    named: frozenset[str]
    percent: int


def _audience(desired: DesiredFlag | None) -> _Width:
    rollout = desired.rollout if desired else None
    if rollout is None:
        return _Width(frozenset(), 0)
    percent = rollout.percent_at(rollout.position)
    named = rollout.named_up_to(rollout.position)
    return _Width(named, percent.basis_points if percent is not None else 0)


def _reshuffled(old: Rollout | None, new: Rollout | None) -> bool:
    if old is None or new is None or old.bucketing == new.bucketing:
        return False
    return _is_partial(old) and _is_partial(new)


def _is_partial(rollout: Rollout) -> bool:
    percent = rollout.percent_at(rollout.position)
    return percent is not None and 0 < percent.fraction < 1


def _steps(before: DesiredFlag | None, after: DesiredFlag) -> int:
    if after.rollout is None:
        return 0
    was = before.phase if before else OFF
    try:
        return after.rollout.position - after.rollout.position_of(was)
    except (
        KeyError
    ):  # the ladder was rebuilt: fall back to where the old phase stood in the old one
        assert before is not None  # noqa: S101 -- OFF is in every ladder, so `was` came from `before`
        assert before.rollout is not None  # noqa: S101
        return after.rollout.position - before.rollout.position
