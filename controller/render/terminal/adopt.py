"""What was adopted, what was left alone and what to do next, for the terminal."""

from collections.abc import Iterator
from typing import Final

from controller.domain.wording import counted
from controller.inquiry.adoption import Adoption, LeftAlone
from controller.render.escape import terminal
from controller.render.explanation_words import on
from controller.render.terminal.style import bad, faint, good, strong, warn

_SHOWN: Final = 20
_WHY: Final = {
    LeftAlone.HAS_OVERRIDE: "the file has an override for it already: change that line by hand",
    LeftAlone.HALTED: "the flag is halted, and a halt beats an override: resume it first",
    LeftAlone.NO_FILE_NAME: "its id cannot be written into a file",
}


def adopted_text(adoption: Adoption, file: str) -> str:
    """What was written.

    Args:
        adoption: What was adopted.
        file: The file that was written, relative to the repository.
    """
    return "\n".join(_adopted(adoption, file)) + "\n"


def left_alone_text(adoption: Adoption) -> str:
    """What cannot be adopted, and why. Empty where everything was."""
    return "".join(f"{line}\n" for line in _left_alone(adoption))


def _adopted(adoption: Adoption, file: str) -> Iterator[str]:
    count = counted(len(adoption.overrides), "override")
    yield f"{strong(terminal(file))}: {count} added"
    for override in adoption.overrides[:_SHOWN]:
        yield good(f"  + {_name(adoption, override.merchant)}  {on(override.value)}")
    if (more := len(adoption.overrides) - _SHOWN) > 0:
        yield faint(f"    and {more:,} more")
    yield ""
    yield f"  review it:    git diff {terminal(file)}"
    yield "  then commit it and open a pull request"
    yield warn("  until it is merged and applied, a reconcile of main still puts the values back")


def _left_alone(adoption: Adoption) -> Iterator[str]:
    if adoption.left_alone:
        count = counted(len(adoption.left_alone))
        yield bad(f"left alone: {count}")
    for merchant, why in adoption.left_alone[:_SHOWN]:
        yield f"  {_name(adoption, merchant)}: {_WHY[why]}"
    if (more := len(adoption.left_alone) - _SHOWN) > 0:
        yield faint(f"    and {more:,} more")


def _name(adoption: Adoption, merchant: str) -> str:
    known = adoption.merchants.get(merchant)
    return terminal(merchant) + (f"  {terminal(known.shop_domain)}" if known else "")
