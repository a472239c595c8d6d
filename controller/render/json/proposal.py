"""A proposed promotion or rollback, for machines."""

from typing import Any

from controller.source_control.proposal import Proposal


def proposal(found: Proposal) -> dict[str, Any]:
    """The whole proposal: what changes in which files, on which branch, by which commit."""
    return {
        "format": "rolloutctl-proposal/1",
        "state": found.state,
        "flag": found.flag,
        "environments": list(found.environments),
        "from_phase": found.from_phase,
        "to_phase": found.to_phase,
        "start": found.start,
        "branch": found.branch if found.files else None,
        "commit": found.commit,
        "reverted": found.reverted,
        "why_no_revert": found.why_edited or None,
        "title": found.title,
        "files": [
            {"path": change.path, "before": change.before, "after": change.after}
            for change in found.files
        ],
    }
