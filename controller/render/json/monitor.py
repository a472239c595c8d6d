"""What `monitor` tells machines: one object a line, each with `event` and `at`; docs/monitor.md."""

from typing import Any, Final

from controller.gate.watched import Look, RunEvent, WatchedRun
from controller.inquiry.monitor import Sighting
from controller.inquiry.watching import Began, CameBack, Counted, Event, Moved, Progress, WentAway
from controller.render import monitor_words
from controller.render.json import instant

FORMAT: Final = "rolloutctl-monitor/1"


def event(told: Event, progress: Progress) -> dict[str, Any]:
    """One event.

    Args:
        told: What happened.
        progress: What is known after it.
    """
    match told:
        case Began(found):
            runs = [_run(run, found.look) for run in found.look.runs]
            more = {"format": FORMAT, "runs": runs, "cut": found.cut, **_subject(found)}
            return {"event": "watching", **_at(found), **more, **_gate(found)}
        case Moved(found):
            return {"event": "ledger", **_at(found), **_subject(found)}
        case Counted(found):
            return {"event": "gate", **_at(found), **_gate(found)}
        case WentAway(away):
            again = away.again_in.total_seconds()
            problem = away.problem.message
            at = instant(away.since)
            return {"event": "away", "at": at, "problem": problem, "again_in_seconds": again}
        case CameBack(at, after):
            return {"event": "back", "at": instant(at), "after_seconds": after.total_seconds()}
        case RunEvent(happening, run, _):
            look = progress.latest.look
            return {
                "event": "run",
                **_at(progress.latest),
                "happening": happening.value,
                "run": _run(run, look),
            }


def ended(progress: Progress, exit_code: int) -> dict[str, Any]:
    """The last line."""
    return {
        "event": "end",
        **_at(progress.latest),
        **_gate(progress.latest),
        "exit_code": exit_code,
        "ended_runs": progress.ended,
        "away": progress.away is not None,
    }


def _at(found: Sighting) -> dict[str, Any]:
    return {"at": instant(found.look.now)}


def _subject(found: Sighting) -> dict[str, Any]:
    subject = found.subject
    merchant = subject.merchant
    return {
        "environment": subject.environment,
        "flag": subject.flag,
        "phase": subject.phase,
        "since": instant(subject.since),
        "gate": subject.gate,
        "merchant": {"id": merchant.id, "shop": merchant.shop_domain} if merchant else None,
        "deadline_seconds": subject.limits.deadline.total_seconds(),
        "on_time_seconds": subject.limits.on_time.total_seconds(),
    }


def _gate(found: Sighting) -> dict[str, Any]:
    return {
        "verdict": str(found.report.verdict) if found.report else None,
        "because": monitor_words.sentence(found),
        "counts": {
            figure.name.replace(" ", "_"): {"count": figure.value, "of": figure.of}
            for figure in monitor_words.figures(found)
        },
    }


def _run(run: WatchedRun, look: Look) -> dict[str, Any]:
    return {
        "id": run.id,
        "merchant": run.merchant,
        "shop": run.shop,
        "status": run.status,
        "stage": run.stage,
        "error": run.error,
        "created_at": instant(run.created),
        "completed_at": instant(run.completed),
        "standing": look.standing(run).value.replace(" ", "_"),
        "elapsed_seconds": run.elapsed(look.now).total_seconds(),
    }
