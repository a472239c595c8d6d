"""Drift in words, the same for people and machines."""

from typing import Final

from controller.domain.authorship import Authorship
from controller.domain.drift import Origin, VariableDrift, VariableOrigin
from controller.domain.instants import format_instant
from controller.render.explanation_words import on

ORIGINS: Final = {
    Origin.CHANGED: "changed by somebody else",
    Origin.UNMANAGED: "set by somebody else before rolloutctl knew the flag",
    Origin.DURING_HALT: "turned on by somebody else although the flag is halted",
}


def variable(drift: VariableDrift) -> str:
    """What is wrong with a variable, and since when."""
    change = drift.change
    name, wanted = f"{change.variable} ({change.target})", f'it should be "{change.after}"'
    somebody = f'{name}: "{change.before}", {wanted}; written by somebody else'
    match drift.origin:
        case VariableOrigin.REMOVED:
            return f"{name}: not there, {wanted}; removed, or the last run did not finish"
        case VariableOrigin.UNKNOWN:
            return (
                f'{name}: "{change.before}", {wanted}; written by somebody else, when is not known'
            )
        case VariableOrigin.CHANGED:
            assert drift.variable is not None  # noqa: S101 -- it was found to be changed
            assert drift.variable.updated_at is not None  # noqa: S101
            return f"{somebody} at {format_instant(drift.variable.updated_at)}"


def author(authorship: Authorship) -> str:
    """Who wrote a merchant's value last, as far as it is known."""
    when, ours = authorship.somebody_else, authorship.ours
    written = f"written at {format_instant(when)}" if when else "when is not known"
    if ours is None:
        return f"{written}; never written by rolloutctl"
    return (
        f"{written}; rolloutctl had turned it {on(ours.value)} at {format_instant(ours.at)} "
        f"(generation {ours.generation})"
    )
