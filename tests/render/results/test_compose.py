"""The whole document: nothing is blank, every figure names its source, every gap its reason."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from controller.gate.report import CriterionKind
from controller.render.results.compose import compose
from controller.render.results.document import Bullets, Document, Facts, Table, Text
from tests.gate.builders import PILOT, RAMP, pilot_counts, population, ramp_counts
from tests.render.results import documents
from tests.render.results.documents import ALL, COMMIT, halted, harmful

KEYS = (
    "recommendation",
    "test-details",
    "results",
    "performance",
    "data-quality",
    "issues",
    "metrics",
    "matrix",
    "history",
    "evidence",
)


def tables(document: Document) -> list[Table]:
    return [b for s in document.sections for b in s.blocks if isinstance(b, Table)]


def facts(found) -> dict[str, str]:
    blocks = (b for s in compose(found).sections for b in s.blocks if isinstance(b, Facts))
    return {fact.label: fact.text for block in blocks for fact in block.facts}


def section(found, key):
    (wanted,) = [s for s in compose(found).sections if s.key == key]
    return wanted


def said(found, key) -> str:
    """All sentences of a section, and the cells of its tables."""
    parts = []
    for block in section(found, key).blocks:
        match block:
            case Text():
                parts.append(block.text)
            case Bullets():
                parts += [block.title, *block.items]
            case Facts():
                parts += [f"{fact.label}: {fact.text}" for fact in block.facts]
            case Table():
                parts += [" | ".join(row.cells) for row in block.rows]
    return "\n".join(parts)


@pytest.fixture(params=ALL)
def found(request):
    return ALL[request.param]


def test_the_sections_are_always_the_same(found):
    assert tuple(s.key for s in compose(found).sections) == KEYS
    assert all(s.blocks for s in compose(found).sections)


def test_nothing_is_blank(found):
    document = compose(found)
    assert all(text.strip() for text in facts(found).values())
    for table in tables(document):
        for row in table.rows:
            assert len(row.cells) == len(table.heads)
            assert all(cell.strip() for cell in row.cells), (table.title, row.cells)
    assert "None" not in re.sub(r"None of the|None was|None:", "", str(said_of_all(found)))


def said_of_all(found) -> str:
    return "\n".join(said(found, key) for key in KEYS)


def test_every_mark_is_in_the_list_of_sources(found):
    document = compose(found)
    (sources,) = [table for table in tables(document) if not table.has_sources]
    known = {row.cells[0] for row in sources.rows}
    blocks = [b for s in document.sections for b in s.blocks]
    marks = {m for b in blocks if isinstance(b, Facts) for fact in b.facts for m in fact.marks}
    marks |= {m for t in tables(document) if t.has_sources for row in t.rows for m in row.marks}
    assert marks <= known


def test_every_figure_names_its_source(found):
    """A fact with a number in it has a mark; the others say why there is none."""
    blocks = [b for s in compose(found).sections for b in s.blocks]
    for block in blocks:
        for fact in block.facts if isinstance(block, Facts) else ():
            if not fact.marks:
                assert "not " in fact.text.lower(), fact


def test_every_criterion_is_told_as_it_was_stored():
    for found in ALL.values():
        if found.evidence is None:
            continue
        (table,) = [t for t in tables(compose(found)) if t.title == "Criteria"] or [None]
        criteria = found.evidence.report.criteria
        if table is None:
            assert not criteria
            continue
        assert [row.cells[0] for row in table.rows] == [f"`{r.name}`" for r in criteria]
        for row, result in zip(table.rows, criteria, strict=True):
            if result.all_runs is not None:
                tally = result.all_runs.tally
                assert row.cells[2] == f"{tally.good:,}/{tally.matured:,}"
            elif result.kind in {CriterionKind.NEVER, CriterionKind.LIMIT}:
                total = found.evidence.counts.totals[result.name]
                expected = str(total.count) if hasattr(total, "count") else "could not be counted"
                assert row.cells[2] == expected


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("pilot_proceed", "Proceed"),
        ("pilot_slow", "Fix minor issues"),
        ("pilot_harmful", "Rollback"),
        ("ramp_proceed", "Proceed"),
        ("ramp_rollback", "Rollback"),
        ("ramp_waived", "Proceed"),
        ("pilot_nothing_yet", None),
        ("pilot_uncounted", None),
        ("never_judged", None),
    ],
)
def test_the_row_of_the_matrix_that_applies_is_marked(name, row):
    (matrix,) = [b for b in section(ALL[name], "matrix").blocks if isinstance(b, Table)]
    assert [r.cells[0] for r in matrix.rows if r.applies] == ([row] if row else [])
    assert [r.cells[0] for r in matrix.rows if "THIS ONE" in r.cells[3]] == ([row] if row else [])
    if row is None and ALL[name].evidence is not None:
        assert "None of the three applies yet" in said(ALL[name], "matrix")


def test_the_matrix_has_the_figures_of_the_gate():
    text = said(ALL["pilot_proceed"], "matrix")
    assert "1 run or more, each completed within 10 min; none failed or stuck" in text
    assert "a run took more than 10 min, at most 30 min" in text
    assert "1 failed run or more; 1 stuck run or more; a run longer than 30 min" in text
    assert "any of `duplicate_orders` and `corrupted`" in text
    assert "20 runs of 4 merchants or more" in said(ALL["ramp_proceed"], "matrix")
    assert "one merchant's `completed` is below 70 %" in said(ALL["ramp_proceed"], "matrix")


def test_a_good_pilot_fills_in_everything_that_the_document_asks_for():
    found = facts(ALL["pilot_proceed"])
    assert found["Test merchants"] == "`m01` (moss-bakery.example)"
    assert found["Dates"] == "2026-11-20 08:00 UTC (entered) to 2026-11-23 08:00 UTC (judged)"
    assert found["Entered by"] == "ada, revision 4f2a9c1b03de, generation 3"
    assert found["Workflow ID"] == "`run-1`, the slowest of 5: `rolloutctl analyze run-1`"
    assert found["Status"] == "PASS (proceed)"
    assert found["Duration"] == "4 min 10 s for the slowest run"
    assert found["Issues found"] == "none"
    assert found["Expected"] == "at most 10 min; 5 min or less is excellent"
    assert found["Actual"] == (
        "5 of 5 completed runs within 10 min; half of them took at most 4 min"
    )
    assert "half of them took at least 38 min" in found["Before (legacy)"]
    assert found["Improvement"] == "at least 89.4 % faster than before (half took at most 4 min)"
    assert found["Speedup"] == "at least 9.5 times as fast (half took at most 4 min)"
    assert found["PO created"] == "YES: 5 of 5 runs that did not fail"
    assert found["Line items"] == "15 in 5 orders"
    assert found["Shopify sync"].startswith("YES: 5 of 5")
    assert found["Data accuracy"].startswith("VERIFIED for every run: `purchase_order_created`")
    assert found["Data accuracy"].endswith("no `duplicate_orders`, no `corrupted`")


def test_a_single_run_is_no_half_of_anything():
    one = pilot_counts(1, worst=timedelta(minutes=4))
    found = facts(documents.results(documents.judged(PILOT, one)))
    assert found["Workflow ID"] == "`run-1`, the only one: `rolloutctl analyze run-1`"
    assert found["Actual"] == "1 of 1 completed run within 10 min; it took 4 min"
    assert found["Speedup"] == "at least 9.5 times as fast (it took 4 min)"


def test_a_release_that_is_slower_than_before_is_no_improvement():
    slow = pilot_counts(3, worst=timedelta(minutes=50))
    slow = replace(slow, durations=replace(slow.durations, median=timedelta(minutes=45)))
    found = facts(documents.results(documents.judged(PILOT, slow)))
    assert found["Improvement"].startswith("none: not faster than before")
    assert found["Speedup"].startswith("none: not faster than before")


def test_evidence_of_the_first_format_says_what_it_lacks_and_flatters_nobody():
    found = facts(ALL["pilot_first_format"])
    assert "not in evidence of the first format" in found["Actual"]
    assert "not in evidence of the first format" in found["Line items"]
    assert found["Improvement"] == (
        "at least 89 % faster than before (all took at most 4 min 10 s)"
    )


def test_a_sequential_gate_bounds_the_speedup_by_the_runs_on_time():
    found = facts(ALL["ramp_proceed"])
    assert found["Speedup"] == "at least 3.8 times as fast (at least half took at most 10 min)"
    assert found["Actual"] == "100 of 100 runs completed within 10 min"


def test_what_could_not_be_counted_is_said_with_its_reason():
    text = said_of_all(ALL["pilot_uncounted"])
    assert text.count("no such table") > 10
    assert "Mend what could not be judged." in said(ALL["pilot_uncounted"], "recommendation")
    assert facts(ALL["pilot_uncounted"])["Status"].startswith("UNDECIDED")


def test_issues_come_worst_first_with_what_to_look_at():
    rows = next(b for b in section(harmful(), "issues").blocks if isinstance(b, Table)).rows
    severities = [row.cells[2] for row in rows]
    order = ["CRITICAL", "HIGH", "MEDIUM", "LOW"]
    assert severities == sorted(severities, key=order.index)
    assert set(severities) == {"CRITICAL", "HIGH", "MEDIUM"}
    critical = rows[0].cells
    assert "`corrupted`" in critical[1]
    assert critical[3] == ("open; look at `rolloutctl analyze run-3`, `rolloutctl analyze run-4`")
    told = said(harmful(), "issues")
    assert told.count("completed before it was created") == 1


def test_halts_are_issues_with_how_they_ended():
    text = said(halted(), "issues")
    first, second = [line for line in text.splitlines() if "Halted" in line]
    assert "by bo: orders without line items" in first
    assert "resumed 2026-11-20 10:00 UTC by bo: fixed" in first
    assert "still halted; when the reason is gone: `rolloutctl resume" in second
    recommendation = said(halted(), "recommendation")
    assert "Halted: nothing advances until a person resumes it." in recommendation
    assert "The evidence is from before the halt." in recommendation
    assert "YES | NO (but halted)" in said(halted(), "metrics")


def test_waivers_and_lifted_guardrails_are_told():
    found = ALL["ramp_waived"]
    issues = said(found, "issues")
    assert "waived by two merchants' printers are slow until 2026-12-01" in issues
    assert "guardrail soak_not_over lifted by ada" in issues
    assert "Waivers in force (E1)" in issues
    assert "Waived: `on_time`." in said(found, "recommendation")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "never_judged",
            "the gate has not been asked since the phase was entered. Next: `",
        ),
        ("never_judged_and_left", "the ledger keeps no evidence about phase pilot"),
        ("without_gate", "phase 50% has no gate, so nothing is judged in it"),
        ("pilot_unreadable", "cannot be read: it has format 9"),
    ],
)
def test_what_was_never_judged_is_said_plainly_with_the_next_command(name, why):
    found = ALL[name]
    text = said(found, "recommendation")
    assert why in text
    assert "Next:" in text
    for key in ("results", "performance", "data-quality", "metrics"):
        assert said(found, key) == "Not filled in: nothing judged is known, see Recommendation"


def test_judgements_of_an_earlier_stay_are_counted_and_are_no_evidence():
    assert "The ledger has 2 more of earlier stays" in said(ALL["never_judged"], "history")


def test_a_phase_that_was_left_is_told_as_such():
    text = said(ALL["pilot_left"], "recommendation")
    assert "When the gate was asked last: Proceed to 10%." in text
    assert "has left this phase: it is in 50%" in text
    assert "Next: `rolloutctl report sequential_workflow`" in text


def test_old_evidence_and_another_policy_are_warned_of():
    text = said(ALL["outdated"], "recommendation")
    assert "about 3 days old: ask again with `rolloutctl gate sequential_workflow`" in text
    found = ALL["pilot_proceed"]
    assert "Another gate" not in said(found, "recommendation")
    applied = found.applied
    policy = replace(applied.policy, gates={"pilot": replace(PILOT, min_runs=2)})
    changed = replace(found, applied=replace(applied, policy=policy))
    assert "Another gate has been applied since" in said(changed, "recommendation")


def test_each_judgement_can_be_checked():
    rows = next(b for b in section(harmful(), "evidence").blocks if isinstance(b, Table)).rows
    first = rows[0].cells
    assert first[0] == "E1"
    assert first[5] == f"`rolloutctl gate --recompute {harmful().deciding.id[:12]}`"
    assert [row.cells[0] for row in rows] == ["E1", "E2", "B", "L3"]
    history = said(harmful(), "history")
    assert history.index("rollback") < history.index("proceed")
    assert COMMIT[:12] in history
    assert "not known" in history


def test_a_few_runs_that_were_left_out_are_an_issue_to_know():
    few = population(1000, excluded={"created in 1948": 1})
    counts = ramp_counts(1000, 1000, population=few)
    found = documents.results(documents.judged(RAMP, counts), phase="10%")
    told = said(found, "issues")
    assert "1 run left out as bad data: created in 1948 | LOW" in told
