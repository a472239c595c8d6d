"""What the ledger lacks, said plainly where a figure would stand, with what to do about it."""

from controller.inquiry.report import Results
from controller.render.gate_remarks import SHORT_ID


def nothing_judged(found: Results) -> str:
    """Why nothing judged can be shown; empty where something can."""
    if found.evidence is not None:
        return ""
    if found.deciding is not None:
        return (
            f"Not filled in: the evidence {found.deciding.id[:SHORT_ID]} cannot be read: "
            f"{found.deciding.problem}. {next_step(found)}"
        )
    return f"Not filled in: {_why(found)}. {next_step(found)}"


def see_above(found: Results) -> str:
    """The same in short, where the recommendation has said it; empty where nothing is missing."""
    return (
        "Not filled in: nothing judged is known, see Recommendation"
        if nothing_judged(found)
        else ""
    )


def _why(found: Results) -> str:
    if not found.is_present:
        return (
            f"the ledger keeps no evidence about phase {found.phase}, and no gate can be asked "
            f"about a phase that {found.flag} is not in"
        )
    if found.step is not None and found.step.gate is None:
        return f"phase {found.phase} has no gate, so nothing is judged in it"
    return "the gate has not been asked since the phase was entered"


def next_step(found: Results) -> str:
    """What to do so that it can be filled in."""
    if not found.is_present:
        return f"Next: `rolloutctl report {found.flag}` is about the phase it is in."
    if found.step is not None and found.step.gate is None:
        return f"Next: give the phase a `gate` in rollout/{found.flag}.yaml."
    return f"Next: `rolloutctl gate {found.flag}`, then write this document again."
