"""How the files at hand relate to what was applied: the first thing to know about what they say."""

from controller.domain.desired import Desired
from controller.domain.ledger import Ledger
from controller.ports import History
from controller.source_control.git import Relation


def relation_of_files(history: History | None, desired: Desired, ledger: Ledger) -> Relation | None:
    """How the revision of the files relates to the one applied last; None if either is unknown."""
    if history is None or desired.revision is None or ledger.revision is None:
        return None
    return history(desired.revision, ledger.revision)
