"""GitHub's API as calls for one repository: pages followed, refusals explained.

Knows the way, not what is sent on it: `github.py` and `github_comments.py` decide what to call.
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from controller.errors import ForgeUnreachable, Refused
from controller.forge.github_manners import MANNERS
from controller.forge.github_options import GitHubOptions
from controller.forge.github_shapes import Actor, objects, viewer
from controller.http_calls.caller import RUN_AGAIN, Answer, HttpCaller, Patience, Request
from controller.http_calls.secret import Redactor

_MAX_PAGES: Final = 100
_PAGE: Final = 100
_NEXT: Final = re.compile(r'<([^<>]*)>\s*;(?:[^,<]*;)?\s*rel="?next"?')
_MOVED: Final = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)
_HEADERS: Final = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
}


class NotFound(Refused):
    """GitHub answered 404 or 410: it is not there, or the token may not see it."""


class Invalid(Refused):
    """GitHub answered 422 or 409: the request does not fit with what is there."""


class GitHubClient:
    """The calls that the adapter makes, for one repository."""

    def __init__(self, options: GitHubOptions, patience: Patience) -> None:
        self._options = options
        self._actor: Actor | None = None
        self._http = HttpCaller(
            "GitHub",
            options.root,
            MANNERS,
            redactor=Redactor([options.token]),
            patience=patience,
            headers={**_HEADERS, "Authorization": f"Bearer {options.token.reveal()}"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def whoami(self) -> Actor:
        """Whose token it is. Asked once.

        The REST API tells it to a person's token only; GraphQL tells it to an app's as well.

        Raises:
            ForgeUnreachable: GitHub does not say.
        """
        if self._actor is None:
            body = {"query": "{viewer{login databaseId}}"}
            request = Request("POST", "/graphql", body=body, repeatable=True)
            answer = self._http.send(request)
            if not answer.succeeded:
                raise self._refused(answer, "tell whose token it is", "")
            self._actor = viewer(answer.body)
        return self._actor

    def get(self, path: str, what: str, needs: str) -> object:
        """Read one thing.

        Args:
            path: Below the repository, percent-encoded.
            what: What is done, for messages: "read the pull request 7".
            needs: The permission for it, as a workflow writes it: `pull-requests: read`.

        Raises:
            Refused: GitHub says no; `NotFound` where it is not there.
            ForgeUnreachable: There was no answer.
        """
        return self._send(self._request("GET", path), what, needs).body

    def pages(
        self, path: str, what: str, needs: str, query: Mapping[str, str] | None = None
    ) -> Iterator[list[Mapping[str, object]]]:
        """A list, page by page, to its end.

        Only the query of a next page's address is used: the token goes nowhere else.

        Raises:
            Refused: GitHub says no.
            ForgeUnreachable: It cannot be read to its end.
        """
        asked: dict[str, str | int] = {**(query or {}), "per_page": _PAGE}
        for _ in range(_MAX_PAGES):
            answer = self._send(self._request("GET", path, asked), what, needs)
            yield objects(answer.body)
            following = _NEXT.search(answer.headers.get("link", ""))
            if following is None:
                return
            asked = dict(parse_qsl(urlsplit(following[1]).query))
        raise ForgeUnreachable(f"GitHub's list does not end: {what}", RUN_AGAIN)

    def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None,
        what: str,
        needs: str,
        *,
        repeatable: bool,
    ) -> object:
        """Change something.

        Args:
            method: POST, PATCH or DELETE.
            path: Below the repository, percent-encoded.
            body: What is sent.
            what: What is done, for messages.
            needs: The permission for it.
            repeatable: Whether carrying it out twice is the same as once.

        Raises:
            ReplyLost: It may have been carried out, and is not repeatable.
            Refused: GitHub says no; `NotFound` or `Invalid` where it says why.
            ForgeUnreachable: There was no answer.
        """
        request = self._request(method, path, None, body, repeatable=repeatable)
        return self._send(request, what, needs).body

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
        *,
        repeatable: bool = False,
    ) -> Request:
        return Request(
            method,
            f"{self._options.rest}/repos/{self._options.repository}{path}",
            query,
            body,
            label=f"{method} {path}",
            json_reply=method != "DELETE",  # it is answered with nothing
            repeatable=repeatable,
        )

    def _send(self, request: Request, what: str, needs: str) -> Answer:
        answer = self._http.send(request)
        if not answer.succeeded:
            raise self._refused(answer, what, needs)
        return answer

    def _refused(self, answer: Answer, what: str, needs: str) -> Refused:
        message = f"GitHub refused to {what}: it answered {answer}"
        if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            return NotFound(message, self._remedy(answer, needs))
        if answer.status in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT}:
            return Invalid(message, "docs/github.md says what GitHub needs; then run it again")
        return Refused(message, self._remedy(answer, needs))

    def _remedy(self, answer: Answer, needs: str) -> str:
        if answer.status in _MOVED:
            return "the repository has another name now: set GITHUB_REPOSITORY to it"
        if answer.status == HTTPStatus.UNAUTHORIZED:
            return "GITHUB_TOKEN is not valid, or not any more: set it anew"
        if "x-github-sso" in answer.headers:
            return "authorize the token for the organisation: Settings, Tokens, Configure SSO"
        if "not permitted to create" in answer.message:
            return (
                "let it: Settings, Actions, General, Workflow permissions, "
                "Allow GitHub Actions to create and approve pull requests; or use an app's token"
            )
        if answer.status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND} and needs:
            seen = " (GitHub answers 404 for what a token may not see)"
            hidden = seen if answer.status == HTTPStatus.NOT_FOUND else ""
            return (
                f"the token lacks `{needs}`{hidden}, or {self._options.repository} is not the "
                "repository: check `permissions:` of the job; docs/github.md lists them"
            )
        return "docs/github.md says what GitHub needs; then run it again"
