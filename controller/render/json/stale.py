"""The flags that should go away, for machines: every reason, and every line that names them."""

from collections.abc import Sequence
from typing import Any

from controller.domain.staleness import Finding, Mentions, StaleFlag
from controller.inquiry.staleness import StaleReport
from controller.render import staleness_words
from controller.render.json import halt, instant


def stale(report: StaleReport, others: Sequence[str] = ()) -> dict[str, Any]:
    """The whole list.

    Args:
        report: What was found.
        others: The other environments.
    """
    return {
        "format": "rolloutctl-stale/1",
        "environment": report.environment,
        "generation": report.generation,
        "now": instant(report.now),
        "files": report.files,
        "limits": {
            "everyone_seconds": int(report.patience.everyone.total_seconds()),
            "off_seconds": int(report.patience.off.total_seconds()),
        },
        "flags": report.flags,
        "code": {"folder": str(report.code), "whole": report.is_whole} if report.code else None,
        "stale": [_flag(found, report, others) for found in report.stale],
    }


def _flag(stale: StaleFlag, report: StaleReport, others: Sequence[str]) -> dict[str, Any]:
    flag = stale.desired.flag
    return {
        "flag": flag.key,
        "owner": flag.owner,
        "phase": stale.desired.phase,
        "reach": stale.reach,
        "expires": flag.expires,
        "halted": halt(stale.halt),
        "reasons": [_finding(found, stale, report) for found in stale.findings],
        "step": stale.step,
        "next": staleness_words.next_step(stale, report, others),
        "overrides_in_the_way": [override.merchant for override in stale.contrary],
        "references": _references(stale.mentions) if stale.mentions else None,
    }


def _finding(found: Finding, stale: StaleFlag, report: StaleReport) -> dict[str, Any]:
    return {
        "reason": found.reason.name.lower(),
        "since": instant(found.since),
        "days": found.days(report.now) if found.since else None,
        "message": staleness_words.finding(found, stale, report),
    }


def _references(mentions: Mentions) -> list[dict[str, Any]]:
    """Paths that are not UTF-8 keep their odd bytes as replacement characters."""
    return [
        {
            "path": reference.path.encode("utf-8", "replace").decode(),
            "line": reference.line,
            "word": reference.word,
            "name": reference.name,
        }
        for reference in mentions.references
    ]
