"""Gathering for `drift`: what somebody else changed, and who wrote it last.

A plan finds the values; the rows of those merchants that are shown by name are then asked for who
wrote them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from controller.domain.authorship import Authorship
from controller.domain.deploy import DeployAction
from controller.domain.desired import Desired
from controller.domain.drift import Drift, MerchantDrift, find_drift
from controller.domain.merchant import Merchant
from controller.domain.plan import SHOWN, Plan
from controller.errors import Refused, RolloutError
from controller.merchant_store.interface import MerchantStore
from controller.ports import Ports
from controller.reconcile import survey


@dataclass(frozen=True, slots=True)
class Witness:
    """What is known of one merchant whose value somebody else set.

    Attributes:
        merchant: None where it has been deleted since.
    """

    merchant: Merchant | None
    authorship: Authorship


@dataclass(frozen=True, slots=True)
class DriftReport:
    """Everything that somebody else changed in an environment.

    Attributes:
        now: The database's clock.
        witnesses: By flag and merchant; of the merchants that are shown by name.
        deploy_problem: Why the deploy environment, or a value in it, could not be read; its drift
            is then unknown.
    """

    environment: str
    generation: int
    now: datetime
    drift: Drift
    witnesses: Mapping[tuple[str, str], Witness]
    deploy_problem: RolloutError | None


def shown(drift: MerchantDrift) -> tuple[str, ...]:
    """The merchants to show by name; the total is always shown, too."""
    return drift.merchants[:SHOWN]


def look_for_drift(ports: Ports, desired: Desired, flag: str | None = None) -> DriftReport:
    """Find what somebody else changed.

    Args:
        ports: The outside world; only read.
        desired: What git says, of every flag.
        flag: Report only this flag.

    Raises:
        Stale: The files are older than what was applied; drift cannot be told from change then.
        DatabaseUnreachable: The database did not answer.
    """
    found = survey(ports, desired)
    drift = _of_flag(find_drift(found.plan, found.world), flag)
    return DriftReport(
        environment=found.plan.environment,
        generation=found.plan.generation,
        now=found.world.now,
        drift=drift,
        witnesses=_witnesses(ports.store, drift),
        deploy_problem=found.deploy_problem or _unreadable(found.plan, flag),
    )


def _unreadable(plan: Plan, flag: str | None) -> Refused | None:
    """What is stored, but cannot be read back: nobody can tell whether somebody changed it."""
    names = [
        f"{change.variable} ({change.target})"
        for change in plan.deploy_changes
        if change.action is DeployAction.UNREADABLE and flag in (None, change.flag)
    ]
    if not names:
        return None
    return Refused(
        f"cannot be read back, so nobody can tell whether it was changed: {', '.join(names)}",
        "make it readable, see docs/vercel.md",
    )


def _of_flag(drift: Drift, flag: str | None) -> Drift:
    if flag is None:
        return drift
    return replace(
        drift,
        merchants=tuple(found for found in drift.merchants if found.flag == flag),
        variables=tuple(found for found in drift.variables if found.change.flag == flag),
    )


def _witnesses(store: MerchantStore, drift: Drift) -> Mapping[tuple[str, str], Witness]:
    wanted = [(found.flag, merchant) for found in drift.merchants for merchant in shown(found)]
    if not wanted:
        return {}
    ids = sorted({merchant for _, merchant in wanted})
    with store.snapshot() as snapshot:
        merchants = {merchant.id: merchant for merchant in snapshot.find_merchants(ids)}
        written = snapshot.config_updated_at(ids)
        changes = {merchant: snapshot.last_changes(merchant) for merchant in ids}
    return {
        (flag, merchant): Witness(
            merchants.get(merchant),
            Authorship.of(flag, changes[merchant], written.get(merchant)),
        )
        for flag, merchant in wanted
    }
