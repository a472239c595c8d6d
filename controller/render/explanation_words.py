"""An explanation in words, the same for people and machines."""

from controller.domain.deploy import DeployAction, Readability
from controller.domain.explanation import Agreement, Explanation, LaterPhase
from controller.domain.flag import Override
from controller.domain.global_value import GlobalValue
from controller.domain.instants import format_instant
from controller.domain.rollout import OFF
from controller.domain.targeting import Decision, Ineligible, Rule
from controller.domain.units import Percent


def on(value: bool | None) -> str:  # noqa: FBT001 -- the value is what it is about
    """`on`, `off`, or `unknown` where nobody can tell."""
    if value is None:
        return "unknown"
    return "on" if value else "off"


def because(explanation: Explanation) -> str:
    """Which rule decided, with the figures it decided by."""
    decision = explanation.decision
    if explanation.globally_on and explanation.halt is None:
        return "the file says global: true, on for everyone"
    match decision.rule:
        case Rule.HALTED:
            return "the flag is halted"
        case Rule.OVERRIDE:
            assert decision.override is not None  # noqa: S101 -- the rule says so
            return f"an override {until(decision.override)}: {decision.override.reason}"
        case _ if explanation.phase == OFF and decision.bucket is not None:
            return "the phase is off"
        case _:
            return _by_rollout(explanation, decision, explanation.percent)


def later(explanation: Explanation, phase: LaterPhase) -> str:
    """`50%: on, bucket 4211 is below 5000`."""
    decision = phase.decision
    if decision.rule is Rule.OVERRIDE:
        return f"{phase.phase}: {on(decision.value)}, by the override"
    reason = _by_rollout(explanation, decision, phase.percent)
    return f"{phase.phase}: {on(decision.value)}, {reason}"


def until(override: Override) -> str:
    """How long an override counts."""
    return f"until {override.expires}" if override.expires else "without an end"


def eligible(explanation: Explanation) -> str:
    """Whether a percentage below 100 may reach the merchant, and why not."""
    match explanation.decision.ineligible:
        case None:
            return "yes"
        case Ineligible.EXCLUDED:
            return "no, the file excludes it; only 100% or a name reaches it"
        case Ineligible.TOO_YOUNG:
            assert explanation.old_enough_at is not None  # noqa: S101 -- it is too young
            when = format_instant(explanation.old_enough_at)
            return f"no, too young until {when}; only 100% or a name reaches it"


def global_value(value: GlobalValue) -> str:
    """What the deploy environment holds for one target."""
    name = f"{value.name} ({value.target})"
    if not value.was_read:
        return f"{name}: could not be read; it should be {_quoted(value.wanted)}"
    if value.variable is None:
        return f"{name}: not set, so not on for everyone"
    if value.variable.readability is Readability.UNREADABLE:
        return f"{name}: is set, but cannot be read back; it should be {_quoted(value.wanted)}"
    held = value.variable.value or ""
    if value.action is DeployAction.REDEPLOY:
        return f"{name}: {_quoted(held)} is stored, but not live yet: pending redeploy"
    meaning = "on for everyone" if value.is_on else "left to each merchant"
    return f"{name}: {_quoted(held)}, {meaning}"


def agreement(explanation: Explanation) -> str:
    """Whether the database agrees with the files, and what the next reconcile does."""
    next_value = on(explanation.decision.value)
    match explanation.agreement:
        case None:
            return "no per-merchant value: the flag has only a global one"
        case Agreement.IN_SYNC if all(
            v.was_read and not v.action for v in explanation.found.globals
        ):
            return "in sync"
        case Agreement.IN_SYNC:
            return "in sync in the database; the deploy environment differs, or is not known"
        case Agreement.PENDING:
            return f"pending: the next reconcile turns it {next_value} ({explanation.cause})"
        case Agreement.DRIFT:
            return f"drift: {author(explanation)}; the next reconcile turns it {next_value}"


def author(explanation: Explanation) -> str:
    """Who turned it the way it is, as far as it is known."""
    verb = f"turned it {on(bool(explanation.found.value))}"
    when = explanation.found.authorship.somebody_else
    return f"somebody else {verb}" + (
        f" at {format_instant(when)}" if when else ", when is not known"
    )


def _by_rollout(explanation: Explanation, decision: Decision, percent: Percent | None) -> str:
    if decision.rule is Rule.NAMED:
        return f"named in phase {explanation.named_in}"
    if decision.bucket is None:
        return "no override, and the flag has no rollout"
    if percent is None:
        return "not named in this phase or an earlier one"
    if decision.rule is Rule.OFF and decision.ineligible and _is_below(decision, percent):
        return f"not eligible, although bucket {decision.bucket} is below {percent.basis_points}"
    verb = "is below" if _is_below(decision, percent) else "is not below"
    return f"bucket {decision.bucket} {verb} {percent.basis_points}"


def _is_below(decision: Decision, percent: Percent) -> bool:
    return decision.bucket is not None and decision.bucket < percent.basis_points


def _quoted(text: str) -> str:
    return f'"{text}"'
