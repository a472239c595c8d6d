"""The options of the `vercel` adapter, as `rollout/environments/*.yaml` gives them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Self

from controller.deploy_env.options import AdapterOptions
from controller.errors import UsageError
from controller.http_calls.secret import Secret

NAME: Final = "vercel"
"""What environment files call this adapter."""

_API: Final = "https://api.vercel.com"
_TOKEN: Final = "VERCEL_TOKEN"  # noqa: S105 -- the name of a variable, not its content
_TIMEOUT: Final = timedelta(minutes=10)
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_OPTIONS: Final = frozenset(
    {
        "project",
        "team_id",
        "team_slug",
        "token",
        "api_url",
        "redeploy",
        "deploy_hook",
        "redeploy_timeout",
        "verify_url",
    }
)


class RedeployMode(StrEnum):
    """How a written variable gets to the app."""

    AUTO = "auto"  # the deployment that is live is deployed anew
    HOOK = "hook"  # a deploy hook is called: the newest commit of its branch is deployed
    NEVER = "never"  # somebody else deploys; until then a redeploy is pending


@dataclass(frozen=True, slots=True)
class VercelOptions:
    """What the adapter needs to know.

    Attributes:
        project: The project's id or name.
        scope: `teamId` or `slug`, as it goes with every request.
        hook: The deploy hook's address, which is a secret; None unless the mode is `hook`.
        verify_url: Where the app tells what it runs with; None where it does not.
    """

    project: str
    scope: Mapping[str, str]
    token: Secret
    api_url: str = _API
    redeploy: RedeployMode = RedeployMode.AUTO
    hook: Secret | None = None
    redeploy_timeout: timedelta = _TIMEOUT
    verify_url: str | None = None

    @classmethod
    def parse(cls, options: Mapping[str, str], secrets: Mapping[str, str]) -> Self:
        """Read the options.

        Raises:
            UsageError: One is missing, unknown or malformed, or a secret is not set.
        """
        given = AdapterOptions(NAME, options, secrets, _OPTIONS)
        mode = RedeployMode(given.choice("redeploy", tuple(RedeployMode), RedeployMode.AUTO))
        return cls(
            project=_identifier(given, "project"),
            scope=_scope(given),
            token=given.secret("token", _TOKEN),
            api_url=(given.url("api_url") or _API).rstrip("/"),
            redeploy=mode,
            hook=given.secret_url("deploy_hook") if mode is RedeployMode.HOOK else None,
            redeploy_timeout=given.duration("redeploy_timeout", _TIMEOUT),
            verify_url=given.url("verify_url"),
        )


def _scope(given: AdapterOptions) -> Mapping[str, str]:
    names = {name for name in ("team_id", "team_slug") if given.text(name)}
    if len(names) != 1:
        raise UsageError(
            "the deploy environment vercel needs either `team_id` or `team_slug`",
            "both are shown in the team's settings at Vercel; give one of them",
        )
    name = names.pop()
    return {"teamId" if name == "team_id" else "slug": _identifier(given, name)}


def _identifier(given: AdapterOptions, name: str) -> str:
    value = given.required(name)
    if not _IDENTIFIER.fullmatch(value):
        raise UsageError(
            f"the option `{name}` of the deploy environment vercel is {value[:140]!r}",
            "it consists of letters, digits, dots, dashes and underscores",
        )
    return value
