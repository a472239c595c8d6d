"""Checks on the app and its merchants: whether a rollout would have something to judge."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from controller.doctor.facts import Facts, Known, named_merchants
from controller.doctor.finding import Finding, fail, not_checked, ok, warn
from controller.domain.cohort import referenced
from controller.domain.desired import Desired
from controller.domain.ledger import Ledger
from controller.domain.merchant import Merchant
from controller.domain.rollout import OFF, Rollout
from controller.merchant_store.database_facts import DatabaseFacts, MerchantRuns, Runs

_YOUNG: Final = timedelta(days=30)
_RELIABLE: Final = 0.8
_ENOUGH_RUNS: Final = 5
_SHOWN: Final = 3
_NO_RUNS: Final = "the app's database has no table of runs that this role may read"


def starts_off(desired: Desired, database: DatabaseFacts) -> Finding:
    """Nobody has a flag whose phase is off."""
    on = database.merchants.on if database.merchants else {}
    early = [
        f"{on[flag.flag.merchant_config.column]:,} have {flag.key}"
        for flag in desired.flags
        if flag.phase == OFF
        and flag.flag.merchant_config
        and not any(override.value for override in flag.flag.overrides)
        and on.get(flag.flag.merchant_config.column)
    ]
    if early:
        return warn(
            f"merchants have a flag that is off in the files: {', '.join(early)}",
            "rolloutctl drift shows whom; rolloutctl adopt keeps it for them",
        )
    return ok("nobody has a flag that is off in the files")


def runs_recent(facts: Facts, desired: Desired) -> Finding:
    """The app is alive: somebody's workflow ran in the last week."""
    runs = _runs(facts)
    if isinstance(runs, Finding):
        return runs
    if runs.newest is None:
        return warn("the app has never run its workflow", "is this the database of the live app?")
    if not runs.last_week:
        return warn(
            f"no run in the last 7 days; the newest is of {runs.newest:%Y-%m-%d}",
            "is the app alive, and is this the database of the live app?",
        )
    del desired
    return ok(f"{runs.last_week:,} runs in the last 7 days")


def pilot_merchants(facts: Facts, desired: Desired) -> Finding:
    """The merchants that phases name exist, are active, no newcomers, busy and reliable."""
    if isinstance(known := _merchants(facts, desired), Finding):
        return known
    store, database = known
    named = sorted(named_merchants(desired))
    missing = [merchant for merchant in named if merchant not in store.named]
    gone = frozenset(missing) & _known_once(store.ledger)
    if unknown := [merchant for merchant in missing if merchant not in gone]:
        return fail(
            f"the files name merchants that do not exist: {_listed(unknown)}",
            "correct the ids: rolloutctl explain SHOP-DOMAIN shows them",
        )
    if gone:
        return warn(
            f"deleted since the files named them: {_listed(sorted(gone))}",
            "name other merchants in the phase; rolloutctl history --merchant ID shows the old",
        )
    doubts = list(_doubts(store, database, desired))
    if doubts:
        return warn("; ".join(doubts[:_SHOWN]), "choose a merchant that is active and reliable")
    return ok(f"in place: {_listed(named)}")


def baseline(facts: Facts, desired: Desired) -> Finding:
    """There are runs from before the feature to compare with."""
    if isinstance(known := _merchants(facts, desired), Finding):
        return known
    runs = _runs(facts)
    if isinstance(runs, Finding):
        return runs
    named = sorted(named_merchants(desired) & known[0].named.keys())
    if not named:
        return ok("no phase names a merchant that is there")
    days = desired.environment.workflow_data.baseline_window.days
    thin = [m for m in named if _of(runs, m).baseline < _ENOUGH_RUNS]
    if thin:
        return warn(
            f"fewer than {_ENOUGH_RUNS} completed runs in the last {days} days: {_listed(thin)}",
            "choose a busier merchant, or expect a comparison with everyone else's runs",
        )
    return ok(f"every named merchant has completed runs in the last {days} days")


def backup(facts: Facts) -> Finding:
    """The database has a backup: nobody can tell from here."""
    del facts
    return not_checked(
        "whether the database has a backup",
        "look at your provider's backups; rolloutctl writes only flag columns and its own ledger",
    )


def app_tested(facts: Facts) -> Finding:
    """The app works with the feature on and off: nobody can tell from here."""
    del facts
    return not_checked(
        "whether the app works in both modes, and whether the pilot merchant has been told",
        "run the app's own tests with the feature on and off",
    )


def _merchants(facts: Facts, desired: Desired) -> tuple[Known, DatabaseFacts] | Finding:
    """What is known of the merchants that phases name; or why nothing is."""
    if not named_merchants(desired):
        return ok("no phase names a merchant")
    if not isinstance(facts.store, Known) or not isinstance(facts.database, DatabaseFacts):
        return not_checked("the merchants could not be looked at")
    if facts.database.merchants is not None and not facts.database.merchants.count:
        return not_checked("there are no merchants")
    return facts.store, facts.database


def _known_once(ledger: Ledger) -> frozenset[str]:
    """The merchants that files named when they were applied, and that existed then."""
    return frozenset[str]().union(*(referenced(a.desired) for a in ledger.applied.values()))


def _runs(facts: Facts) -> Runs | Finding:
    if facts.runs_elsewhere:
        return not_checked("the app's runs are in another database")
    if not isinstance(facts.database, DatabaseFacts):
        return not_checked("the database could not be looked at")
    if facts.database.merchant is None:
        return not_checked("this is not the app's database: there is no table of merchants")
    return facts.database.runs or warn(
        _NO_RUNS, "name it under workflow_data, or grant SELECT on it"
    )


def _doubts(known: Known, database: DatabaseFacts, desired: Desired) -> Iterator[str]:
    rollouts = [flag.rollout for flag in desired.flags if flag.rollout]
    for rollout in rollouts:
        for merchant in sorted(rollout.named_up_to(rollout.last_position)):
            found = known.named[merchant]
            if not found.is_active:
                yield f"{merchant} is not active"
            if _is_young(found, rollout, database):
                yield f"{merchant} is new, since {found.created_at:%Y-%m-%d}"
            if database.runs:
                yield from _doubts_by_runs(merchant, _of(database.runs, merchant))


def _doubts_by_runs(merchant: str, runs: MerchantRuns) -> Iterator[str]:
    if not runs.last_week:
        yield f"{merchant} had no run in the last 7 days"
    ended = runs.completed + runs.failed
    if ended and runs.completed < _RELIABLE * ended:
        yield f"{merchant} completed only {runs.completed} of {ended} runs in the last 30 days"


def _is_young(merchant: Merchant, rollout: Rollout, database: DatabaseFacts) -> bool:
    age = rollout.eligible.min_merchant_age or _YOUNG
    return merchant.created_at > database.server.now - age


def _of(runs: Runs, merchant: str) -> MerchantRuns:
    return runs.by_merchant.get(merchant, MerchantRuns(0, 0, 0, 0))


def _listed(merchants: list[str]) -> str:
    more = f" and {len(merchants) - _SHOWN} more" if len(merchants) > _SHOWN else ""
    return ", ".join(merchants[:_SHOWN]) + more
