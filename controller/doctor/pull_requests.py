"""Checks on the forge: that a red verdict really keeps a pull request from being merged."""

from collections.abc import Callable
from functools import wraps

from controller.doctor.facts import Check, Facts
from controller.doctor.finding import Finding, Health, not_checked, ok, warn
from controller.errors import RolloutError, Unreachable
from controller.forge.interface import STATUS_CONTEXT, RequiredCheck


def with_forge(check: Callable[[RequiredCheck], Finding]) -> Check:
    """A check that needs a forge that answers."""

    @wraps(check)
    def run(facts: Facts) -> Finding:
        if not isinstance(facts.required, RequiredCheck):
            return not_checked("the forge could not be asked")
        return check(facts.required)

    return run


def forge_reachable(facts: Facts) -> Finding:
    """The forge answers, and the token may read the rules of the branch."""
    found = facts.required
    if found is None:
        return not_checked(
            "GITHUB_REPOSITORY and GITHUB_TOKEN are not set here",
            "run it where the workflow runs, or export both",
        )
    if isinstance(found, RolloutError):
        unreachable = isinstance(found, Unreachable)
        return Finding(Health.FAIL, found.message, found.hint, is_unreachable=unreachable)
    return ok("the forge answers")


def gate_required(required: RequiredCheck) -> Finding:
    """Nothing is merged while the status is not green."""
    if not required.is_required:
        return warn(
            f"a red verdict keeps nobody from merging: `{STATUS_CONTEXT}` is not required",
            f"Settings, Rules, Rulesets: require the status check `{STATUS_CONTEXT}`; "
            "docs/github.md shows how",
        )
    return ok(f"`{STATUS_CONTEXT}` is required, by {required.by}")


def gate_source(required: RequiredCheck) -> Finding:
    """Only the workflow's status counts, not one that somebody sets by hand."""
    if required.is_required and required.only_from_app is None:
        return warn(
            f"whoever may write to the repository can set `{STATUS_CONTEXT}` to green by hand",
            "choose GitHub Actions, or your app, as the source of the required status check",
        )
    if not required.is_required:
        return not_checked("it is not required")
    return ok(f"it counts from app {required.only_from_app} only")
