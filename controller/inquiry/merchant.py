"""Gathering for `explain`: everything the world holds about one merchant.

A few keyed reads, not a pass over all merchants: it answers at once however many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from controller.deploying import read_deploy_env
from controller.domain.authorship import Authorship
from controller.domain.deploy import DeployState
from controller.domain.deploy_planning import deploy_changes
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.explanation import Explanation, Found, explain
from controller.domain.global_value import global_values
from controller.domain.merchant import Merchant
from controller.errors import RolloutError, UsageError
from controller.inquiry.files import relation_of_files
from controller.merchant_store.app_schema_reading import refuse_other_types
from controller.merchant_store.interface import Snapshot
from controller.ports import Ports
from controller.source_control.git import Relation

_SUGGESTIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Why one merchant has each flag or not.

    Attributes:
        now: The database's clock.
        files: How the revision checked out relates to the one applied last; None where either is
            not known.
        explanations: Sorted by flag.
        deploy_problem: Why the deploy environment could not be read; what the app computes is then
            open wherever it matters.
    """

    environment: str
    generation: int
    now: datetime
    merchant: Merchant
    files: Relation | None
    explanations: tuple[Explanation, ...]
    deploy_problem: RolloutError | None


def inquire(ports: Ports, desired: Desired, reference: str) -> Inquiry:
    """Explain every flag of `desired` for one merchant.

    Args:
        ports: The outside world; only read.
        desired: What git says.
        reference: The merchant's id, or its shop domain.

    Raises:
        UsageError: There is no such merchant.
        Refused: A flag's column has a type that no flag can live in.
        DatabaseUnreachable: The database did not answer.
    """
    state, problem = read_deploy_env(ports.deploy_env, desired.flags)
    with ports.store.snapshot() as snapshot:
        refuse_other_types(desired.flags, snapshot.schema)
        merchant = find_merchant(snapshot, reference)
        return Inquiry(
            environment=desired.environment.name,
            generation=snapshot.ledger.generation,
            now=snapshot.now,
            merchant=merchant,
            files=relation_of_files(ports.history, desired, snapshot.ledger),
            explanations=_explanations(snapshot, desired, merchant, state),
            deploy_problem=problem,
        )


def find_merchant(snapshot: Snapshot, reference: str) -> Merchant:
    """The merchant of an id or a shop domain; an id wins over a shop domain of the same text.

    Raises:
        UsageError: There is none; merchants that look alike are named.
    """
    found = snapshot.find_merchants([reference])
    if not found:
        raise _no_such_merchant(snapshot, reference)
    return next((merchant for merchant in found if merchant.id == reference), found[0])


def _no_such_merchant(snapshot: Snapshot, reference: str) -> UsageError:
    if snapshot.last_changes(reference):
        return UsageError(
            f"merchant {reference} is not there any more: the app has deleted it",
            f"what it had: rolloutctl history --merchant {reference}",
        )
    alike = snapshot.similar_merchants(reference, _SUGGESTIONS)
    listed = ", ".join(f"{merchant.shop_domain} ({merchant.id})" for merchant in alike)
    return UsageError(
        f"there is no merchant with the id or shop domain {reference}",
        f"did you mean {listed}?" if listed else "give a merchant's id, or its whole shop domain",
    )


def _explanations(
    snapshot: Snapshot, desired: Desired, merchant: Merchant, state: DeployState | None
) -> tuple[Explanation, ...]:
    ledger = snapshot.ledger
    stored = _stored(snapshot, desired.flags, merchant)
    changes = snapshot.last_changes(merchant.id)
    written = snapshot.config_updated_at([merchant.id]).get(merchant.id)
    due = deploy_changes(desired, ledger, state)
    return tuple(
        explain(
            flag,
            ledger,
            merchant,
            snapshot.now,
            Found(
                value=stored.get(flag.key),
                authorship=Authorship.of(flag.key, changes, written),
                globals=global_values(flag, state, due, halted=flag.key in ledger.halts),
            ),
        )
        for flag in desired.flags
    )


def _stored(
    snapshot: Snapshot, flags: Sequence[DesiredFlag], merchant: Merchant
) -> dict[str, bool | None]:
    homes = [(f.key, f.flag.merchant_config.column) for f in flags if f.flag.merchant_config]
    values = snapshot.values_of(merchant.id, [column for _, column in homes])
    return {key: value for (key, _), value in zip(homes, values, strict=True)}
