"""`rollout/FLAG.yaml`: the ladder of phases for one flag, and the phase it is in."""

from datetime import timedelta
from typing import Annotated

from pydantic import ConfigDict, Discriminator, Field, Tag

from controller.config.fields import (
    BucketingVersion,
    EnvironmentName,
    FileModel,
    FlagKey,
    GateName,
    Given,
    MerchantId,
    NewPhaseName,
    Percentage,
    PhaseName,
    Salt,
    Wait,
)
from controller.config.gate_file import GateKeys
from controller.domain.rollout import Bucketing, Eligibility, Phase, Rollout

_ONE_PHASE = "<one phase>"
_BY_ENVIRONMENT = "<by environment>"


class BucketingKeys(FileModel):
    """How merchants are spread over the buckets 0 to 9999. Fixed while the rollout lives."""

    salt: Salt = Field(
        description="Mixed into every merchant's bucket, usually the flag's key. Rollouts with one "
        "salt reach the same merchants first."
    )
    version: BucketingVersion = Field(
        description="The arithmetic of docs/bucketing.md. Always 1 so far."
    )


class EligibleKeys(FileModel):
    """Who may be swept in by a percentage below 100. Naming a merchant in a phase beats it."""

    min_merchant_age: Wait = Field(
        timedelta(0), description="How old a merchant's account must be, by `Merchant.createdAt`."
    )
    exclude: tuple[MerchantId, ...] = Field(
        (), description="Merchants that only 100% may reach, for example custom integrations."
    )


class PhaseKeys(FileModel):
    """One step of the ladder. Exactly one of `merchants` and `percent`."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["merchants"]}, {"required": ["percent"]}]}
    )

    name: NewPhaseName = Field(description="What `phase` calls it, for example `pilot` or `10%`.")
    merchants: Given[tuple[MerchantId, ...]] = Field(
        None, min_length=1, description="The merchants that this phase turns on, by `Merchant.id`."
    )
    percent: Given[Percentage] = Field(
        None, description="The share of eligible merchants that this phase turns on."
    )
    soak: Wait = Field(
        timedelta(0), description="How long the phase must have been applied before the next one."
    )
    gate: Given[GateName] = Field(
        None,
        description="The gate to pass before the next phase: one of `gates` below, or the name of "
        "a file in `rollout/gates/`.",
    )


def _phase_form(value: object) -> str:
    return _BY_ENVIRONMENT if isinstance(value, dict) else _ONE_PHASE


class RolloutFile(FileModel):
    """A rollout. A promotion changes one line of it: `phase`."""

    flag: FlagKey = Field(description="The flag's key; also the name of this file.")
    phase: Annotated[
        Annotated[PhaseName, Tag(_ONE_PHASE)]
        | Annotated[dict[EnvironmentName, PhaseName], Tag(_BY_ENVIRONMENT)],
        Discriminator(_phase_form),
    ] = Field(
        description="The phase it is in: `off`, or a name from `phases`. One for all environments, "
        "or a mapping that names a phase for every environment."
    )
    bucketing: BucketingKeys = Field(description="How merchants are spread over the percentages.")
    eligible: EligibleKeys = Field(
        {}, validate_default=True, description="Who may be swept in by a percentage below 100."
    )
    phases: tuple[PhaseKeys, ...] = Field(
        min_length=1, description="The ladder, from the narrowest phase to the widest."
    )
    gates: dict[GateName, GateKeys] = Field(
        {},
        description="Gates of this rollout alone, by name, with the keys of a gate file.",
    )

    def phase_in(self, environment: str) -> str | None:
        """The phase it is in there; None where its mapping leaves the environment out."""
        return self.phase.get(environment) if isinstance(self.phase, dict) else self.phase

    @property
    def phase_names(self) -> tuple[str, ...]:
        """The ladder's names, `off` not among them."""
        return tuple(phase.name for phase in self.phases)


def to_rollout(file: RolloutFile, phase: str) -> Rollout:
    """The domain's value for an environment in which it is in `phase`."""
    return Rollout(
        flag=file.flag,
        phase=phase,
        bucketing=Bucketing(file.bucketing.salt, file.bucketing.version),
        eligible=Eligibility(file.eligible.min_merchant_age, frozenset(file.eligible.exclude)),
        phases=tuple(_to_phase(phase) for phase in file.phases),
    )


def _to_phase(keys: PhaseKeys) -> Phase:
    merchants = tuple(sorted(keys.merchants or ()))
    return Phase(keys.name, merchants, keys.percent, keys.soak, keys.gate)
