"""Merchants for a pilot, for machines."""

from collections.abc import Sequence
from typing import Any

from controller.domain.candidates import Candidate, CandidateRules
from controller.inquiry.candidates import Candidates
from controller.render import candidate_words
from controller.render.json import instant


def candidates(found: Candidates, shown: Sequence[Candidate]) -> dict[str, Any]:
    """What was found.

    Args:
        found: All of it.
        shown: Those of the ranked that are wanted, in their order.
    """
    activity = found.activity
    return {
        "format": "rolloutctl-candidates/1",
        "environment": found.environment,
        "flag": found.flag,
        "phase": found.phase,
        "now": instant(found.now),
        "rules": _rules(found.rules),
        "merchants": activity.merchants,
        "fit_by_runs": activity.fit,
        "against": {fitness.value: number for fitness, number in activity.broken.items()},
        "busiest_from": activity.busiest_from,
        "looked_at": len(found.ranked),
        "fit": len(found.fit),
        "candidates": [_candidate(candidate, found) for candidate in shown],
        "written": None,
    }


def written(file: str, chosen: Sequence[Candidate], live_in: Sequence[str]) -> dict[str, Any]:
    """What was written, for `written` of the document."""
    names = [candidate.activity.merchant for candidate in chosen]
    return {"file": file, "merchants": names, "live_in": list(live_in)}


def _rules(rules: CandidateRules) -> dict[str, Any]:
    return {
        "month_seconds": rules.month.total_seconds(),
        "active_within_seconds": rules.active_within.total_seconds(),
        "success_above": rules.success_above.fraction,
        "runs_min": rules.runs_min,
        "runs_max": rules.runs_max,
        "busiest": rules.busiest.fraction,
        "age_min_seconds": rules.age_min.total_seconds(),
        "trouble_free_seconds": rules.trouble_free.total_seconds(),
        "stuck_after_seconds": rules.stuck_after.total_seconds(),
    }


def _candidate(candidate: Candidate, found: Candidates) -> dict[str, Any]:
    activity, merchant = candidate.activity, candidate.merchant
    mean = activity.mean_duration
    return {
        "merchant": activity.merchant,
        "shop_domain": merchant.shop_domain if merchant else None,
        "created_at": instant(merchant.created_at) if merchant else None,
        "fit": candidate.is_fit,
        "runs": activity.runs,
        "judged": activity.matured,
        "good": activity.good,
        "success": activity.success,
        "failed_lately": activity.failed_lately,
        "stuck_lately": activity.stuck_lately,
        "last_run": instant(activity.last_run),
        "mean_seconds": mean.total_seconds() if mean is not None else None,
        "reasons": [
            {
                "rule": fitness.value,
                "for": holds,
                "text": candidate_words.reason(candidate, fitness, found),
            }
            for fitness, holds in candidate.reasons.items()
        ],
    }
