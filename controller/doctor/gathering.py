"""Gathering for the preflight. Whatever cannot be asked becomes a fact itself, never an end."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from controller.config.problems import Problem
from controller.deploy_env.discovery import open_deploy_env
from controller.deploying import read_deploy_env
from controller.doctor.facts import Facts, GitFacts, Known, named_merchants
from controller.domain.deploy import DeployState
from controller.domain.desired import Desired
from controller.errors import RolloutError
from controller.forge.discovery import open_forge
from controller.forge.interface import RequiredCheck
from controller.merchant_store.database_facts import DatabaseFacts
from controller.merchant_store.inspection import Wanted, inspect_database
from controller.merchant_store.postgres import PostgresMerchantStore
from controller.source_control import git

Result = TypeVar("Result")


def gather(
    root: Path,
    problems: Iterable[Problem],
    desired: Desired | None,
    variables: Mapping[str, str],
    base_branch: str = "main",
) -> Facts:
    """Look at everything the checks need. Never raises a `RolloutError`.

    Args:
        root: The repository.
        problems: Of its files.
        desired: What they say; None where they are not valid.
        variables: The process's environment variables.
        base_branch: What pull requests are merged into.
    """
    repository = _git(root)
    required = _or_error(lambda: _required(variables, base_branch))
    if desired is None:
        return Facts(tuple(problems), None, repository, required=required)
    url = variables.get(desired.environment.database.url_variable)
    elsewhere = variables.get(desired.environment.workflow_data.url_variable) not in {None, "", url}
    store = _or_error(lambda: _store(desired, url)) if url else None
    return Facts(
        problems=tuple(problems),
        desired=desired,
        git=repository,
        has_url=bool(url),
        database=_or_error(lambda: _database(desired, url, elsewhere=elsewhere)) if url else None,
        store=store,
        runs_elsewhere=elsewhere,
        deploy=_or_error(lambda: _deploy(root, desired, variables)),
        files=_relation(root, repository, store),
        required=required,
    )


def _or_error(read: Callable[[], Result]) -> Result | RolloutError:
    try:
        return read()
    except RolloutError as error:
        return error


def _git(root: Path) -> GitFacts:
    found = _or_error(lambda: GitFacts(git.revision(root), git.is_shallow(root)))
    return GitFacts(problem=found) if isinstance(found, RolloutError) else found


def _required(variables: Mapping[str, str], base_branch: str) -> RequiredCheck | None:
    if not (variables.get("GITHUB_REPOSITORY") and variables.get("GITHUB_TOKEN")):
        return None
    forge = open_forge(variables)
    try:
        return forge.required_check(base_branch)
    finally:
        forge.close()


def _relation(
    root: Path, repository: GitFacts, store: Known | RolloutError | None
) -> git.Relation | None:
    applied = store.ledger.revision if isinstance(store, Known) else None
    if applied is None or repository.revision is None:
        return None
    return git.relation(root, repository.revision, applied)


def _database(desired: Desired, url: str, *, elsewhere: bool) -> DatabaseFacts:
    homes = (flag.flag.merchant_config for flag in desired.flags)
    wanted = Wanted(
        {home.column for home in homes if home}, named_merchants(desired), not elsewhere
    )
    return inspect_database(desired.environment, url, wanted)


def _store(desired: Desired, url: str) -> Known:
    store = PostgresMerchantStore(desired.environment, url)
    with store.snapshot() as snapshot:
        merchants = snapshot.find_merchants(sorted(named_merchants(desired)))
        return Known(snapshot.ledger, {merchant.id: merchant for merchant in merchants})


def _deploy(root: Path, desired: Desired, variables: Mapping[str, str]) -> DeployState | None:
    if desired.environment.deploy_env is None:
        return None
    deploy_env = open_deploy_env(desired.environment.deploy_env, variables, root)
    try:
        state, problem = read_deploy_env(deploy_env, desired.flags)
    finally:
        deploy_env.close()
    if problem is not None:
        raise problem
    return state
