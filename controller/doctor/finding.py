"""What a check says: whether something is in place, and if not, what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a check turned out."""

    OK = "ok"
    WARN = "warn"  # works, but a careful person would look
    FAIL = "fail"  # the rollout cannot go well like this
    NOT_CHECKED = "not_checked"  # a person must look, or something else must be mended first


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check.

    Attributes:
        message: What was found. One sentence.
        fix: What to do, if possible a command to type; empty where nothing is to be done.
        is_unreachable: Whether it failed because something outside did not answer.
    """

    health: Health
    message: str
    fix: str = ""
    is_unreachable: bool = False


def ok(message: str) -> Finding:
    """It is in place."""
    return Finding(Health.OK, message)


def warn(message: str, fix: str) -> Finding:
    """It works, but somebody should look."""
    return Finding(Health.WARN, message, fix)


def fail(message: str, fix: str) -> Finding:
    """It must be mended."""
    return Finding(Health.FAIL, message, fix)


def not_checked(message: str, fix: str = "") -> Finding:
    """Nobody can tell, and why."""
    return Finding(Health.NOT_CHECKED, message, fix)
