"""`rolloutctl report`: the results document, from what the ledger keeps of real companies."""

import json
import re

import pytest

from controller.demo.company import Behaviour
from tests.cli.desk import FLAG
from tests.cli.gated_shop import GatedShop
from tests.render.html.reading import read

BUSY = 8


def report(shop: GatedShop, *arguments: str, code: int = 0):
    done = shop.desk.run("report", FLAG, *arguments)
    assert done.code == code, done.err
    return done


def facts(document) -> dict[str, str]:
    blocks = [block for section in document["sections"] for block in section["blocks"]]
    listed = [fact for block in blocks if block["kind"] == "facts" for fact in block["facts"]]
    return {fact["label"]: fact["text"] for fact in listed}


def applying(document) -> list[str]:
    (matrix,) = [s for s in document["sections"] if s["key"] == "matrix"]
    rows = [row for block in matrix["blocks"] for row in block.get("rows", ())]
    return [row["cells"][0] for row in rows if row["applies"]]


@pytest.fixture
def good(pilot: GatedShop) -> GatedShop:
    """A pilot whose runs were all good, and whose gate was asked."""
    pilot.days_pass(2, Behaviour.FLAWLESS, pace=BUSY)
    assert pilot.gate().code == 0
    return pilot


class TestGood:
    def test_every_figure_is_that_of_the_evidence(self, good: GatedShop):
        asked = good.gate("--format", "json").json
        counts = asked["evidence"]["document"]["evidence"]["counts"]
        document = report(good, "--format", "json").json
        found = facts(document)
        runs, durations = counts["population"], counts["durations"]
        assert found["Workflow runs"].startswith(
            f"{runs['matured']} runs of {runs['merchants']} merchant judged; {runs['pending']} pend"
        )
        assert f"{durations['within']} of {durations['runs']} completed" in found["Actual"]
        assert durations["worst_run"] in found["Workflow ID"]
        produced = counts["produced"]
        orders = counts["rates"]["purchase_order_created"]["all_runs"]["good"]
        assert found["Line items"] == f"{produced['line_items']:,} in {produced['orders']} orders"
        assert produced["orders"] == orders
        assert 0 < durations["median"] <= durations["worst"]
        ratio = counts["baseline"]["median_bound"] / durations["median"]
        assert found["Speedup"].startswith(f"at least {int(ratio * 10) / 10:g} times as fast")
        for name, label in (
            ("purchase_order_created", "PO created"),
            ("line_items_extracted", "Line items extracted"),
            ("data_complete", "Data complete"),
        ):
            tally = counts["rates"][name]["all_runs"]
            assert f"{tally['good']} of {tally['matured']} runs" in found[label]
        assert document["gate"]["criteria"] == asked["criteria"]
        assert document["judgements"][0]["id"] == asked["evidence"]["id"]

    def test_it_recommends_to_proceed(self, good: GatedShop):
        document = report(good, "--format", "json").json
        assert (document["verdict"], document["to"]) == ("proceed", "10%")
        assert applying(document) == ["Proceed"]
        assert document["same_decision"] is True
        assert facts(document)["Status"] == "PASS (proceed)"
        assert good.pilot in facts(document)["Test merchants"]
        said = report(good).out
        assert "**Proceed to 10%.**" in said
        assert "Next: go on to 10%: `rolloutctl promote" in said
        assert "gate pilot does not ask for `shopify_synced`" in said

    def test_nothing_is_counted_anew(self, good: GatedShop):
        before = report(good).out
        good.desk.sql('DELETE FROM "LineItem"')
        good.desk.sql("UPDATE \"WorkflowExecution\" SET status = 'failed'")
        kept = good.desk.sql("SELECT count(*) FROM rollout.evidence")
        assert without_instants(report(good).out) == without_instants(before)
        assert good.desk.sql("SELECT count(*) FROM rollout.evidence") == kept

    def test_every_judgement_listed_can_be_recomputed(self, good: GatedShop):
        good.gate()
        document = report(good, "--format", "json").json
        assert len(document["judgements"]) == 2
        for judged in document["judgements"]:
            assert good.desk.run("gate", "--recompute", judged["id"][:12]).code == 0
        (sources,) = [s for s in document["sections"] if s["key"] == "evidence"]
        rows = [row["cells"] for block in sources["blocks"] for row in block.get("rows", ())]
        assert [row[0] for row in rows][:3] == ["E1", "E2", "B"]
        assert rows[0][2] == f"`{document['judgements'][0]['id']}`"
        entered = document["entered"]["generation"]
        assert f"L{entered}" in {row[0] for row in rows}

    def test_an_earlier_phase_can_be_chosen(self, good: GatedShop):
        good.advance("pilot", "10%")
        assert report(good, "--format", "json").json["verdict"] is None
        document = report(good, "--phase", "pilot", "--format", "json").json
        assert (document["phase"], document["verdict"]) == ("pilot", "proceed")
        assert document["is_present_phase"] is False
        assert "has left this phase" in report(good, "--phase", "pilot").said

    def test_evidence_of_an_earlier_stay_is_none_of_this_one(self, good: GatedShop):
        good.advance("pilot", "10%")
        good.desk.promote("10%", "pilot")
        assert good.desk.run("reconcile").code == 0
        document = report(good, "--format", "json").json
        assert (document["verdict"], document["judgements_of_earlier_stays"]) == (None, 2)
        assert "has not been asked since the phase was entered" in report(good).said


