"""A proposal for machines."""

from dataclasses import replace

from controller.render.json.proposal import proposal
from controller.source_control.proposal import State
from tests.render.proposals import MADE


def test_what_was_made_can_be_followed():
    found = proposal(MADE)
    assert found["format"] == "rolloutctl-proposal/1"
    assert (found["state"], found["branch"], found["commit"]) == (
        "created",
        MADE.branch,
        MADE.commit,
    )
    assert found["why_no_revert"] is None
    assert [change["path"] for change in found["files"]] == ["rollout/checkout.yaml"]


def test_where_nothing_was_to_do_no_branch_is_named():
    done = replace(MADE, state=State.NOTHING_TO_DO, files=(), commit=None)
    assert proposal(done)["branch"] is None


def test_why_it_is_no_revert_is_told():
    edited = replace(MADE, reverted=None, why_edited="it conflicts")
    assert (proposal(edited)["reverted"], proposal(edited)["why_no_revert"]) == (
        None,
        "it conflicts",
    )
