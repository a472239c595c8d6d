"""Which file says what: the folders of design.md, and the kind of file in each.

flags/KEY.yaml                    a flag
rollout/FLAG.yaml                 its rollout
rollout/environments/NAME.yaml    where all this is applied
rollout/gates/NAME.yaml           a gate for several rollouts
rollout/waivers/NAME.yaml         an exception to a gate
rollout/rules/NAME.json           the company's own rules
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from controller.config import reading_codes as codes
from controller.config.problems import Place, Problem, printable, shown

FOLDERS: Final = ("flags", "rollout")
"""The folders that must be there."""

_SAFE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,127}")


class Kind(StrEnum):
    """The kinds of file. The value is what a company rule's `x-applies-to` calls them."""

    FLAG = "flags"
    ROLLOUT = "rollout"
    ENVIRONMENT = "environments"
    GATE = "gates"
    WAIVER = "waivers"
    RULE = "rules"


_KINDS: Final = {
    "flags": Kind.FLAG,
    "rollout": Kind.ROLLOUT,
    "rollout/environments": Kind.ENVIRONMENT,
    "rollout/gates": Kind.GATE,
    "rollout/waivers": Kind.WAIVER,
    "rollout/rules": Kind.RULE,
}


@dataclass(frozen=True, slots=True)
class Located:
    """A file that somebody reads.

    Attributes:
        stem: The file's name without its ending.
    """

    file: str
    kind: Kind
    stem: str


def locate(file: str) -> Located | Problem | None:
    """What a file below `flags/` or `rollout/` is for.

    Args:
        file: Relative to the root, with forward slashes.

    Returns:
        Its kind; None where it may be left alone; or the problem that nobody would read it.
    """
    folder, _, name = file.rpartition("/")
    if name.startswith(".") or name.endswith((".md", "~")):
        return None
    kind = _KINDS.get(folder)
    ending = ".json" if kind is Kind.RULE else ".yaml"
    stem = name.removesuffix(ending)
    if kind and stem != name and _SAFE_NAME.fullmatch(stem):
        return Located(file, kind, stem)
    place = Place(printable(file))
    if kind is None:
        message = f"no file is read from the folder {shown(folder)}"
        return Problem(place, codes.UNEXPECTED_FILE, message, "move it, or remove it")
    message = f"only files called `NAME{ending}` are read from `{folder}/`"
    return Problem(place, codes.UNEXPECTED_FILE, message, "rename it, move it, or remove it")
