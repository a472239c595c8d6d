"""The body of a pull request that we open: what moves, how it was made, what it rests on."""

from controller.render.escape import markdown, markdown_prose
from controller.source_control.proposal import Proposal


def proposal_body(made: Proposal, why: str = "") -> str:
    """Markdown for a pull request's body.

    Args:
        made: The commit on its branch.
        why: Markdown, with everything foreign in it escaped; may be empty.
    """
    where = ", ".join(markdown(name) for name in made.environments)
    moves = (
        f"{markdown(made.flag)} goes from {markdown(made.from_phase)} to "
        f"{markdown(made.to_phase)} in {where}."
    )
    how = "One line changes."
    if made.reverted is not None:
        how = f"It is the revert of {made.reverted}."
    elif made.why_edited:
        how = f"One line changes; it is no revert: {markdown_prose(made.why_edited)}."
    parts = [moves, how, why.rstrip("\n")]
    return "\n\n".join(part for part in parts if part) + "\n"
