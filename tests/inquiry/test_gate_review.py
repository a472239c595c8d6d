"""What gates would do, by phase, and what they would have said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from controller.domain.desired import Desired
from controller.domain.units import Percent
from controller.errors import UsageError
from controller.gate import evidence as evidences
from controller.gate.characteristics import Traffic
from controller.gate.verdict import Verdict
from controller.inquiry.gate_review import previews, replay, traffic_of
from controller.merchant_store.interface import StoredEvidence
from tests.gate.builders import NOW, PILOT, RAMP, ramp_counts
from tests.inquiry.test_gate import flag
from tests.merchant_store.builders import FLAG, environment

COMPANY = Traffic(merchants=1_001, runs_per_day=2_002.0)


def files(gates=None):
    ladder = flag(gates={"pilot": "pilot", "half": "ramp"})
    pilot, half, everyone = ladder.rollout.phases
    phases = (
        pilot,
        replace(half, percent=Percent(5_000), soak=timedelta(days=3)),
        replace(everyone, percent=Percent(10_000)),
    )
    ladder = replace(ladder, rollout=replace(ladder.rollout, phases=phases))
    gates = {"pilot": PILOT, "ramp": RAMP} if gates is None else gates
    return Desired(environment(), (ladder,), {FLAG: gates}, (), None)


def test_each_phase_has_its_share_of_the_traffic():
    rollout = files().flags[0].rollout
    shares = [traffic_of(phase, rollout, COMPANY) for phase in rollout.phases]
    assert shares == [Traffic(1, 2.0), Traffic(501, 1_002.0), Traffic(1_001, 2_002.0)]
    assert traffic_of(rollout.phases[0], rollout, Traffic(0, 0.0)) == Traffic(1, 0.0)


def test_every_phase_with_a_gate_is_looked_at():
    desired = files()
    found = previews(desired, desired.flags[0], COMPANY)
    assert [(p.phase, p.gate) for p in found] == [("pilot", "pilot"), ("half", "ramp")]
    soonest, _ = found[1].characteristics.points[-1].usual_wait
    assert soonest == timedelta(days=3), "the phase's own soak counts"


def test_without_traffic_there_are_no_times():
    desired = files()
    (_, ramp) = previews(desired, desired.flags[0], None)
    assert ramp.traffic is None
    assert ramp.characteristics.points[-1].usual_wait is None


def stored(counts, at):
    evidence = evidences.gather(RAMP, counts, (), at)
    verdict = str(evidence.report.verdict)
    text = evidences.write(evidence)
    return StoredEvidence("id", FLAG, "half", verdict, at, None, "ada", text)


def test_the_past_is_replayed_phase_by_phase_from_its_beginning():
    newest_first = [
        stored(ramp_counts(100, 100), NOW),
        stored(ramp_counts(11, 11), NOW - timedelta(minutes=10)),
    ]
    desired = files({"pilot": PILOT, "ramp": replace(RAMP, min_runs=1_000)})
    pilot, half = replay(desired, desired.flags[0], newest_first)
    assert pilot.replays == ()
    assert [one.was for one in half.replays] == [Verdict.INSUFFICIENT_DATA, Verdict.PROCEED]
    assert [one.changed for one in half.replays] == [False, True]


@pytest.mark.parametrize("review", [previews, replay])
def test_a_flag_without_gates_has_nothing_to_review(review):
    desired = files({})
    with pytest.raises(UsageError, match="has a gate in these files"):
        review(desired, desired.flags[0], ())
