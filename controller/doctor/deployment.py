"""Checks on the deploy environment: that it answers, holds what it should, and is deployed."""

from collections.abc import Callable, Iterator
from functools import wraps

from controller.doctor.facts import Check, Facts, Known, with_files
from controller.doctor.finding import Finding, Health, fail, not_checked, ok, warn
from controller.domain.deploy import DeployAction, DeployState
from controller.domain.deploy_planning import deploy_changes
from controller.domain.desired import Desired
from controller.domain.global_value import GlobalValue, global_values
from controller.domain.instants import format_instant
from controller.domain.ledger import Ledger
from controller.errors import RolloutError, Unreachable

_NO_LEDGER = Ledger(exists=False, generation=0, revision=None, applied={}, halts={})


def with_values(check: Callable[[DeployState, list[GlobalValue]], Finding]) -> Check:
    """A check that needs a deploy environment that answers."""

    @wraps(check)
    def run(facts: Facts, desired: Desired) -> Finding:
        if desired.environment.deploy_env is None:
            return ok("this environment has no deploy environment")
        if facts.deploy is None:
            return ok("no flag has a variable")
        if not isinstance(facts.deploy, DeployState):
            return not_checked("the deploy environment could not be read")
        return check(facts.deploy, list(_values(facts, desired, facts.deploy)))

    return with_files(run)


def deploy_env_reachable(facts: Facts, desired: Desired) -> Finding:
    """The deploy environment answers, and the token is valid for it."""
    if desired.environment.deploy_env is None:
        return ok("this environment has no deploy environment")
    name = desired.environment.deploy_env.adapter
    if isinstance(facts.deploy, RolloutError):
        unreachable = isinstance(facts.deploy, Unreachable)
        return Finding(
            Health.FAIL, facts.deploy.message, facts.deploy.hint, is_unreachable=unreachable
        )
    if facts.deploy is None:
        return ok(f"{name} was not asked: no flag has a variable")
    return ok(f"{name} answers")


def variables_set(state: DeployState, values: list[GlobalValue]) -> Finding:
    """Each variable is there for each target, with the right value."""
    del state
    on = [_name(value) for value in values if value.is_on and value.wanted != value.enabled]
    if on:
        return fail(
            f"on for everyone, although the files say off: {', '.join(on)}",
            "rolloutctl plan shows it; rolloutctl reconcile sets it",
        )
    due = [_name(v) for v in values if v.action in {DeployAction.CREATE, DeployAction.UPDATE}]
    if due:
        return warn(
            f"not set as the files say: {', '.join(due)}",
            "the next reconcile sets it; look first: rolloutctl plan",
        )
    return ok(f"right: {', '.join(map(_name, values))}" if values else "no flag has a variable")


def variables_readable(state: DeployState, values: list[GlobalValue]) -> Finding:
    """Each variable's value can be read back, so that nobody has to guess it."""
    del state
    hidden = [value for value in values if value.action is DeployAction.UNREADABLE]
    if hidden:
        hints = {value.variable.hint: None for value in hidden if value.variable}
        return fail(f"cannot be read back: {', '.join(map(_name, hidden))}", "; ".join(hints))
    return ok("every variable can be read back")


def deployment_live(state: DeployState, values: list[GlobalValue]) -> Finding:
    """A production deployment is live, and runs with what is stored."""
    if not state.needs_redeploy:
        return ok(f"{state.adapter} has no deployments; the app reads the variables itself")
    if state.deployment is None:
        return fail("nothing has been deployed to production yet", "deploy the app once")
    waiting = [_name(value) for value in values if value.action is DeployAction.REDEPLOY]
    if waiting:
        return warn(
            f"stored, but not live yet: {', '.join(waiting)}", "rolloutctl reconcile redeploys"
        )
    return ok(f"deployment {state.deployment.id} of {format_instant(state.deployment.created_at)}")


def _values(facts: Facts, desired: Desired, state: DeployState) -> Iterator[GlobalValue]:
    ledger = facts.store.ledger if isinstance(facts.store, Known) else _NO_LEDGER
    due = deploy_changes(desired, ledger, state)
    for flag in desired.flags:
        yield from global_values(flag, state, due, halted=flag.key in ledger.halts)


def _name(value: GlobalValue) -> str:
    return f"{value.name} ({value.target})"
