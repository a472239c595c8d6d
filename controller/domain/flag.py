"""A flag: a named switch with a per-merchant home, a global home, or both."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from controller.domain.instants import is_over

KEY: Final = "[a-z][a-z0-9_]{0,62}"
"""The pattern of a flag's key."""

KEY_IN_WORDS: Final = "lower-case letters, digits and _, at most 63, starting with a letter"


@dataclass(frozen=True, slots=True)
class Override:
    """A reviewed exception for one merchant; it beats the rollout until it expires."""

    merchant: str
    value: bool
    reason: str
    expires: date | None = None

    def active_at(self, now: datetime) -> bool:
        """Whether the override still counts: its last day, in UTC, is included."""
        return self.expires is None or not is_over(self.expires, now)


@dataclass(frozen=True, slots=True)
class MerchantConfigHome:
    """The per-merchant home of a flag: a boolean column of `"MerchantConfig"`."""

    column: str


@dataclass(frozen=True, slots=True)
class DeployEnvHome:
    """The global home of a flag.

    A variable of the deploy environment, and what its two values are.
    """

    variable: str
    enabled: str
    disabled: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A named switch, as `flags/KEY.yaml` describes it.

    Attributes:
        globally_on: The file's `global`: on for everyone through the deploy environment.
        overrides: Sorted by merchant; at most one a merchant.
    """

    key: str
    description: str
    owner: str
    expires: date | None
    merchant_config: MerchantConfigHome | None
    deploy_env: DeployEnvHome | None
    globally_on: bool
    overrides: tuple[Override, ...]
