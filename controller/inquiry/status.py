"""Gathering for `status`: one look at everything, whatever revision is checked out.

A reconcile refuses files that are older than what was applied; a look at where things stand must
not, at 3 a.m. least of all. It says so instead.
"""

from dataclasses import dataclass, replace

from controller.domain.desired import Desired
from controller.domain.standing import Overview, overview
from controller.errors import RolloutError
from controller.inquiry.files import relation_of_files
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
    """

    overview: Overview
    files: Relation | None
    deploy_problem: RolloutError | None


def look(ports: Ports, desired: Desired) -> Status:
    """See where every rollout stands.

    Raises:
        Refused: A flag's column has a type that no flag can live in, or there are no merchants.
        DatabaseUnreachable: The database did not answer.
    """
    found = survey(replace(ports, history=None), desired)
    return Status(
        overview(found.plan, found.world),
        relation_of_files(ports.history, desired, found.world.ledger),
        found.deploy_problem,
    )
