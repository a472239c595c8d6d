"""One view, and every place says the same."""

import pytest

from controller.domain.plan import Cause, ChangeGroup, FlagPlan, Move, Plan
from controller.forge.interface import StatusState
from controller.render.pull_request_view import (
    TITLES,
    Answer,
    PullRequestView,
    flag_changes,
    status_line,
)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer.MAY_MERGE, StatusState.SUCCESS),
        (Answer.NOT_CONCERNED, StatusState.SUCCESS),
        (Answer.NOT_YET, StatusState.FAILURE),
        (Answer.MUST_NOT, StatusState.FAILURE),
        (Answer.NOT_JUDGED, StatusState.ERROR),
    ],
)
def test_the_status_says_what_the_comment_says(answer: Answer, state: StatusState):
    assert status_line(PullRequestView(answer, "because of that")) == (state, "because of that")
    assert status_line(PullRequestView(answer, "")) == (state, TITLES[answer])


def test_only_a_yes_is_green():
    green = {a for a in Answer if status_line(PullRequestView(a, ""))[0] is StatusState.SUCCESS}
    assert green == {Answer.MAY_MERGE, Answer.NOT_CONCERNED}


def test_a_plan_is_told_flag_by_flag():
    on = ChangeGroup("a", value=True, cause=Cause.PHASE, merchants=("m1", "m2"))
    off = ChangeGroup("a", value=False, cause=Cause.DRIFT, merchants=("m3",))
    flags = (
        FlagPlan("a", "column", Move.ADVANCE, "pilot", "10%", 1, 2, (on, off)),
        FlagPlan("b", "other", Move.SAME, "pilot", "pilot", 1, 1, ()),
    )
    (change,) = flag_changes(Plan("test", None, 0, 10, flags), {"m2": "shop.example"})
    assert (change.environment, change.flag, change.movement) == (
        "test",
        "a",
        "pilot -> 10% (advance)",
    )
    assert (change.on_before, change.on_after, change.merchants) == (1, 2, 10)
    assert (change.count(value=True), change.count(value=False)) == (2, 1)
    assert change.audiences[0].shown == ("m1", "m2 shop.example")
    assert change.audiences[1].cause == "drift"
