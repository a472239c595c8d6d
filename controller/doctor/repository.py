"""Checks on the repository: the files and the git history that everything else rests on."""

from collections.abc import Mapping
from typing import Final

from controller.doctor.facts import Facts
from controller.doctor.finding import Finding, fail, not_checked, ok, warn
from controller.domain.desired import Desired
from controller.source_control.git import Relation

_REFUSED: Final = "a reconcile would be refused"
_NOT_NEWER: Final[Mapping[Relation | None, tuple[str, str]]] = {
    Relation.OLDER: (
        f"the files here are older than what was applied last: {_REFUSED}",
        "git pull; to roll back: git revert",
    ),
    Relation.UNRELATED: (
        f"what was applied last is not among the ancestors of this revision: {_REFUSED}",
        "check out main",
    ),
    Relation.UNKNOWN: (f"this clone does not have what was applied last: {_REFUSED}", "git pull"),
}


def files_valid(facts: Facts) -> Finding:
    """Every file can be read, and they agree with each other."""
    errors = [problem for problem in facts.problems if problem.is_error]
    if errors:
        first = f"{errors[0].place}: {errors[0].message}"
        more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
        return fail(f"{first}{more}", "rolloutctl validate")
    if facts.problems:
        first = f"{facts.problems[0].place}: {facts.problems[0].message}"
        return warn(
            f"valid, with {len(facts.problems)} warnings, first {first}", "rolloutctl validate"
        )
    return ok("every file is valid")


def flags_defined(facts: Facts, desired: Desired) -> Finding:
    """There is something to roll out, and nothing that has outlived its day."""
    del facts
    if not desired.flags:
        return warn("there is no flag yet", "docs/getting-started.md shows the first one")
    without = [flag.key for flag in desired.flags if flag.rollout is None]
    if without:
        return ok(f"{len(desired.flags)} flags; without a rollout: {', '.join(without)}")
    return ok(f"flags with a rollout: {', '.join(flag.key for flag in desired.flags)}")


def git_revision(facts: Facts) -> Finding:
    """A commit says what is desired, so that the ledger can name it."""
    if facts.git.problem is not None:
        return fail(facts.git.problem.message, facts.git.problem.hint)
    if facts.git.is_shallow is None:
        return warn(
            "the folder is not under git: runs are not tied to a commit, and an older run is not "
            "told from a newer one",
            "git init, or run in a clone of the repository",
        )
    if facts.git.revision is None:
        return warn(
            "flags/ and rollout/ have local changes, or nothing is committed: no commit says what "
            "is desired",
            "git status; commit the changes, or drop them",
        )
    return ok(f"revision {facts.git.revision[:12]}, no local changes")


def git_history(facts: Facts) -> Finding:
    """The whole history is there, and the files are no older than what was applied last."""
    if facts.git.is_shallow:
        return fail(
            "the clone is shallow: whether a revision is newer than the one applied last cannot be "
            "told",
            "git fetch --unshallow; in a workflow: fetch-depth: 0",
        )
    if facts.git.problem is not None:
        return not_checked("git would not say")
    if facts.git.is_shallow is None:
        return warn("there is no git history", "run in a clone of the repository")
    if facts.files in _NOT_NEWER:
        return fail(*_NOT_NEWER[facts.files])
    return ok("the clone is complete")
