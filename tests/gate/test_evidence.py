"""Evidence can be stored, read years later, recomputed, and shows when it was touched."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.errors import UsageError
from controller.gate import evidence
from controller.gate.counts import Tally, Uncounted
from controller.gate.judge import judge
from controller.gate.verdict import Verdict
from tests.gate.builders import NOW, PILOT, RAMP, pilot_counts, ramp_counts, rate, waiver

GOLDEN = Path(__file__).parent.parent / "golden" / "gate" / "evidence_v1.json"
SOAK = timedelta(days=2)

# A ramp that uses what there is: a waiver, an error that is only shown, runs left out.
RICH = evidence.gather(
    RAMP,
    replace(
        ramp_counts(96, 100, baseline=Uncounted("the ledger has none")),
        rates={
            "completed": rate(96, 100),
            "on_time": rate(94, 100, capped=(93, 99)),
            "faster_than_baseline": Uncounted("there is no baseline"),
        },
    ),
    (waiver("on_time"), waiver("completed", expires=date(2026, 1, 1))),
    NOW,
    phase_soak=SOAK,
)
SAMPLES = {
    "rich": RICH,
    "pilot": evidence.gather(PILOT, pilot_counts(), (), NOW),
    "rollback": evidence.gather(RAMP, ramp_counts(60, 100), (), NOW),
    "nothing": evidence.gather(RAMP, ramp_counts(identity=Uncounted("no schema")), (), NOW),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_evidence_comes_back_and_recomputes_to_the_same(sample):
    before = SAMPLES[sample]
    after = evidence.read(evidence.write(before))
    assert after == before
    assert evidence.evidence_hash(after) == evidence.evidence_hash(before)
    again = evidence.recompute(after)
    assert again.differences == ()
    assert again.same_decision
    assert again.report == before.report


def test_the_report_is_the_judgement():
    expected = judge(RAMP, RICH.counts, (waiver("on_time"),), NOW, phase_soak=SOAK)
    assert RICH.report == expected
    assert RICH.report.verdict is Verdict.PROCEED
    assert RICH.waivers == (waiver("on_time"),)


def test_impossible_counts_are_stored_as_what_they_were_judged_as():
    rates = {**ramp_counts().rates, "completed": rate(1, 1)}
    rates["completed"] = replace(rates["completed"], all_runs=Tally(float("nan"), None))
    kept = evidence.gather(RAMP, ramp_counts(rates=rates), (), NOW)
    assert isinstance(kept.counts.rates["completed"], Uncounted)
    assert kept.report.verdict is Verdict.ERROR
    assert evidence.read(evidence.write(kept)) == kept


def test_the_text_survives_a_database_that_reorders_and_reformats_json():
    shuffled = json.dumps(json.loads(evidence.write(RICH)), indent=2, sort_keys=False)
    assert evidence.read(shuffled) == RICH


def test_a_forged_verdict_shows():
    forged = replace(RICH, report=replace(RICH.report, verdict=Verdict.ROLLBACK))
    result = evidence.recompute(forged)
    assert [str(difference) for difference in result.differences] == [
        'verdict: "rollback" -> "proceed"'
    ]
    assert not result.same_decision


def test_other_words_are_another_text_but_the_same_decision():
    criteria = (replace(RICH.report.criteria[0], reason="All fine."), *RICH.report.criteria[1:])
    reworded = replace(RICH, report=replace(RICH.report, criteria=criteria, needs=()))
    result = evidence.recompute(reworded)
    assert result.same_decision
    paths = {difference.path for difference in result.differences}
    assert paths == {"criteria[0].reason", "needs"}


@pytest.mark.parametrize("path", ["verdict", "criteria", "checks"])
def test_every_verdict_is_part_of_the_decision(path):
    report = RICH.report
    if path == "verdict":
        report = replace(report, verdict=Verdict.ERROR)
    elif path == "criteria":
        worse = replace(report.criteria[2], verdict=report.criteria[3].verdict)
        report = replace(report, criteria=(*report.criteria[:2], worse, *report.criteria[3:]))
    else:
        worse = replace(report.checks[0], verdict=report.criteria[3].verdict)
        report = replace(report, checks=(worse, *report.checks[1:]))
    assert not evidence.recompute(replace(RICH, report=report)).same_decision


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_a_changed_byte_shows(position):
    text = evidence.write(RICH)
    position %= len(text)
    changed = text[:position] + ("0" if text[position] != "0" else "1") + text[position + 1 :]
    with pytest.raises(UsageError) as error:
        evidence.read(changed)
    assert error.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not evidence"),
        ("[]", "not evidence"),
        ("null", "not evidence"),
        ('{"v": 1}', "not evidence"),
        ('{"v": 3, "sha256": "", "evidence": {}}', "format 3, this program reads up to format 2"),
        ('{"v": [], "sha256": "", "evidence": {}}', r"has format \[\]"),
        ('{"v": 1, "sha256": "", "evidence": {}}', "was changed"),
        (
            (
                '{"v":1,"sha256":'
                '"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","evidence":{}}'
            ),
            "cannot be read",
        ),
    ],
)
def test_what_is_not_evidence_is_refused_with_what_to_do(text, message):
    with pytest.raises(UsageError, match=message) as error:
        evidence.read(text)
    assert error.value.hint


@pytest.mark.parametrize(
    "text",
    [
        '{"v": 2, "sha256": "", "evidence": {"a": NaN}}',
        '{"v": 2, "sha256": "", "evidence": {"a": 1e999}}',
        '{"v": 2, "sha256": "", "evidence": {"a": "\\ud800"}}',
        "[" * 200_000,
        f'{{"v": 2, "sha256": "", "evidence": {"9" * 5_000}}}',
    ],
    ids=["nan", "infinite", "surrogate", "deep", "long"],
)
def test_json_that_nobody_writes_is_no_evidence(text):
    with pytest.raises(UsageError, match="not evidence") as error:
        evidence.read(text)
    assert error.value.hint


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["phase_soak"], 10**40),
        (["phase_soak"], True),
        (["now"], "2026-01-01T00:00:00"),
        (["counts", "flag"], 7),
        (["counts", "population", "matured"], "many"),
        (["counts", "population", "matured"], True),
        (["policy", "alpha_pass"], "1" * 400),
        (["report", "needs"], "abc"),
        (["counts", "rates"], {"completed": []}),
    ],
    ids=str,
)
def test_what_fits_its_hash_and_not_its_types_cannot_be_read(path, value):
    document = json.loads(evidence.write(RICH))
    *folders, name = path
    place = document["evidence"]
    for folder in folders:
        place = place[folder]
    place[name] = value
    document["sha256"] = evidence._hash(document["evidence"])
    with pytest.raises(UsageError, match="cannot be read"):
        evidence.read(json.dumps(document))


def test_evidence_written_by_the_first_version_is_still_read():
    kept = evidence.read(GOLDEN.read_text(encoding="utf-8"))
    result = evidence.recompute(kept)
    assert kept.report.verdict is Verdict.PROCEED
    assert result.same_decision
    assert not [d for d in result.differences if "lower" in d.path or "upper" in d.path]


def test_evidence_of_the_first_format_lacks_only_what_came_later():
    counts = pilot_counts()
    old = json.loads(evidence.write(evidence.gather(PILOT, counts, (), NOW)))
    del old["evidence"]["counts"]["produced"]
    del old["evidence"]["counts"]["durations"]["median"]
    old |= {"v": 1, "sha256": evidence._hash(old["evidence"])}
    kept = evidence.read(json.dumps(old))
    assert (kept.counts.produced, kept.counts.durations.median) == (None, None)
    assert evidence.recompute(kept).differences == ()
