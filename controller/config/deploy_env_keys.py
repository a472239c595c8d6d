"""Which adapter writes the deploy environment, with its options; part of an environment file.

The two built-in adapters have strict options. Those of other people's adapters are texts here; the
adapter itself checks them when it is made.
"""

from datetime import timedelta
from enum import Enum, StrEnum
from typing import Annotated, Final, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, Tag

from controller.config.fields import (
    AdapterName,
    FileModel,
    FilePath,
    Given,
    HookVariable,
    OptionName,
    SettingText,
    Slug,
    Span,
    TokenVariable,
    WebAddress,
)
from controller.config.texts import choice
from controller.domain.environment import DeployEnvSettings
from controller.domain.units import format_duration

BUILT_IN: Final = ("dotenv", "vercel")


class _Vercel(Enum):
    NAME = "vercel"


class _Dotenv(Enum):
    NAME = "dotenv"


class Redeploy(StrEnum):
    """How a changed variable reaches the running app."""

    AUTO = "auto"
    HOOK = "hook"
    NEVER = "never"


class VercelOptions(FileModel):
    """The options of the Vercel adapter."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["team_id"]}, {"required": ["team_slug"]}]}
    )

    project: Slug = Field(description="The project's id (`prj_…`) or name.")
    team_id: Given[Slug] = Field(
        None, description="The team's id (`team_…`). Exactly one of this and `team_slug`."
    )
    team_slug: Given[Slug] = Field(None, description="The team's name in web addresses.")
    token: TokenVariable = Field(
        "VERCEL_TOKEN", description="The variable of this process that holds the access token."
    )
    api_url: Given[WebAddress] = Field(
        None, description="Another address of the API, for a proxy or a test."
    )
    redeploy: Annotated[Redeploy, choice(Redeploy)] = Field(
        Redeploy.AUTO,
        description="How a changed variable reaches the app: `auto` deploys the newest production "
        "deployment again, `hook` calls a deploy hook, `never` leaves it to you.",
    )
    deploy_hook: Given[HookVariable] = Field(
        None,
        description="The variable of this process that holds the deploy hook's address. Needed for "
        "`redeploy: hook`.",
    )
    redeploy_timeout: Span = Field(
        timedelta(minutes=10), description="How long to wait until the new deployment is live."
    )
    verify_url: Given[WebAddress] = Field(
        None, description="An address of the app that shows the value it really runs with."
    )


class DotenvOptions(FileModel):
    """The options of the dotenv adapter."""

    path: FilePath = Field(description="The file to write, relative to the repository.")


class VercelKeys(FileModel):
    """Vercel."""

    adapter: Annotated[_Vercel, choice(_Vercel)] = Field(description="This adapter.")
    options: VercelOptions = Field(description="The adapter's options.")


class DotenvKeys(FileModel):
    """A dotenv file."""

    adapter: Annotated[_Dotenv, choice(_Dotenv)] = Field(description="This adapter.")
    options: DotenvOptions = Field(description="The adapter's options.")


class OtherKeys(FileModel):
    """An adapter from another package."""

    adapter: AdapterName = Field(
        description="The name of its entry point in the group `rolloutctl.deploy_env`.",
        json_schema_extra={"not": {"enum": list(BUILT_IN)}},
    )
    options: dict[OptionName, SettingText] = Field(
        {}, description="Its options, as it documents them."
    )


def _adapter(value: object) -> str:
    name = value.get("adapter") if isinstance(value, dict) else None
    return f"<{name}>" if name in BUILT_IN else "<other>"


DeployEnvironmentKeys: TypeAlias = Annotated[
    Annotated[DotenvKeys, Tag("<dotenv>")]
    | Annotated[VercelKeys, Tag("<vercel>")]
    | Annotated[OtherKeys, Tag("<other>")],
    Discriminator(_adapter),
]


def to_deploy_env(keys: DotenvKeys | VercelKeys | OtherKeys) -> DeployEnvSettings:
    """The domain's value: every option that has a value, as the adapter reads it."""
    if isinstance(keys, OtherKeys):
        return DeployEnvSettings(keys.adapter, dict(keys.options))
    options = {name: value for name, value in keys.options if value is not None}
    return DeployEnvSettings(
        keys.adapter.value, {name: _text(value) for name, value in options.items()}
    )


def _text(value: object) -> str:
    return format_duration(value) if isinstance(value, timedelta) else str(value)
