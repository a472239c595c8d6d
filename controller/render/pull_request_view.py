"""What a pull request shows, as a value: the answer, what changes for whom, and what to do.

The command `check` fills it; `markdown/pull_request.py` writes the comment and the step summary
from it, and `status_line` the one line beside the commit. So they cannot disagree. All text in it
is as people and data have it; whoever shows it escapes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from controller.domain.plan import FlagPlan, Plan
from controller.forge.interface import StatusState
from controller.render import words


class Answer(StrEnum):
    """May it merge?"""

    MAY_MERGE = "may_merge"
    NOT_CONCERNED = "not_concerned"  # it changes nothing that is rolled out
    NOT_YET = "not_yet"  # time and data may turn it green, without another push
    MUST_NOT = "must_not"  # somebody has to change something first
    NOT_JUDGED = "not_judged"  # it could not be found out; never counts as a yes


@dataclass(frozen=True, slots=True)
class Audience:
    """Merchants that gain or lose a flag for one reason.

    Attributes:
        value: Whether they gain it.
        cause: Why, in one word or two.
        total: How many they are.
        shown: The first of them by name; as many as the caller has, they are cut where they are
            shown.
    """

    value: bool
    cause: str
    total: int
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlagChange:
    """What changes for one flag in one environment.

    Attributes:
        movement: `pilot -> 10% (advance)`, or another word for what happens to it.
        on_before: So many merchants have it now.
        on_after: So many will.
        merchants: So many there are.
    """

    environment: str
    flag: str
    movement: str
    on_before: int
    on_after: int
    merchants: int
    audiences: tuple[Audience, ...] = ()
    is_halted: bool = False

    def count(self, *, value: bool) -> int:
        """How many gain it, or lose it."""
        return sum(found.total for found in self.audiences if found.value is value)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do.

    Attributes:
        text: What; a command to type ends it, if there is one.
        about: What it clears out of the way; empty where the reason for the answer says it.
    """

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """More than fits at a glance: the whole plan, a gate's whole report.

    Attributes:
        title: What it is. Not escaped yet.
        markdown: Already made for GitHub, with everything foreign in it escaped.
    """

    title: str
    markdown: str


@dataclass(frozen=True, slots=True)
class PullRequestView:
    """Everything that is said about a pull request.

    Attributes:
        because: The one reason for the answer, in a sentence; it stands in the status as well.
        meanings: What the change means, one sentence each.
        changes: What changes for whom.
        takes: What it would take to merge, one sentence each.
        steps: What to do, in order.
        details: What folds away, the most important first.
        base: The commit whose policy judged it.
        head: The commit that was judged.
        run_url: Where the whole of it stands; empty outside GitHub Actions.
        judged_at: When, as people read it; empty where it does not matter.
    """

    answer: Answer
    because: str
    meanings: tuple[str, ...] = ()
    changes: tuple[FlagChange, ...] = ()
    takes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    details: tuple[Detail, ...] = ()
    base: str = ""
    head: str = ""
    run_url: str = ""
    judged_at: str = ""


TITLES: Final = {
    Answer.MAY_MERGE: "May merge",
    Answer.NOT_CONCERNED: "May merge",
    Answer.NOT_YET: "May not merge yet",
    Answer.MUST_NOT: "May not merge",
    Answer.NOT_JUDGED: "Could not be judged, so may not merge",
}
"""The answer as people read it first."""

_STATES: Final = {
    Answer.MAY_MERGE: StatusState.SUCCESS,
    Answer.NOT_CONCERNED: StatusState.SUCCESS,
    Answer.NOT_YET: StatusState.FAILURE,
    Answer.MUST_NOT: StatusState.FAILURE,
    Answer.NOT_JUDGED: StatusState.ERROR,
}


def status_line(view: PullRequestView) -> tuple[StatusState, str]:
    """What the commit status says: its state, and its one line, plain text and not yet cut."""
    return _STATES[view.answer], view.because or TITLES[view.answer]


def flag_changes(plan: Plan, names: Mapping[str, str]) -> tuple[FlagChange, ...]:
    """What a plan changes for whom; flags for which it changes nothing are left out.

    Args:
        plan: The plan after the merge.
        names: Shop domains by merchant id, for those merchants that are shown.
    """
    return tuple(
        _flag_change(flag, plan, names)
        for flag in plan.flags
        if flag.groups or flag.from_phase != flag.to_phase
    )


def _flag_change(flag: FlagPlan, plan: Plan, names: Mapping[str, str]) -> FlagChange:
    audiences = tuple(
        Audience(
            group.value,
            words.why(group.value, group.cause),
            len(group.merchants),
            tuple(f"{one} {names[one]}" if one in names else one for one in group.shown),
        )
        for group in flag.groups
    )
    return FlagChange(
        plan.environment,
        flag.flag,
        words.movement(flag),
        flag.on_before,
        flag.on_after,
        plan.merchants,
        audiences,
        flag.halt is not None,
    )
