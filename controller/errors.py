"""Every error that rolloutctl raises on purpose, in one tree.

    RolloutError                 something went wrong that the person can act on
    ├── UsageError               the command was called in a way that cannot work             exit 2
    ├── InvalidConfiguration     files are wrong; carries every problem with its place        exit 2
    ├── Refused                  a guardrail, or the state of the world, forbids it           exit 5
    ├── Stale                    the plan or the revision is older than what was applied      exit 6
    ├── PartlyApplied            the database is done, the deploy environment is not          exit 7
    ├── Locked                   another run holds the lock; transient                        exit 8
    └── Unreachable              something outside did not answer; transient                  exit 9
        ├── DatabaseUnreachable
        ├── OutcomeUnknown       the connection died around COMMIT and could not be looked up
        ├── DeployEnvUnreachable
        └── ForgeUnreachable     GitHub did not answer, or not with what was asked for

Each error says what happened (`message`) and what to type next (`hint`). `transient` tells a
scheduler that running the same command again may work. Only `controller.cli` turns an error into
text and an exit code. Anything that is not a `RolloutError` is a bug and exits 1. The codes are
documented in docs/exit-codes.md.
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the process says to the shell. Documented, and tested against, docs/exit-codes.md."""

    DONE = 0
    INTERNAL_ERROR = 1
    INVALID = 2
    CHANGES_PENDING = 3
    DRIFT_FOUND = 4
    REFUSED = 5
    STALE = 6
    PARTLY_APPLIED = 7
    LOCKED = 8
    UNREACHABLE = 9
    FIX_MINOR = 10
    INSUFFICIENT_DATA = 11
    ROLLBACK = 12
    GATE_ERROR = 13


class RolloutError(Exception):
    """Something went wrong that the person at the keyboard can act on.

    Args:
        message: What happened, and to what. One or a few sentences, no secret in it.
        hint: What to do next, if possible a command to type.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL_ERROR
    transient: ClassVar[bool] = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(RolloutError):
    """The command was called in a way that cannot work."""

    exit_code = ExitCode.INVALID


class InvalidConfiguration(RolloutError):  # noqa: N818 -- the name is the design's word for the state
    """Files cannot be read as configuration.

    `controller.config` raises it with every problem attached.
    """

    exit_code = ExitCode.INVALID


class Refused(RolloutError):  # noqa: N818 -- reads as what happened: "the change was refused"
    """A guardrail, or the state of the world, forbids what was asked for. Nothing was changed."""

    exit_code = ExitCode.REFUSED


class Stale(RolloutError):  # noqa: N818
    """The plan, its generation or its revision is older than what has been applied.

    Nothing was changed.
    """

    exit_code = ExitCode.STALE


class PartlyApplied(RolloutError):  # noqa: N818
    """The database holds the desired state, the deploy environment does not yet.

    The next run finishes it.
    """

    exit_code = ExitCode.PARTLY_APPLIED
    transient = True


class Locked(RolloutError):  # noqa: N818
    """Another run holds the lock. Nothing was changed."""

    exit_code = ExitCode.LOCKED
    transient = True


class Unreachable(RolloutError):  # noqa: N818
    """Something outside this process did not answer, or did not let us in."""

    exit_code = ExitCode.UNREACHABLE
    transient = True


class DatabaseUnreachable(Unreachable):
    """PostgreSQL did not answer, or refused, or cut the connection; nothing was committed."""


class OutcomeUnknown(Unreachable):
    """The connection died around COMMIT and the outcome could not be looked up.

    Run again: it is safe.
    """


class DeployEnvUnreachable(Unreachable):
    """The deploy environment's API did not answer, or answered with an error that may pass."""


class ForgeUnreachable(Unreachable):
    """GitHub's API, or another forge's, did not answer, or answered with an error that may pass."""
