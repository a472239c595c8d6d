"""A rollout's ladder: a merchant that is in one phase is in every later one."""

from collections.abc import Iterator
from typing import Final

from controller.config import meaning_codes as codes
from controller.config.facts import Facts, Item, repeated
from controller.config.problems import Problem, Related, shown
from controller.config.reading_codes import DUPLICATE_ITEM, NOT_EXACTLY_ONE
from controller.config.rollout_file import RolloutFile


def audiences(facts: Facts) -> Iterator[Problem]:
    """Each phase has exactly one kind of audience."""
    for rollout in facts.rollouts.values():
        for position, phase in enumerate(rollout.model.phases):
            if (phase.merchants is None) is (phase.percent is None):
                both = "both `merchants` and `percent`" if phase.percent else "nobody in it"
                message = f"phase {shown(phase.name)} has {both}"
                advice = "give it either `merchants: [...]` or `percent: N`"
                place = rollout.document.place("phases", position)
                yield Problem(place, NOT_EXACTLY_ONE, message, advice)


def names(facts: Facts) -> Iterator[Problem]:
    """No two phases share a name."""
    for rollout in facts.rollouts.values():
        first: dict[str, int] = {}
        for position, phase in enumerate(rollout.model.phases):
            if phase.name in first:
                place = rollout.document.place("phases", position, "name")
                other = rollout.document.place("phases", first[phase.name], "name")
                message = f"there are two phases {shown(phase.name)}"
                related = (Related(other, "the first one"),)
                yield Problem(place, codes.DUPLICATE_PHASE, message, "rename one of them", related)
            first.setdefault(phase.name, position)


def widening(facts: Facts) -> Iterator[Problem]:
    """No phase is narrower than the one before it."""
    for rollout in facts.rollouts.values():
        phases = rollout.model.phases
        for position in range(1, len(phases)):
            before, phase = phases[position - 1], phases[position]
            if before.percent is None:
                continue
            if phase.percent is None and phase.merchants:
                message = f"phase {shown(phase.name)} names merchants only, after {before.percent}"
                yield _narrower(rollout, position, message)
            elif phase.percent is not None and phase.percent < before.percent:
                message = (
                    f"phase {shown(phase.name)} falls from {before.percent} to {phase.percent}"
                )
                yield _narrower(rollout, position, message)


def _narrower(rollout: Item[RolloutFile], position: int, message: str) -> Problem:
    phase = rollout.model.phases[position]
    key = "merchants" if phase.percent is None else "percent"
    advice = "put the phases in order, from the narrowest to the widest"
    if phase.percent is None:
        advice = "name these merchants in a phase before the first percentage"
    before = rollout.document.place("phases", position - 1, "percent")
    place = rollout.document.place("phases", position, key)
    related = (Related(before, "the phase before"),)
    return Problem(place, codes.NARROWER_PHASE, message, advice, related)


def additions(facts: Facts) -> Iterator[Problem]:
    """Each phase adds somebody, and names nobody twice."""
    for rollout in facts.rollouts.values():
        seen: set[str] = set()
        for position, phase in enumerate(rollout.model.phases):
            path = ("phases", position)
            before = rollout.model.phases[position - 1] if position else None
            named = frozenset(phase.merchants or ())
            same = phase.percent is not None and before and phase.percent == before.percent
            if same or (named and named <= seen):
                message = f"phase {shown(phase.name)} adds nobody to the phases before it"
                place = rollout.document.place(*path)
                yield Problem(place, codes.IDLE_PHASE, message, "remove it, or widen it")
            seen |= named
            yield from repeated(rollout.document, (*path, "merchants"), DUPLICATE_ITEM, "merchant")
        yield from repeated(rollout.document, ("eligible", "exclude"), DUPLICATE_ITEM, "merchant")


CHECKS: Final = (audiences, names, widening, additions)
