"""What gates would do, would have done, and recounts, for machines."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from controller.gate.backtest import Replay
from controller.gate.characteristics import OperatingPoint
from controller.gate.evidence import Evidence, Recomputation
from controller.inquiry.gate_review import PhaseReplays, Preview
from controller.render.json import instant


def previews(found: Sequence[Preview], *, remarks: tuple[str, ...] = ()) -> dict[str, Any]:
    """What each gate does to releases of known quality; times in days."""
    return {
        "format": "rolloutctl-gate-characteristics/1",
        "gates": [_preview(preview) for preview in found],
        "remarks": list(remarks),
    }


def replays(found: Sequence[PhaseReplays]) -> dict[str, Any]:
    """What each gate would have said to the judgements of the past, oldest first."""
    return {
        "format": "rolloutctl-gate-backtest/1",
        "gates": [
            {
                "phase": one.phase,
                "gate": one.gate,
                "judgements": [_replay(replay) for replay in one.replays],
            }
            for one in found
        ],
    }


def recomputation(evidence: Evidence, found: Recomputation) -> dict[str, Any]:
    """Every difference between the stored report and the one that is computed now."""
    return {
        "format": "rolloutctl-gate-recomputation/1",
        "flag": evidence.report.flag,
        "phase": evidence.report.phase,
        "judged_at": instant(evidence.now),
        "same_decision": found.same_decision,
        "verdict": {"stored": str(evidence.report.verdict), "now": str(found.report.verdict)},
        "differences": [
            {"path": d.path, "stored": d.stored, "now": d.recomputed} for d in found.differences
        ],
    }


def _preview(preview: Preview) -> dict[str, Any]:
    found, traffic = preview.characteristics, preview.traffic
    return {
        "phase": preview.phase,
        "gate": preview.gate,
        "merchants": traffic.merchants if traffic else None,
        "runs_per_day": traffic.runs_per_day if traffic else None,
        "runs_looked_ahead": found.horizon,
        "fewest_runs": found.fewest_runs,
        "flaws": [{"kind": flaw.kind, "message": flaw.message} for flaw in found.flaws],
        "qualities": [_point(point) for point in found.points],
        "by_criterion": {
            name: [_point(point) for point in points] for name, points in found.by_criterion
        },
    }


def _point(point: OperatingPoint) -> dict[str, Any]:
    wait = point.usual_wait
    return {
        "quality": point.quality,
        "passes": point.passes,
        "fails": point.fails,
        "usual_runs": list(point.usual_runs) if point.usual_runs else None,
        "usual_days": [time / timedelta(days=1) for time in wait] if wait else None,
    }


def _replay(replay: Replay) -> dict[str, Any]:
    return {
        "judged_at": instant(replay.at),
        "was": str(replay.was),
        "would_be": str(replay.report.verdict) if replay.report else None,
        "changed": replay.changed,
        "missing": list(replay.missing),
    }
