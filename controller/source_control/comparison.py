"""Base and head of a pull request, out of git: what is now, and what would be after the merge.

    base ───────────────► before: the policy, and what is applied now
    base + head, merged ─► after:  what would be applied

Comparing the two branches as they are would take a phase that moved on the base meanwhile for a
change of the pull request, and a pull request that left the base long ago would bring its old
policy with it. So the head is merged with the base, on git objects alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from controller.config.configuration import Configuration
from controller.config.layout import FOLDERS, Kind, Located, locate
from controller.config.loader import Examined, examine
from controller.config.sources import Sources
from controller.domain.change import PolicyTouched
from controller.errors import UsageError
from controller.source_control import objects
from controller.source_control.command import git
from controller.source_control.meaning import Meaning, meaning, rules_touched
from controller.source_control.merging import Merged, merge
from controller.source_control.tree import read_tree
from controller.source_control.workflow_changes import workflows_touched

_LOOK_BACK: Final = 50
"""How many changes of the base are looked through for one whose files are right."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two revisions, read.

    Attributes:
        base: The full id of the base's commit.
        head: The full id of the head's commit.
        merge_base: Where they parted; the base itself where the head is up to date.
        policy: The commit that `before` was read from: the base, or where the base's own files are
            wrong, the last one before it whose files are right. None where there is none yet.
        before: What is now, and the policy.
        after: The files after the merge and every problem of them; where the merge has conflicts,
            the head's own.
        conflicts: Our files that cannot be merged.
        rules: What changes about the company's own rules.
        workflows: What changes about what runs the check.
    """

    base: str
    head: str
    merge_base: str
    policy: str | None
    before: Configuration | None
    after: Examined
    conflicts: tuple[str, ...]
    rules: tuple[PolicyTouched, ...]
    workflows: tuple[PolicyTouched, ...]

    @property
    def is_up_to_date(self) -> bool:
        """Whether the head holds everything of the base, so that its own files are judged."""
        return self.merge_base == self.base

    def meaning(self, now: datetime) -> Meaning | None:
        """What the change means; None where files are wrong or cannot be merged."""
        if self.after.configuration is None or self.conflicts:
            return None
        return meaning(self.before, self.after.configuration, now, self.rules, self.workflows)


def compare(root: Path, base: str, head: str, today: date | None = None) -> Comparison:
    """Read both sides of a pull request.

    Args:
        root: The folder that holds `flags/` and `rollout/`; what is checked out there plays no
            part.
        base: The revision that is merged into, for example `origin/main`.
        head: The revision that is merged.
        today: For warnings about what has expired.

    Raises:
        UsageError: A revision, an object or a part of the history is not in this clone, or there is
            no common history; the hint says what to type.
    """
    old, new = objects.resolve(root, base), objects.resolve(root, head)
    left = objects.merge_base(root, old, new)
    merged = merge(root, old, new) if left != old else Merged(new, ())
    conflicts = tuple(path for path in merged.conflicts if _is_ours(root, path))
    tree = new if conflicts else merged.tree
    sources = read_tree(root, tree)
    policy, before, policy_sources = _last_good(root, old)
    return Comparison(
        base=old,
        head=new,
        merge_base=left,
        policy=policy,
        before=before,
        after=examine(sources, today),
        conflicts=conflicts,
        rules=rules_touched(_rules(policy_sources), _rules(sources)),
        workflows=workflows_touched(root, old, tree),
    )


def _is_ours(root: Path, path: str) -> bool:
    """Whether a path from the root of the repository is below one of our folders."""
    prefix = git(root, "rev-parse", "--show-prefix").text
    return path.startswith(tuple(f"{prefix}{folder}/" for folder in FOLDERS))


def _rules(sources: Sources) -> dict[str, bytes]:
    return {file: data for file, data in sources.files.items() if _is_rule(file)}


def _is_rule(file: str) -> bool:
    located = locate(file)
    return isinstance(located, Located) and located.kind is Kind.RULE


def _last_good(root: Path, base: str) -> tuple[str | None, Configuration | None, Sources]:
    """The base, or the last commit before it whose files are right: that is what is applied."""
    for commit in _base_and_before(root, base):
        sources = read_tree(root, commit)
        configuration = examine(sources).configuration
        if configuration is not None:
            return commit, configuration, sources
    if objects.is_shallow(root):
        raise UsageError(
            f"the files of {base[:12]} are wrong, and this shallow clone has no commit before it "
            "whose files are right",
            objects.UNSHALLOW,
        )
    return None, None, Sources({})


def _base_and_before(root: Path, base: str) -> Iterator[str]:
    yield base
    count = f"--max-count={_LOOK_BACK}"
    yield from git(root, "rev-list", "--first-parent", count, base, "--", *FOLDERS).text.split()
