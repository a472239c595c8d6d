"""Gathering for `status`: one look at everything, whatever revision is checked out.

A reconcile refuses files that are older than what was applied; a look at where things stand must
not, at 3 a.m. least of all. It says so instead. No gate is asked: what the gates said last is read
out of the ledger, for all flags at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from controller.domain.desired import Desired
from controller.domain.standing import Overview, overview, with_verdicts
from controller.errors import RolloutError
from controller.gate.verdict import Verdict
from controller.inquiry.files import relation_of_files
from controller.inquiry.judged import Judged, is_of_this_stay, read_judged
from controller.merchant_store.interface import MerchantStore
from controller.ports import Ports
from controller.reconcile import survey
from controller.source_control.git import Relation


@dataclass(frozen=True, slots=True)
class Status:
    """Where every rollout of an environment stands.

    Attributes:
        files: How the revision checked out relates to the one applied last; None where either is
            not known.
        deploy_problem: Why the deploy environment could not be read.
        judged: What the gate of the present phase said last, by flag; flags are missing that have
            no gate to pass, and those whose gate nobody has asked.
    """

    overview: Overview
    files: Relation | None
    deploy_problem: RolloutError | None
    judged: Mapping[str, Judged] = field(default_factory=dict)


def look(ports: Ports, desired: Desired) -> Status:
    """See where every rollout stands.

    Raises:
        Refused: A flag's column has a type that no flag can live in, or there are no merchants.
        DatabaseUnreachable: The database did not answer.
    """
    found = survey(replace(ports, history=None), desired)
    seen = overview(found.plan, found.world)
    judged = _judged(ports.store, seen)
    return Status(
        with_verdicts(
            seen,
            harmful=frozenset(_flags_with(Verdict.ROLLBACK, seen, judged)),
            ready=frozenset(_flags_with(Verdict.PROCEED, seen, judged)),
        ),
        relation_of_files(ports.history, desired, found.world.ledger),
        found.deploy_problem,
        judged,
    )


def _judged(store: MerchantStore, seen: Overview) -> Mapping[str, Judged]:
    gated = [standing.flag for standing in seen.standings if standing.is_gated]
    return {stored.flag: read_judged(stored) for stored in store.newest_evidence(gated)}


def _flags_with(verdict: Verdict, seen: Overview, judged: Mapping[str, Judged]) -> Iterator[str]:
    """The flags of which a gate says so about the present stay in the phase."""
    for standing in seen.standings:
        found = judged.get(standing.flag)
        if found is None or standing.applied is None or found.verdict != verdict.value:
            continue
        if verdict is Verdict.PROCEED and found.evidence is None:  # nobody can say why
            continue
        if is_of_this_stay(found, standing.applied):
            yield standing.flag
