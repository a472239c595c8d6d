"""The reviews of a gate: recounting its evidence, replaying it, looking ahead."""

import json
from dataclasses import replace

import pytest

from controller.demo.company import Behaviour
from controller.gate import evidence as evidences
from controller.gate.verdict import Verdict
from tests.cli.desk import FLAG

BUSY = 40.0
"""So much busier than usual are merchants here."""


def test_stored_evidence_is_judged_again(ramp, tmp_path):
    ramp.days_pass(2, Behaviour.GOOD, pace=BUSY)
    printed = ramp.gate("--format", "json")
    found = printed.json["evidence"]
    assert found["stored"] is True
    by_id = ramp.desk.run("gate", "--recompute", found["id"][:12])
    assert by_id.code == 0, by_id.err
    assert by_id.out.startswith("SAME  ")
    for text in (printed.out, json.dumps(found["document"])):
        (tmp_path / "evidence.json").write_text(text, encoding="utf-8")
        by_file = ramp.desk.run("gate", "--recompute", str(tmp_path / "evidence.json"))
        assert (by_file.code, by_file.out) == (0, by_id.out)


def test_evidence_that_is_judged_otherwise_today_is_an_error(ramp, tmp_path):
    printed = ramp.gate("--format", "json").json["evidence"]["document"]
    evidence = evidences.read(json.dumps(printed))
    other = replace(evidence, report=replace(evidence.report, verdict=Verdict.PROCEED))
    path = tmp_path / "evidence.json"
    path.write_text(evidences.write(other), encoding="utf-8")
    done = ramp.desk.run("gate", "--recompute", str(path))
    assert done.code == 13, done.err
    assert done.out.startswith("DIFFERENT  ")
    assert 'was "proceed"' in done.out
    document = ramp.desk.run("gate", "--recompute", str(path), "--format", "json").json
    assert [difference["path"] for difference in document["differences"]] == ["verdict"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": "rolloutctl-gate/1"}'])
def test_a_file_without_evidence(shop, tmp_path, text):
    path = tmp_path / "evidence.json"
    path.write_text(text, encoding="utf-8")
    done = shop.desk.run("gate", "--recompute", str(path))
    assert done.code == 2
    assert "evidence of a gate" in done.err


@pytest.mark.parametrize("prefix", ["0123456789ab", "no such id", "f" * 5000])
def test_evidence_that_nobody_stored(ramp, prefix):
    done = ramp.desk.run("gate", "--recompute", prefix)
    assert done.code == 2
    assert "no evidence in the ledger begins so" in done.err


def test_a_backtest_shows_what_another_gate_would_have_said(ramp):
    ramp.days_pass(2, Behaviour.GOOD, pace=BUSY)
    assert ramp.gate().code == 0
    ramp.desk.edit(f"rollout/{FLAG}.yaml", "min_runs: 20", "min_runs: 2000")
    done = ramp.gate("--backtest")
    assert done.code == 0, done.err
    assert "otherwise in 1: 1 from proceed to insufficient data." in done.said
    document = ramp.gate("--backtest", "--format", "json").json
    (judged,) = next(g["judgements"] for g in document["gates"] if g["phase"] == "10%")
    assert (judged["was"], judged["would_be"]) == ("proceed", "insufficient_data")
    assert "proceed to insufficient data" in ramp.gate("--backtest", "--format", "markdown").said


def test_characteristics_with_the_companys_traffic(pilot):
    pilot.days_pass(2, Behaviour.GOOD)
    done = pilot.gate("--characteristics")
    assert done.code == 0, done.out
    assert "gate ramp of phase 10%, about" in done.said
    assert "at your traffic" in done.said
    assert "Traffic is that of the last 30 days" in done.said
    assert "| 80 % |" in pilot.gate("--characteristics", "--format", "markdown").out


def test_characteristics_without_a_database(shop):
    done = shop.desk.run("gate", FLAG, "--characteristics", env={"DATABASE_URL": None})
    assert done.code == 0, done.err
    assert "gate ramp of phase 10%\n" in done.out
    assert "Without traffic there are no times" in done.said
    document = shop.desk.run(
        "gate", FLAG, "--characteristics", "--format", "json", env={"DATABASE_URL": None}
    ).json
    assert document["gates"][1]["qualities"][0]["usual_days"] is None


def test_a_gate_that_never_passes_is_wrong(pilot):
    pilot.days_pass(1, Behaviour.GOOD)
    pilot.desk.edit(f"rollout/{FLAG}.yaml", "min_merchants: 4", "min_merchants: 200")
    done = pilot.gate("--characteristics")
    assert done.code == 2, done.out
    assert "x It can never pass: `min_merchants` is 200" in done.said


@pytest.mark.parametrize("review", ["--backtest", "--characteristics"])
def test_a_flag_without_gates_has_nothing_to_review(desk, review):
    done = desk.run("gate", FLAG, review)
    assert done.code == 2
    assert "has a gate in these files" in done.err
