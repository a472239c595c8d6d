"""`flags/KEY.yaml`: one flag, where it lives, and its reviewed exceptions."""

from pydantic import Field

from controller.config.fields import (
    Column,
    FileModel,
    FlagKey,
    Given,
    LastDay,
    MerchantId,
    Sentence,
    SettingText,
    Target,
    Variable,
    Who,
    YesNo,
)
from controller.domain.flag import DeployEnvHome, Flag, MerchantConfigHome, Override


class MerchantConfigKeys(FileModel):
    """The per-merchant home: a boolean column of the app's `"MerchantConfig"` table."""

    column: Column = Field(description="The column's name, as PostgreSQL knows it.")


class DeployEnvKeys(FileModel):
    """The global home: a variable of the deploy environment."""

    variable: Variable = Field(description="The variable's name.")
    enabled: SettingText = Field("1", description="The value that turns the flag on for everyone.")
    disabled: SettingText = Field("0", description="The value that leaves it to each merchant.")
    targets: tuple[Target, ...] = Field(
        ("production",),
        min_length=1,
        description="Where the variable is set, in the deploy environment's own words.",
    )


class OverrideKeys(FileModel):
    """A reviewed exception for one merchant; it beats the rollout, but not a halt."""

    merchant: MerchantId = Field(description="The merchant's `Merchant.id`, never a shop domain.")
    value: YesNo = Field(description="Whether this merchant has the feature.")
    reason: Sentence = Field(description="Why, for the next person who wonders.")
    expires: Given[LastDay] = Field(
        None,
        description="The last day, in UTC, on which it counts. Without it, it counts for ever.",
    )


class FlagFile(FileModel):
    """A flag: a named switch with a per-merchant home, a global home, or both."""

    key: FlagKey = Field(description="The flag's name; also the name of this file.")
    description: Sentence = Field(description="What merchants get when it is on.")
    owner: Who = Field(description='The team or person to ask, for example `"@acme/orders"`.')
    expires: Given[LastDay] = Field(
        None,
        description="The day by which the flag should be gone. Needed for a flag with a rollout.",
    )
    merchant_config: Given[MerchantConfigKeys] = Field(
        None, description="Where each merchant's value lives. Needed for a rollout and overrides."
    )
    deploy_env: Given[DeployEnvKeys] = Field(
        None, description="Where the value for everyone lives. Needed for `global: true`."
    )
    globally_on: YesNo = Field(
        False,
        alias="global",
        description="Whether it is on for everyone through the deploy environment. Allowed only "
        "from the last phase of its rollout: nobody can be off any more.",
    )
    overrides: tuple[OverrideKeys, ...] = Field((), description="Exceptions, one a merchant.")


def to_flag(file: FlagFile) -> Flag:
    """The domain's value."""
    config, deploy = file.merchant_config, file.deploy_env
    return Flag(
        key=file.key,
        description=file.description,
        owner=file.owner,
        expires=file.expires,
        merchant_config=MerchantConfigHome(config.column) if config else None,
        deploy_env=DeployEnvHome(deploy.variable, deploy.enabled, deploy.disabled, deploy.targets)
        if deploy
        else None,
        globally_on=file.globally_on,
        overrides=tuple(
            Override(override.merchant, override.value, override.reason, override.expires)
            for override in sorted(file.overrides, key=lambda override: override.merchant)
        ),
    )
