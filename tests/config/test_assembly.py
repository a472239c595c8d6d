"""Round trips: a domain value, written as a file and read back, is the same value."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from controller.config.loader import load_files
from controller.domain.environment import Environment
from controller.domain.gate_policy import Waiver
from tests.config import strategies, writing
from tests.config.writing import as_yaml

GATES = ("smoke", "ramp")


def files(flag, rollout, gates, environments, phase=None, **more):
    used = {name: gate for name, gate in gates.items() if name in {p.gate for p in rollout.phases}}
    return {
        "flags/feature.yaml": as_yaml(writing.flag(flag)),
        "rollout/feature.yaml": as_yaml(writing.rollout(rollout, phase or rollout.phase, used)),
        **{
            f"rollout/environments/{e.name}.yaml": as_yaml(writing.environment(e))
            for e in environments
        },
        **more,
    }


@settings(max_examples=60)
@given(
    flag=strategies.flags(),
    rollout=strategies.rollouts(GATES),
    smoke=strategies.deterministic_gates(),
    ramp=strategies.sequential_gates(),
    environment=strategies.environments(),
)
def test_everything_comes_back(flag, rollout, smoke, ramp, environment):
    gates = {"smoke": smoke, "ramp": ramp}
    desired = load_files(files(flag, rollout, gates, [environment])).desired("demo")
    assert desired.flags[0].flag == flag
    assert desired.flags[0].rollout == rollout
    assert desired.environment == environment
    named = {phase.gate for phase in rollout.phases if phase.gate}
    assert desired.gates == {"feature": {name: gates[name] for name in named}}


@settings(max_examples=30)
@given(
    flag=strategies.flags(),
    rollout=strategies.rollouts(),
    one=strategies.environments("one"),
    two=strategies.environments("two"),
    data=st.data(),
)
def test_each_environment_has_its_phase(flag, rollout, one, two, data):
    names = ["off", *(phase.name for phase in rollout.phases)]
    phase = {name: data.draw(st.sampled_from(names)) for name in ("one", "two")}
    configuration = load_files(files(flag, rollout, {}, [one, two], phase))
    found = {name: configuration.desired(name).flags[0].phase for name in phase}
    assert found == phase


@settings(max_examples=30)
@given(strategies.environments(), strategies.sequential_gates(), strategies.SENTENCES)
def test_a_waiver_comes_back(environment: Environment, ramp, reason):
    waiver = Waiver("feature", "pilot", ramp.criteria[0].name, reason, "ann", date(2026, 12, 1))
    if waiver.criterion in ramp.never:
        return
    changes = {
        "flags/feature.yaml": b"key: feature\ndescription: a\nowner: b\nexpires: 2027-01-01\n"
        b"merchant_config: {column: flag_column}\n",
        "rollout/feature.yaml": b"flag: feature\nphase: off\nbucketing: {salt: a, version: 1}\n"
        b"phases: [{name: pilot, percent: 10, gate: ramp}]\n",
        "rollout/gates/ramp.yaml": as_yaml(writing.gate(ramp)),
        "rollout/environments/demo.yaml": as_yaml(writing.environment(environment)),
        "rollout/waivers/one.yaml": as_yaml(writing.waiver(waiver)),
    }
    configuration = load_files(changes)
    assert configuration.waivers == (waiver,)
    assert configuration.gates["feature"]["ramp"] == ramp
