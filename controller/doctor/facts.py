"""Everything that the checks look at: gathered beforehand, plain values, nothing judged."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from controller.config.problems import Problem
from controller.doctor.finding import Finding, not_checked
from controller.domain.deploy import DeployState
from controller.domain.desired import Desired
from controller.domain.ledger import Ledger
from controller.domain.merchant import Merchant
from controller.errors import RolloutError
from controller.forge.interface import RequiredCheck
from controller.merchant_store.database_facts import DatabaseFacts
from controller.source_control.git import Relation


@dataclass(frozen=True, slots=True)
class GitFacts:
    """The repository.

    Attributes:
        revision: The commit checked out; None with local changes, before the first or without git.
        is_shallow: Whether a part of the history is missing; None outside git.
        problem: Why git would not say.
    """

    revision: str | None = None
    is_shallow: bool | None = None
    problem: RolloutError | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the merchant store knows, where it could be asked.

    Attributes:
        named: The merchants that the phases name and that exist, by id.
    """

    ledger: Ledger
    named: dict[str, Merchant]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything.

    Attributes:
        problems: Of the files, warnings included.
        desired: None where the files are not valid.
        has_url: Whether the variable that names the database is set.
        database: What was found; or why it could not be looked at; None where nothing said where.
        store: The same for what the merchant store knows.
        runs_elsewhere: Whether the app's runs are in another database.
        deploy: What was read; or why it could not be; None where there is no deploy environment,
            or no flag has a variable in it.
        files: How the revision checked out relates to the one applied last; None where either is
            not known.
        required: Whether a merge needs the gate's status; or why the forge would not say; None
            where nothing says which forge.
    """

    problems: tuple[Problem, ...]
    desired: Desired | None
    git: GitFacts
    has_url: bool = False
    database: DatabaseFacts | RolloutError | None = None
    store: Known | RolloutError | None = None
    runs_elsewhere: bool = False
    deploy: DeployState | RolloutError | None = None
    files: Relation | None = None
    required: RequiredCheck | RolloutError | None = None


def named_merchants(desired: Desired) -> set[str]:
    """Every merchant that a phase turns on by name."""
    rollouts = [flag.rollout for flag in desired.flags if flag.rollout]
    return {m for rollout in rollouts for m in rollout.named_up_to(rollout.last_position)}


Check: TypeAlias = Callable[[Facts], Finding]


def with_files(check: Callable[[Facts, Desired], Finding]) -> Check:
    """A check that needs valid files."""

    def run(facts: Facts) -> Finding:
        if facts.desired is None:
            return not_checked("the files are not valid")
        return check(facts, facts.desired)

    run.__doc__ = check.__doc__
    return run


def with_database(check: Callable[[Desired, DatabaseFacts], Finding]) -> Check:
    """A check that needs valid files and a database that answers."""

    def run(facts: Facts, desired: Desired) -> Finding:
        if not isinstance(facts.database, DatabaseFacts):
            return not_checked("the database could not be looked at")
        return check(desired, facts.database)

    run.__doc__ = check.__doc__
    return with_files(run)