def without_instants(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", text)


def test_a_page_is_written_whole_and_loads_nothing(good: GatedShop):
    out = good.desk.root / "results.html"
    done = report(good, "--format", "html", "--out", str(out))
    assert done.out == f"wrote the results of {FLAG} in phase pilot to {out}\n"
    page = out.read_text(encoding="utf-8")
    assert "://" not in page
    assert "PASS (proceed)" in read(page).text
    out.write_text("old")
    report(good, "--format", "html", "--out", str(out))
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    report(good, "--out", str(good.desk.root / "no/such/folder.md"), code=2)


def test_a_failing_pilot_is_taken_back(pilot: GatedShop):
    pilot.days_pass(2, Behaviour.FAILING, pace=BUSY)
    assert pilot.gate().code == 12
    document = report(pilot, "--format", "json").json
    assert applying(document) == ["Rollback"]
    assert facts(document)["Status"].startswith("FAIL")
    (issues,) = [s for s in document["sections"] if s["key"] == "issues"]
    (rows,) = [block["rows"] for block in issues["blocks"] if block["kind"] == "table"]
    examples = document["gate"]["criteria"]
    assert any(c["name"] == "failed" and c["verdict"] == "fail" for c in examples)
    failed = next(row["cells"] for row in rows if row["cells"][1].startswith("`failed`"))
    assert failed[2] == "HIGH"
    run = re.search(r"`rolloutctl analyze (\w+)`", failed[3])
    assert run
    assert pilot.desk.run("analyze", run[1]).code == 0
    assert "**Rollback.**" in report(pilot).out


def test_a_halted_one_says_who_and_why_as_text(good: GatedShop):
    reason = "<script>alert(1)</script> | ![x](javascript:alert) @everyone `code`"
    good.desk.run("halt", FLAG, "--reason", reason)
    said = report(good).out
    assert "Halted: nothing advances until a person resumes it." in said
    assert "<script" not in said
    assert "@everyone" not in said
    page = report(good, "--format", "html").out
    assert "<script" not in page
    assert reason.replace("`", "") in read(page).text
    document = report(good, "--format", "json").json
    assert document["halted"]["reason"] == reason
    good.desk.run("resume", FLAG, "--reason", "mended")
    assert "resumed" in report(good).said


def test_a_hostile_merchant_is_text(good: GatedShop):
    hostile = "<b>&amp;\x1b[31m|x|\u202e"
    good.desk.sql('UPDATE "Merchant" SET "shopDomain" = %s WHERE id = %s', hostile, good.pilot)
    said, page = report(good).out, report(good, "--format", "html").out
    assert not {"\x1b", "\u202e"} & {*said, *page}
    assert "<b>" not in said + page


def test_a_phase_that_was_never_judged_says_so(pilot: GatedShop):
    done = report(pilot)
    assert "the gate has not been asked since the phase was entered" in done.said
    assert f"rolloutctl gate {FLAG}" in done.out
    document = json.loads(report(pilot, "--format", "json").out)
    assert (document["gate"], document["judgements"], applying(document)) == (None, [], [])


def test_a_phase_without_a_gate_says_so(good: GatedShop):
    good.advance("pilot", "10%")
    good.advance("10%", "50%")
    assert "phase 50% has no gate" in report(good).said


class TestRefused:
    def test_before_anything_was_applied(self, shop: GatedShop):
        done = report(shop, code=2)
        assert "was never applied in test: there are no results" in done.err
        assert "rolloutctl reconcile" in done.err

    def test_while_it_is_off(self, pilot: GatedShop):
        pilot.desk.promote("pilot", "off")
        assert pilot.desk.run("reconcile").code == 0
        assert "is off: there is no phase to report on" in report(pilot, code=2).err
        assert report(pilot, "--phase", "pilot").code == 0

    def test_a_phase_that_does_not_exist(self, pilot: GatedShop):
        done = report(pilot, "--phase", "11%", code=2)
        assert "has no phase 11%" in done.err
        assert "pilot, 10%, 50%, 100%" in done.err

    @pytest.mark.parametrize("phase", ["\x00", "x\ud800", "\x1b[31m"])
    def test_what_is_no_phase(self, pilot: GatedShop, phase: str):
        done = report(pilot, "--phase", phase, code=2)
        assert "\x1b" not in done.err

    def test_a_flag_that_does_not_exist(self, pilot: GatedShop):
        done = pilot.desk.run("report", "new_chekout")
        assert done.code == 2
        assert FLAG in done.err


def test_a_flag_whose_file_is_gone_is_still_reported_on(good: GatedShop):
    """The ledger remembers; the files need not."""
    (good.desk.root / f"flags/{FLAG}.yaml").unlink()
    (good.desk.root / f"rollout/{FLAG}.yaml").unlink()
    assert "PASS (proceed)" in report(good).out
