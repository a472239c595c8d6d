"""What can be found out about the place where a new repository starts: nobody is asked for it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from controller.errors import UsageError
from controller.source_control.command import GitMissing, git

OWNER: Final = re.compile(
    r"@[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99})?"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
"""Whom CODEOWNERS takes: a user, a team, an e-mail address."""

_REMOTE: Final = re.compile(
    r"(?:https?://(?:[^/@\s]*@)?|ssh://(?:[^/@\s]*@)?|[^/@\s]*@)([A-Za-z0-9.-]+)(?::[0-9]+)?[:/]"
    r"([A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}?)(?:\.git)?/?"
)
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new repository starts.

    Attributes:
        page: The address on the web of its remote `origin`; None where there is none.
        email: Of who works here, as git knows it; None where git does not, or CODEOWNERS takes no
            such address.
        is_under_git: Whether the folder, or one above it, is a git work tree.
    """

    page: str | None
    email: str | None
    is_under_git: bool


def look_around(folder: Path) -> Place:
    """Ask git about the folder, or the nearest one above it that is there.

    Args:
        folder: Where the files shall be.

    Raises:
        UsageError: The folder is below the top of a git work tree: GitHub reads workflows only
            at the top.
    """
    folder = folder.resolve()
    existing = next(one for one in (folder, *folder.parents) if one.is_dir())
    top = _said(existing, "rev-parse", "--show-toplevel")
    if top is not None and Path(top).resolve() != folder:
        raise UsageError(
            f"{folder} is inside the git repository {top}, and GitHub reads workflows only at the "
            "top of one",
            "choose a folder outside of it, or run git init in that folder first",
        )
    remote = _said(existing, "remote", "get-url", "origin") if top is not None else None
    email = _said(existing, "config", "user.email")
    return Place(
        page=page_of(remote or ""),
        email=email if email and OWNER.fullmatch(email) else None,
        is_under_git=top is not None,
    )


def page_of(remote: str) -> str | None:
    """Where people look at a remote; None where its address is none of a forge's."""
    found = _REMOTE.fullmatch(remote.strip())
    return f"https://{found.group(1)}/{found.group(2)}" if found else None


def own_source() -> str | None:
    """`owner/name@commit` from which this program was installed; None where nothing says so.

    Installers note where a package came from (PEP 610): a repository at a commit, or a folder,
    which may be a clone of one.
    """
    try:
        noted = distribution("rolloutctl").read_text("direct_url.json")
        origin = json.loads(noted) if noted else {}
    except (PackageNotFoundError, ValueError):
        return None
    if not isinstance(origin, dict):
        return None
    return _of_repository(origin) or _of_folder(origin)


def _of_repository(origin: Mapping[str, object]) -> str | None:
    version = origin.get("vcs_info")
    commit = version.get("commit_id") if isinstance(version, dict) else None
    return _pinned(page_of(str(origin.get("url", ""))), str(commit))


def _of_folder(origin: Mapping[str, object]) -> str | None:
    address = urlsplit(str(origin.get("url", "")))
    folder = Path(unquote(address.path))
    if address.scheme != "file" or not folder.is_dir():
        return None
    remote = _said(folder, "remote", "get-url", "origin")
    return _pinned(page_of(remote or ""), _said(folder, "rev-parse", "HEAD"))


def _pinned(page: str | None, commit: str | None) -> str | None:
    if page is None or commit is None or not _COMMIT.fullmatch(commit):
        return None
    return f"{urlsplit(page).path.removeprefix('/')}@{commit}"


def _said(folder: Path, *arguments: str) -> str | None:
    """What git says; None where it says no, says nothing or is not there."""
    try:
        answer = git(folder, *arguments)
    except GitMissing:
        return None
    return answer.text or None if answer.is_ok else None
