"""Two revisions to the meaning of the change between them, for one environment. Pure.

    base ─ Desired ─┐
                    ├─► changes ─► objections, gate, plan ─► verdict
    head ─ Desired ─┘

The base is what the policy comes from. No clock is read: an override counts, or has expired, at the
instant that the caller names.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from controller.domain import flag_changes, policy_changes
from controller.domain.change import Change, sort_key
from controller.domain.desired import Desired, DesiredFlag


def changes(before: Desired | None, after: Desired | None, now: datetime) -> tuple[Change, ...]:
    """What differs between two revisions for one environment, sorted.

    Args:
        before: What the base says; None where it has no such environment.
        after: What the head says; None where it has no such environment any more.
        now: For overrides that expire.

    Returns:
        Nothing at all where both mean the same, however differently they are written.
    """
    return tuple(sorted(_changes(before, after, now), key=sort_key))


def _changes(before: Desired | None, after: Desired | None, now: datetime) -> Iterator[Change]:
    if before is None or after is None:
        was = before.environment if before else None
        is_now = after.environment if after else None
        yield from policy_changes.of_whole_environment(was, is_now)
    else:
        yield from policy_changes.of_environment(before.environment, after.environment)
    if after is not None:  # else nothing is applied there any more, and nothing is taken back
        yield from _of_flags(before, after, now)


def _of_flags(before: Desired | None, after: Desired, now: datetime) -> Iterator[Change]:
    olds = {flag.key: flag for flag in before.flags} if before else {}
    former = _former_keys(olds, after)
    for flag in after.flags:
        was_called = former.get(flag.key)
        if before is None or was_called is None:
            yield from flag_changes.of_added(flag, now)
        else:
            yield from flag_changes.of_kept(olds[was_called], flag, now)
            yield from policy_changes.of_flag(before, after, olds[was_called], flag)
    for key in sorted(olds.keys() - set(former.values())):
        yield from _of_gone(olds[key], after, now)


def _of_gone(old: DesiredFlag, after: Desired, now: datetime) -> Iterator[Change]:
    """A flag that is not there any more, and what becomes of a home that it shared."""
    yield from flag_changes.of_removed(old)
    for flag in after.flags:
        if _share_a_home(old, flag):
            yield flag_changes.of_taken_over(old, flag, now)


def _former_keys(olds: Mapping[str, DesiredFlag], after: Desired) -> dict[str, str]:
    """For each flag that was there before, what it was called: its own key, or its home's flag."""
    former = {flag.key: flag.key for flag in after.flags if flag.key in olds}
    gone = [flag for key, flag in olds.items() if key not in former]
    for flag in after.flags:
        renamed = None
        if flag.key not in former:
            renamed = next((old for old in gone if _share_a_home(old, flag)), None)
        if renamed is not None:
            former[flag.key] = renamed.key
            gone.remove(renamed)
    return former


def _share_a_home(one: DesiredFlag, other: DesiredFlag) -> bool:
    column = one.flag.merchant_config
    if column is not None and column == other.flag.merchant_config:
        return True
    variable, others = one.flag.deploy_env, other.flag.deploy_env
    return variable is not None and others is not None and variable.variable == others.variable
