"""The emergency stop, and its end. The shortest way from a person at 3 a.m. to "off".

It needs the database and nothing else: no git, no files, no gate, no deploy environment. Where the
flag is on through the deploy environment as well, that is turned off afterwards, and a failure
there is reported, never waited for first.
"""

from dataclasses import dataclass

from controller.deploy_env.interface import DeployEnv
from controller.deploying import DeployOutcome, read_deploy_env, write_and_bring_live
from controller.domain.deploy_planning import disabling_changes
from controller.domain.desired import DesiredFlag
from controller.errors import RolloutError
from controller.merchant_store.interface import Committed, MerchantStore


@dataclass(frozen=True, slots=True)
class HaltOutcome:
    """What a halt did.

    Attributes:
        deploy: None where the flag has no global home, or none was at hand.
    """

    committed: Committed
    deploy: DeployOutcome | None


def halt(
    store: MerchantStore,
    deploy_env: DeployEnv | None,
    flag: str,
    *,
    desired: DesiredFlag | None,
    column: str | None,
    reason: str,
    actor: str,
) -> HaltOutcome:
    """Turn a flag off for everyone, now, and keep it off until it is resumed.

    Args:
        store: The database.
        deploy_env: Where its global value lives; None where that is not at hand.
        flag: Its key.
        desired: The flag's definition, where the files can be read.
        column: Its column, for a flag that has never been applied.
        reason: For everybody who meets the halt later.
        actor: Who halts.

    Raises:
        UsageError: Neither the ledger nor the caller knows where the flag lives.
        Refused: It is halted already.
        Locked: Another run is writing and did not finish in time; try again.
        DatabaseUnreachable: The database did not answer.
    """
    committed = store.halt(flag, reason=reason, actor=actor, column=column)
    if deploy_env is None:
        return HaltOutcome(committed, None)
    try:
        applied = _as_applied(store, flag)
    except RolloutError as error:
        return HaltOutcome(committed, DeployOutcome(problems=(error,)))
    state, problem = read_deploy_env(deploy_env, filter(None, (desired, applied)))
    if state is None:
        outcome = DeployOutcome(problems=(problem,)) if problem else None
        return HaltOutcome(committed, outcome)
    changes = disabling_changes(desired, applied, state)
    return HaltOutcome(committed, write_and_bring_live(deploy_env, changes, {}))


def _as_applied(store: MerchantStore, flag: str) -> DesiredFlag | None:
    """What turned the flag on may live where its file does not say so any more."""
    with store.snapshot() as snapshot:
        applied = snapshot.ledger.applied.get(flag)
    return applied.desired if applied else None
