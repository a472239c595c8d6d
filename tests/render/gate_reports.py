"""Reports of the gate, as `judge` makes them: one for everything that a reader may meet."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from controller.domain.gate_policy import GatePolicy, Waiver
from controller.domain.units import Percent
from controller.gate.counts import (
    Freshness,
    GateCounts,
    MerchantTally,
    RateCount,
    Tally,
    TotalCount,
    Uncounted,
)
from controller.gate.judge import judge
from controller.gate.report import GateReport
from tests.gate.builders import (
    NOW,
    PILOT,
    RAMP,
    SINCE,
    identity,
    pilot_counts,
    population,
    ramp_counts,
    rate,
    waiver,
)

_NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "blns.json"
HOSTILE = (
    "@everyone #1 GH-12 https://evil.example www.evil.example <script>alert(1)</script>",
    "a `code` b | c\x1b[31m\r\n# heading\u202e ![x](javascript:alert) 0123456789abcdef",
    "\ud800 \x00 ``` ~~~ </details></sub> &lt; {{x}} *b* _i_",
)


def naughty_strings() -> list[str]:
    """The Big List of Naughty Strings; the test is skipped where it is not here."""
    if not _NAUGHTY.exists():
        pytest.skip("the Big List of Naughty Strings is not here")
    return [text for text in json.loads(_NAUGHTY.read_text(encoding="utf-8")) if text]


QUERY = 'SELECT count(*)\nFROM "WorkflowExecution"\nWHERE true'


def report(
    policy: GatePolicy, counts: GateCounts, waivers: Iterable[Waiver] = (), after: float = 72
) -> GateReport:
    """What the gate says so many hours after the phase began, by data that is as new as can be."""
    now = SINCE + timedelta(hours=after)
    if isinstance(counts.freshness, Freshness) and now != NOW:
        counts = replace(counts, freshness=Freshness(now - timedelta(minutes=20), None))
    return judge(policy, counts, waivers, now)


def rates(completed: tuple[int, int], on_time: tuple[int, int]) -> Mapping[str, RateCount]:
    worst = MerchantTally("clx7aaaaaaaaaaaaaaaaaaaaa", Tally(9, 10))
    if completed[1] < 20:
        worst = MerchantTally("clx7aaaaaaaaaaaaaaaaaaaaa", Tally(3, 3))
    counted = {
        "completed": rate(*completed, worst=worst),
        "on_time": rate(*on_time, worst=worst),
        "faster_than_baseline": rate(on_time[0], on_time[1], worst=worst),
    }
    return {name: replace(count, query=QUERY) for name, count in counted.items()}


def _ramp(completed: tuple[int, int], on_time: tuple[int, int], **changes: object) -> GateCounts:
    return ramp_counts(*completed, **{"rates": rates(completed, on_time), **changes})


def _corrupted() -> GateCounts:
    counts = pilot_counts()
    found = TotalCount(2, query=QUERY, examples=("run-3", "run-4"))
    return replace(counts, totals={**counts.totals, "corrupted": found})


def _holding() -> GateCounts:
    """Eleven good runs of the 28 that are needed, all of them since the phase began."""
    recent = population(11, recent=11, recent_window=timedelta(hours=5.75), pending=3)
    return _ramp((11, 11), (11, 11), population=recent)


_HIDDEN = rate(97, 100, worst=MerchantTally("clx7aaaaaaaaaaaaaaaaaaaaa", Tally(1, 4)))
_SOAKED = replace(RAMP, timing=replace(RAMP.timing, soak_min=timedelta(hours=4)))
LIMP = waiver("on_time", reason="two merchants' printers are slow; #12")

REPORTS: Mapping[str, GateReport] = {
    "pilot_proceed": report(PILOT, pilot_counts()),
    "pilot_slow": report(PILOT, pilot_counts(worst=timedelta(minutes=12, seconds=30))),
    "pilot_failed": report(PILOT, pilot_counts(failed=2)),
    "pilot_stuck": report(PILOT, pilot_counts(stuck=1)),
    "pilot_corrupted": report(PILOT, _corrupted()),
    "pilot_nothing_yet": report(PILOT, pilot_counts(runs=0), after=1),
    "ramp_holding": report(_SOAKED, _holding(), after=5.75),
    "ramp_proceed": report(
        RAMP,
        _ramp((98, 100), (97, 100), population=population(100, excluded={"created in 1948": 2})),
    ),
    "ramp_fix_minor": report(RAMP, _ramp((99, 100), (94, 100))),
    "ramp_waived": report(RAMP, _ramp((99, 100), (94, 100)), [LIMP, waiver("completed")]),
    "ramp_one_merchant": report(
        RAMP,
        _ramp((99, 100), (97, 100), rates=dict.fromkeys(rates((1, 1), (1, 1)), _HIDDEN)),
    ),
    "ramp_rollback": report(RAMP, _ramp((96, 100), (70, 100))),
    "ramp_error": report(
        RAMP,
        _ramp((98, 100), (97, 100), freshness=Freshness(NOW - timedelta(hours=9), None)),
    ),
    "nothing_counted": report(
        RAMP,
        ramp_counts(
            identity=Uncounted("the database did not answer"),
            freshness=Uncounted("the database did not answer"),
            population=Uncounted("the database did not answer"),
        ),
    ),
    "another_cohort": report(
        RAMP, _ramp((98, 100), (97, 100), identity=identity("10%", 10, missing=1))
    ),
    "asks_a_person": report(RAMP, _holding(), after=24 * 15),
}


def filled_with(text: str, value: Any = REPORTS["ramp_waived"]) -> Any:
    """The same report with this text wherever one stands, as if everything came from outside."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return text
    if isinstance(value, tuple):
        return tuple(filled_with(text, item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, Percent):
        names = (field.name for field in dataclasses.fields(value))
        return replace(value, **{name: filled_with(text, getattr(value, name)) for name in names})
    return value
