"""What the adapter for GitHub is told by the variables that every GitHub Actions job has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from controller.errors import UsageError
from controller.http_calls.address import is_safe_url
from controller.http_calls.secret import Secret

_REPOSITORY: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}")
_TOKEN: Final = re.compile(r"[!-~]{1,1000}")
_NUMBER: Final = re.compile(r"[0-9]{1,20}")
_ENTERPRISE: Final = "/api/v3"


@dataclass(frozen=True, slots=True)
class GitHubOptions:
    """Where the repository is, and the token for it.

    Attributes:
        repository: `owner/name`.
        api_url: The address of the REST API, without a slash at its end.
        run_url: Where people look at the run that speaks; empty outside GitHub Actions.
    """

    repository: str
    api_url: str
    token: Secret
    run_url: str = ""

    @classmethod
    def parse(cls, variables: Mapping[str, str]) -> "GitHubOptions":
        """Read them.

        Args:
            variables: The process's environment variables. Empty ones count as missing: a workflow
                sets a secret that a fork does not get to the empty text.

        Raises:
            UsageError: One is missing or malformed. Its content is not shown.
        """
        repository = variables.get("GITHUB_REPOSITORY", "").strip()
        if not _REPOSITORY.fullmatch(repository):
            raise UsageError(
                "the variable GITHUB_REPOSITORY does not name a repository as owner/name",
                "export GITHUB_REPOSITORY=acme/shop; GitHub Actions sets it by itself",
            )
        api_url = (variables.get("GITHUB_API_URL") or "https://api.github.com").rstrip("/")
        if not is_safe_url(api_url):
            raise UsageError(
                "the variable GITHUB_API_URL is not an https address",
                "leave it out for github.com; for an Enterprise Server: "
                "export GITHUB_API_URL=https://HOST/api/v3",
            )
        return cls(repository, api_url, _token(variables), run_url(variables))

    @property
    def owner(self) -> str:
        """The account that the repository belongs to."""
        return self.repository.partition("/")[0]

    @property
    def root(self) -> str:
        """The address below which both the REST and the GraphQL API stand."""
        return self.api_url.removesuffix("/v3") if self._is_enterprise else self.api_url

    @property
    def rest(self) -> str:
        """The path of the REST API below `root`."""
        return "/v3" if self._is_enterprise else ""

    @property
    def _is_enterprise(self) -> bool:
        return self.api_url.endswith(_ENTERPRISE)


def run_url(variables: Mapping[str, str]) -> str:
    """Where people look at this run of GitHub Actions; empty outside of it."""
    server = variables.get("GITHUB_SERVER_URL", "")
    repository = variables.get("GITHUB_REPOSITORY", "")
    run = variables.get("GITHUB_RUN_ID", "")
    if not (is_safe_url(server) and _REPOSITORY.fullmatch(repository) and _NUMBER.fullmatch(run)):
        return ""
    return f"{server}/{repository}/actions/runs/{run}"


def _token(variables: Mapping[str, str]) -> Secret:
    text = variables.get("GITHUB_TOKEN", "").strip()
    if not text:
        raise UsageError(
            "GitHub cannot be asked: the variable GITHUB_TOKEN is not set",
            "in a workflow: `env: GITHUB_TOKEN: ${{ github.token }}`; docs/github.md says which "
            "permissions it needs",
        )
    if not _TOKEN.fullmatch(text):
        raise UsageError(
            "the variable GITHUB_TOKEN holds characters that no token has",
            "set it anew: one line of printable ASCII without spaces",
        )
    return Secret(text)
