"""Gathering for `candidates`: what merchants did, who they are, and what the files say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from controller.activity import busy
from controller.config.configuration import Configuration
from controller.config.edit import can_be_named
from controller.domain.candidates import Activity, Candidate, CandidateRules, Search
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.merchant import Merchant
from controller.errors import UsageError
from controller.inquiry.records import run_records
from controller.merchant_store.interface import Snapshot
from controller.ports import Ports

_LOOKED_AT: Final = 1_000
"""How many of the best by their runs are looked at; who is too young is known only then."""

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Candidates:
    """Merchants for the pilot of one flag.

    Attributes:
        phase: The first one of its ladder; None where the flag has no rollout.
        now: The database's clock.
        ranked: Those looked at: fit ones first, then the nearest misses.
    """

    environment: str
    flag: str
    phase: str | None
    now: datetime
    rules: CandidateRules
    activity: Activity
    ranked: tuple[Candidate, ...]

    @property
    def fit(self) -> tuple[Candidate, ...]:
        """Those that no rule speaks against, the best first."""
        return tuple(candidate for candidate in self.ranked if candidate.is_fit)


def find_candidates(
    ports: Ports, desired: Desired, flag: DesiredFlag, rules: CandidateRules
) -> Candidates:
    """Find merchants for a flag's pilot. Nothing is written.

    Args:
        ports: The outside world; only read.
        desired: What git says.
        flag: The one that is to be tried.
        rules: What is asked of a merchant.

    Raises:
        UsageError: The flag has no value of its own for each merchant.
        Refused: What merchants did cannot be counted.
        DatabaseUnreachable: The database did not answer.
    """
    if flag.flag.merchant_config is None:
        raise UsageError(
            f"{flag.key} has no value for each merchant, so there is no pilot to choose",
            f"rolloutctl plan shows what changing its global value does; see flags/{flag.key}.yaml",
        )
    with ports.store.snapshot() as snapshot:
        now = snapshot.now
    # Not inside a snapshot: this may take long, and a session that idles so long is ended.
    with (
        busy("looking at what every merchant did"),
        run_records(ports, desired.environment) as records,
    ):
        activity = records.activity(rules, now, limit=_LOOKED_AT + _spoken_for(flag))
    with ports.store.snapshot() as snapshot:
        merchants = _merchants(snapshot, [one.merchant for one in activity.best])
    nameless = {merchant for merchant in merchants if not can_be_named(merchant)}
    return Candidates(
        environment=desired.environment.name,
        flag=flag.key,
        phase=flag.rollout.phases[0].name if flag.rollout else None,
        now=now,
        rules=rules,
        activity=activity,
        ranked=Search(flag, rules, now).rank(activity, merchants, nameless),
    )


def live_in(configuration: Configuration, flag: str) -> tuple[str, ...]:
    """The environments in which a flag's rollout has left off: there its first phase is live."""
    return tuple(
        name
        for name, rollouts in configuration.rollouts.items()
        if flag in rollouts and rollouts[flag].position
    )


def _spoken_for(flag: DesiredFlag) -> int:
    """How many merchants the files speak of: they must not use up those that are looked at."""
    rollout = flag.rollout
    if rollout is None:
        return len(flag.flag.overrides)
    named = rollout.named_up_to(rollout.last_position)
    return len(flag.flag.overrides) + len(rollout.eligible.exclude) + len(named)


def _merchants(snapshot: Snapshot, ids: Sequence[str]) -> Mapping[str, Merchant]:
    wanted = frozenset(ids)
    chunks = (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
    found = (merchant for chunk in chunks for merchant in snapshot.find_merchants(chunk))
    return {merchant.id: merchant for merchant in found if merchant.id in wanted}
