"""Reviews of gates, as the arithmetic makes them."""

from dataclasses import replace
from datetime import timedelta

from controller.domain.units import Percent
from controller.gate import evidence as evidences
from controller.gate.backtest import backtest
from controller.gate.characteristics import Traffic, characteristics
from controller.gate.counts import Freshness
from controller.gate.evidence import Evidence
from controller.inquiry.gate_review import PhaseReplays, Preview
from tests.gate.builders import NOW, PILOT, RAMP, SINCE, ramp_counts, ramp_of

_SMALL = Traffic(2, 3.0)
_USUAL = Traffic(92, 60.0)


def _preview(phase, gate, traffic):
    return Preview(phase, gate.name, traffic, characteristics(gate, traffic))


PREVIEWS = (
    _preview("pilot", PILOT, Traffic(1, 7.5)),
    _preview("10%", RAMP, _USUAL),
    _preview("2 merchants", RAMP, _SMALL),
    _preview("no sense", replace(ramp_of(completed=(80, 90)), name="odd"), None),
)
WITHOUT_TRAFFIC = (_preview("10%", RAMP, None),)


def _judged(runs: int, good: int, hours: float) -> Evidence:
    at = SINCE + timedelta(hours=hours)
    counts = ramp_counts(good, runs, freshness=Freshness(at - timedelta(minutes=9), None))
    return evidences.gather(RAMP, counts, (), at)


_PAST = [
    _judged(11, 11, 25),
    _judged(12, 12, 26),
    _judged(13, 13, 27),
    _judged(100, 100, 40),
    _judged(100, 70, 60),
]
_STRICTER = replace(RAMP, min_runs=500)
_ANOTHER_CAP = replace(RAMP, runs_per_merchant=3)
REPLAYS = (
    PhaseReplays("10%", "ramp", backtest(_STRICTER, _PAST)),
    PhaseReplays("50%", "ramp", backtest(_ANOTHER_CAP, _PAST)),
    PhaseReplays("75%", "ramp", backtest(RAMP, _PAST)),
    PhaseReplays("100%", "ramp", ()),
)

EVIDENCE = evidences.gather(RAMP, ramp_counts(100, 100), (), NOW)
SAME = (EVIDENCE, evidences.recompute(EVIDENCE))
_TOLD = replace(EVIDENCE, report=replace(EVIDENCE.report, claim="It is fine."))
REWORDED = (_TOLD, evidences.recompute(_TOLD))
_STRICT = replace(RAMP.criteria[0], floor=Percent(9_800), target=Percent(9_900))
_OTHER = replace(EVIDENCE, policy=replace(RAMP, criteria=(_STRICT, *RAMP.criteria[1:])))
DIFFERENT = (_OTHER, evidences.recompute(_OTHER))
