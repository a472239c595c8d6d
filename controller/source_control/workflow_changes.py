"""What changes about what runs the check: workflow files, local actions, and who must review them.

They are policy of every advance. The code that judges a pull request is the base's, whatever the
head makes of it; but GitHub takes the workflow file itself from the pull request, and a step up
that comes with another way of judging steps has to be reviewed for what it is.
"""

from pathlib import Path
from typing import Final

from controller.config.problems import printable
from controller.domain.change import PolicyPart, PolicyTouched, Touch
from controller.domain.difference import differences
from controller.source_control.command import git
from controller.source_control.objects import missing

_OWNERS: Final = ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS")
"""The three places in which GitHub looks for it."""

_WATCHED: Final = (".github/workflows", ".github/actions", *_OWNERS)


def workflows_touched(root: Path, before: str, after: str) -> tuple[PolicyTouched, ...]:
    """Every such file that is added, removed or another one, by path.

    Args:
        root: A folder of the repository; the files are those at its top.
        before: The full id of the base's commit or tree.
        after: That of what would be merged.

    Raises:
        UsageError: A part of either is not in this clone.
    """
    old, new = _files(root, before), _files(root, after)
    return tuple(
        PolicyTouched(None, PolicyPart.WORKFLOW, printable(file), found, _touch(file, old, new))
        for file in sorted(old.keys() | new.keys())
        if (found := differences(old.get(file), new.get(file)))
    )


def _files(root: Path, tree: str) -> dict[str, dict[str, str]]:
    """Kind and content of each by path; a symbolic link or a submodule is another kind of file."""
    answer = git(root, "ls-tree", "-r", "-z", "--full-tree", tree, "--", *_WATCHED)
    if not answer.is_ok:
        raise missing(root, tree)
    found = {}
    for row in filter(None, answer.out.decode("utf-8", "surrogateescape").split("\0")):
        facts, _, path = row.partition("\t")
        mode, _, content = facts.split()
        found[path] = {"mode": mode, "content": content[:12]}
    return found


def _touch(file: str, before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> Touch:
    if file not in before:
        return Touch.ADDED
    return Touch.CHANGED if file in after else Touch.REMOVED
