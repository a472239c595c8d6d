"""One comment at a pull request, edited in place: found by its marker, and only among our own.

GitHub has no way to create a comment only where there is none. So two runs may both create one.
The oldest of ours counts: whoever creates one looks again, removes every other of ours, and writes
into the oldest. However the steps of two runs fall between each other, one comment is left.
"""

import re
from typing import Final

from controller.errors import ForgeUnreachable
from controller.forge import github_texts as texts
from controller.forge.github_client import GitHubClient, NotFound
from controller.forge.github_manners import ReplyLost
from controller.forge.github_shapes import StoredComment, comment
from controller.http_calls.caller import RUN_AGAIN

_ROUNDS: Final = 4
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,40}")
_WRITES: Final = "pull-requests: write"


def marker(name: str) -> str:
    """The first line of such a comment; invisible where it is shown.

    Args:
        name: Which of our comments.

    Raises:
        ValueError: It is no such name.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a comment")
    return f"<!-- rolloutctl:{name} -->"


def put_comment(client: GitHubClient, number: int, name: str, body: str) -> str:
    """Make the one comment of that name say this. Returns its address.

    Raises:
        Refused: GitHub says no.
        ForgeUnreachable: There was no answer, or other runs keep taking the comment away.
    """
    text = texts.body(f"{marker(name)}\n{body}")
    lost: ReplyLost | None = None
    for _ in range(_ROUNDS):
        mine = _mine(client, number, name)
        if not mine:
            try:
                mine = _create_and_look(client, number, name, text)
            except ReplyLost as error:
                lost = error
                continue
        keeper, *others = sorted(mine, key=lambda found: found.id)
        for other in others:
            _remove(client, number, other)
        written = _write(client, number, keeper, text)
        if written:
            return written
    raise lost or ForgeUnreachable(
        f"the comment at the pull request {number} is removed as fast as it is written", RUN_AGAIN
    )


def _mine(client: GitHubClient, number: int, name: str) -> list[StoredComment]:
    """Those with our marker that we wrote; one by somebody else is a forgery."""
    path = f"/issues/{number}/comments"
    what = f"list the comments at the pull request {number}"
    pages = client.pages(path, what, "pull-requests: read")
    found = [comment(told) for page in pages for told in page]
    marked = [entry for entry in found if entry.body.startswith(marker(name))]
    return [entry for entry in marked if entry.author == client.whoami().id]


def _create_and_look(
    client: GitHubClient, number: int, name: str, text: str
) -> list[StoredComment]:
    """Create one, and whatever else there is by now. The new one may not be listed yet."""
    created = comment(
        client.write(
            "POST",
            f"/issues/{number}/comments",
            {"body": text},
            f"comment on the pull request {number}",
            _WRITES,
            repeatable=False,
        )
    )
    listed = _mine(client, number, name)
    return listed if any(entry.id == created.id for entry in listed) else [*listed, created]


def _write(client: GitHubClient, number: int, keeper: StoredComment, text: str) -> str | None:
    """Edit it where it says something else; None where it is gone."""
    if _same(keeper.body, text):
        return keeper.url
    what = f"edit our comment at the pull request {number}"
    path = f"/issues/comments/{keeper.id}"
    try:
        edited = client.write("PATCH", path, {"body": text}, what, _WRITES, repeatable=True)
    except NotFound:
        # Removed by another run, or by a person. A missing permission says the same; then the next
        # round, which creates one, says so.
        return None
    return comment(edited).url


def _remove(client: GitHubClient, number: int, surplus: StoredComment) -> None:
    what = f"remove our second comment at the pull request {number}"
    path = f"/issues/comments/{surplus.id}"
    try:
        client.write("DELETE", path, None, what, _WRITES, repeatable=True)
    except NotFound:
        return  # the other run was faster


def _same(stored: str, text: str) -> bool:
    return stored.replace("\r\n", "\n").rstrip() == text.rstrip()
