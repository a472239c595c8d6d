"""Movement: does a change of files widen a flag's audience, narrow it, or neither?

It is judged by the audience, not by the name of the phase: raising a phase's percentage in place,
or letting merchants in that were not eligible, is an advance like any other, and needs what an
advance needs.
"""

from dataclasses import dataclass

from controller.domain.desired import DesiredFlag
from controller.domain.plan import Move
from controller.domain.rollout import Rollout
from controller.domain.units import EVERYONE


@dataclass(frozen=True, slots=True)
class Movement:
    """How a flag's audience moves from one definition to the next.

    Attributes:
        gained: The merchants turned on by name that were not before.
        lost: The merchants turned on by name before that are not any more.
        share: By how many basis points the percentage rises (positive) or falls (negative).
        global_step: 1 where the global value is turned on, -1 where it is turned off, else 0.
        loosened: Whether merchants that a live percentage left out as ineligible may come in now,
            also by a lower one. One as low as the phase below is a retreat all the same.
        reshuffled: Whether the salt or version changed under a live percentage: everyone's bucket
            is another.
        vanished: Whether a rollout that reached somebody has no file any more. Nobody wrote "off",
            and unreadable is not empty.
        steps: How many phases up (positive) or down (negative) the ladder; the global value is one
            more phase above the last.
        skipped: How many phases it passes over, by the new ladder's names and by the audiences of
            the old one, whichever says more: a phase that is renamed, widened or taken out of the
            ladder in the same breath is skipped like any other.
    """

    gained: frozenset[str]
    lost: frozenset[str]
    share: int
    global_step: int
    loosened: bool
    reshuffled: bool
    vanished: bool
    steps: int
    skipped: int

    @property
    def widened(self) -> bool:
        """Whether somebody may gain it by the rollout or the global value."""
        return bool(self.gained) or self.share > 0 or self.global_step > 0 or self.loosened

    @property
    def narrowed(self) -> bool:
        """Whether somebody may lose it by the rollout or the global value."""
        return bool(self.lost) or self.share < 0 or self.global_step < 0

    @property
    def move(self) -> Move:
        """The movement in one word.

        One that widens and narrows at once needs what an advance needs.
        """
        if self.widened:
            return Move.ADVANCE
        return Move.RETREAT if self.narrowed else Move.SAME

    @property
    def goes_down(self) -> bool:
        """Whether somebody asked for a smaller audience, and for nothing else."""
        asked = self.share < 0 or self.steps < 0
        return asked and not (self.widened or self.reshuffled or self.vanished)

    def turns_on(self, merchant: str) -> bool:
        """Whether the phase is why a merchant gains it, by name or by a higher percentage."""
        return self.share > 0 or merchant in self.gained

    def turns_off(self, merchant: str) -> bool:
        """Whether the phase is why a merchant loses it.

        A lower percentage is not, where the buckets are other ones as well.
        """
        if self.vanished:
            return False
        return merchant in self.lost or (self.share < 0 and not self.reshuffled)


def movement(before: DesiredFlag | None, after: DesiredFlag) -> Movement:
    """Compare two definitions of a flag; `before` is None for a flag that was never applied."""
    old, new = before.rollout if before else None, after.rollout
    was_named, is_named = _named(old), _named(new)
    share = _share(new) - _share(old)
    was_global = before.flag.globally_on if before else False
    both_partial = _is_partial(old) and _is_partial(new)
    steps = _steps(before, after)
    return Movement(
        gained=is_named - was_named,
        lost=was_named - is_named,
        share=share,
        global_step=after.flag.globally_on - was_global,
        loosened=both_partial and not _falls_a_phase(old, new) and _loosened(old, new),
        reshuffled=both_partial and _bucketing(old) != _bucketing(new),
        vanished=new is None and bool(was_named or _share(old)),
        steps=steps,
        skipped=max(steps - 1, _passed_over(old, after), 0),
    )


def _named(rollout: Rollout | None) -> frozenset[str]:
    return rollout.named_up_to(rollout.position) if rollout else frozenset()


def _share(rollout: Rollout | None) -> int:
    percent = rollout.percent_at(rollout.position) if rollout else None
    return percent.basis_points if percent is not None else 0


def _is_partial(rollout: Rollout | None) -> bool:
    return 0 < _share(rollout) < EVERYONE.basis_points


def _loosened(old: Rollout | None, new: Rollout | None) -> bool:
    assert old is not None  # noqa: S101 -- both are partial
    assert new is not None  # noqa: S101
    was, now = old.eligible, new.eligible
    return now.min_merchant_age < was.min_merchant_age or bool(was.exclude - now.exclude)


def _passed_over(old: Rollout | None, after: DesiredFlag) -> int:
    """How many phases of the old ladder, above where it stands, reach less than it does now."""
    reach = EVERYONE.basis_points + 1 if after.flag.globally_on else _share(after.rollout)
    above = old.phases[old.position :] if old else ()
    return sum(1 for p in above if (p.percent.basis_points if p.percent else 0) < reach)


def _falls_a_phase(old: Rollout | None, new: Rollout | None) -> bool:
    """Whether it reaches no more than the phase below did; the old ladder says which that is."""
    below = old.percent_at(old.position - 1) if old and old.position > 0 else None
    return _share(new) <= (below.basis_points if below is not None else 0)


def _bucketing(rollout: Rollout | None) -> object:
    return rollout.bucketing if rollout else None


def _steps(before: DesiredFlag | None, after: DesiredFlag) -> int:
    if after.rollout is None:
        return 0
    last = after.rollout.last_position
    was_global = before.flag.globally_on if before else False
    stood = last + 1 if was_global else _stood(before, after.rollout)
    return (last + 1 if after.flag.globally_on else after.rollout.position) - stood


def _stood(before: DesiredFlag | None, ladder: Rollout) -> int:
    """Where the phase applied last stands in a ladder.

    Where the ladder was rebuilt without it: where it stood in the old one.
    """
    if before is None or before.rollout is None:
        return 0
    try:
        return ladder.position_of(before.phase)
    except KeyError:
        return before.rollout.position
