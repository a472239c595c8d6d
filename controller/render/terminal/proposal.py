"""A proposed promotion or rollback for the terminal: what changes, where it is, what to type."""

from collections.abc import Iterator
from typing import Final

from controller.render.escape import terminal
from controller.render.terminal.diff import diff_text
from controller.render.terminal.style import faint, good, strong, warn
from controller.source_control.proposal import Proposal, State

_STATES: Final = {
    State.CREATED: "committed on a branch of its own; what is checked out is untouched",
    State.EXISTS: "the branch is there already and brings just this; nothing was written",
    State.PLANNED: "a dry run: nothing was written",
}


def proposal_text(proposal: Proposal, *, is_dirty: bool) -> str:
    """The whole proposal.

    Args:
        proposal: What to show.
        is_dirty: Whether there are local changes, which are not part of it.
    """
    return "\n".join(_lines(proposal, is_dirty=is_dirty)) + "\n"


def _lines(proposal: Proposal, *, is_dirty: bool) -> Iterator[str]:
    if proposal.state is State.NOTHING_TO_DO:
        yield _nothing(proposal)
        return
    where = terminal(", ".join(proposal.environments))
    yield (
        f"{strong(terminal(proposal.flag))}  {terminal(proposal.from_phase)} -> "
        f"{strong(terminal(proposal.to_phase))}  in {where}"
    )
    yield f"  {faint(_STATES[proposal.state])}"
    if proposal.reverted:
        yield f"  the revert of {proposal.reverted[:12]}"
    if proposal.why_edited:
        yield warn(f"  the equivalent line, not a revert: {terminal(proposal.why_edited)}")
    if is_dirty:
        yield warn("  local changes are not part of it: it is made from what is committed")
    for change in proposal.files:
        yield ""
        yield diff_text(change.before, change.after, change.path).rstrip("\n")
    yield ""
    yield from _next(proposal)


def _nothing(proposal: Proposal) -> str:
    where = terminal(", ".join(proposal.environments))
    phase = good(terminal(proposal.to_phase))
    return f"{strong(terminal(proposal.flag))}  is at {phase} in {where} already; nothing to do"


def _next(proposal: Proposal) -> Iterator[str]:
    branch = terminal(proposal.branch)
    if proposal.commit is None:
        yield f"  branch: {branch}"
        return
    yield f"  branch: {branch} at {proposal.commit[:12]}"
    yield f"  push it and open a pull request: git push origin {branch}"
