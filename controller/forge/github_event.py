"""The event that a GitHub Actions job was started for: which pull request, which two revisions.

The file is GitHub's, what is in it is partly other people's: commits must look like commits, and
nothing else of it is used.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from controller.errors import UsageError

_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class MergeEvent:
    """Something that wants to be merged.

    Attributes:
        base: The full id of the commit that it would be merged into.
        head: The full id of its last commit.
        number: Of the pull request; None for a group of the merge queue.
        is_fork: Whether its head is in another repository, so that the job has no secrets.
    """

    base: str
    head: str
    number: int | None
    is_fork: bool


def read_event(path: Path) -> MergeEvent:
    """Read the file that GITHUB_EVENT_PATH names.

    Raises:
        UsageError: It cannot be read, or the event is neither a pull request nor a merge group.
    """
    try:
        event = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"the event in {path} cannot be read: {error}", "--base and --head") from (
            error
        )
    found = _of_pull_request(event) or _of_merge_group(event)
    if found is None:
        raise UsageError(
            "the event of this job is neither a pull request nor a merge group",
            "say which revisions are meant: --base REV --head REV",
        )
    return found


def _of_pull_request(event: object) -> MergeEvent | None:
    pull = _object(event, "pull_request")
    base, head = _object(pull, "base"), _object(pull, "head")
    commits = _commit(base.get("sha")), _commit(head.get("sha"))
    number = pull.get("number")
    if commits[0] is None or commits[1] is None or not isinstance(number, int):
        return None
    whose = _object(head, "repo").get("full_name")
    is_fork = whose is None or whose != _object(base, "repo").get("full_name")
    return MergeEvent(commits[0], commits[1], number, is_fork)


def _of_merge_group(event: object) -> MergeEvent | None:
    group = _object(event, "merge_group")
    base, head = _commit(group.get("base_sha")), _commit(group.get("head_sha"))
    if base is None or head is None:
        return None
    return MergeEvent(base, head, None, is_fork=False)


def _object(value: object, key: str) -> Mapping[str, Any]:
    inside = value.get(key) if isinstance(value, Mapping) else None
    return inside if isinstance(inside, Mapping) else {}


def _commit(value: object) -> str | None:
    return value if isinstance(value, str) and _COMMIT.fullmatch(value) else None
