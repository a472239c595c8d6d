"""Which revision may be applied on which: only a descendant of the one applied last.

Before the plan. Dates and run numbers order nothing, ancestry does; and what no commit says cannot
be held against what one said.
"""

from collections.abc import Mapping
from typing import Final

from controller.domain.desired import Desired
from controller.domain.environment import Guardrail
from controller.domain.ledger import Ledger
from controller.errors import Stale
from controller.ports import History
from controller.source_control.git import Relation


def refuse_older_revision(desired: Desired, ledger: Ledger, history: History | None) -> None:
    """An older run never overwrites a newer one.

    Only a descendant of what was applied may be applied.
    """
    if history is None or desired.revision is None or ledger.revision is None:
        return
    if _may_rewrite(desired):
        return
    found = history(desired.revision, ledger.revision)
    if found in _RELATION_PROBLEMS:
        message, hint = _RELATION_PROBLEMS[found]
        raise Stale(
            f"this is revision {desired.revision[:12]}, and generation {ledger.generation} "
            "applied revision "
            f"{ledger.revision[:12]}, {message}",
            hint,
        )


def refuse_no_revision(desired: Desired, ledger: Ledger) -> None:
    """What no commit says cannot be held against what one said: it may be older.

    Once a revision has been applied, only another one is; looking (`survey`) needs none.
    """
    if desired.revision is not None or ledger.revision is None or _may_rewrite(desired):
        return
    raise Stale(
        f"the files have local changes, or are not under git, and generation {ledger.generation} "
        f"applied revision {ledger.revision[:12]}: nobody could tell which of them is newer",
        "commit the change, then run again; to apply it without a commit: "
        '--allow rewritten_history --reason "..."',
    )


def _may_rewrite(desired: Desired) -> bool:
    allowances = desired.environment.allowances
    return any(a.guardrail is Guardrail.REWRITTEN_HISTORY for a in allowances)


_REWRITTEN: Final = 'if history was rewritten on purpose: --allow rewritten_history --reason "..."'
_RELATION_PROBLEMS: Final[Mapping[Relation, tuple[str, str]]] = {
    Relation.OLDER: ("which is newer", "git pull, then run again; to roll back: git revert"),
    Relation.UNRELATED: ("which is not among its ancestors", f"check out main; {_REWRITTEN}"),
    Relation.UNKNOWN: ("which this clone does not have", f"git pull, then run again; {_REWRITTEN}"),
    Relation.UNKNOWN_SHALLOW: (
        "which this shallow clone does not have",
        "git fetch --unshallow (in a workflow: fetch-depth: 0), then run again",
    ),
}
