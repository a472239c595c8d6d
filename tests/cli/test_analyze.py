"""`rolloutctl analyze`: one run, by the rules that every gate counts by."""

from datetime import timedelta

import pytest

from controller.demo.company import Behaviour
from tests.cli.desk import FLAG

_NEWEST = """
    SELECT w.id, w."merchantId", w."completedAt" - w."createdAt" FROM "WorkflowExecution" w
    JOIN "MerchantConfig" c ON c."merchantId" = w."merchantId" AND c."enableNewCheckout"
    WHERE w.status = %s ORDER BY w."createdAt" DESC LIMIT 1
"""


def newest(desk, status="completed"):
    """The newest run of a merchant that has the feature."""
    ((run, merchant, took),) = desk.sql(_NEWEST, status)
    return run, merchant, took


def analysed(desk, run, *arguments):
    done = desk.run("analyze", run, "--format", "json", *arguments)
    assert done.code == 0, done.err
    return done.json


@pytest.fixture
def treated(pilot):
    """A pilot that has had good runs for a day."""
    pilot.days_pass(2, Behaviour.GOOD, pace=8)
    return pilot.desk


def test_a_good_run_of_the_pilot_is_on_time_and_much_faster_than_before(treated):
    run, merchant, took = newest(treated)
    found = analysed(treated, run)
    (flag,) = found["flags"]
    assert (flag["flag"], flag["gate"]) == (FLAG, "pilot")
    assert (flag["outcome"]["fate"], flag["outcome"]["on_time"]) == ("completed", True)
    assert flag["on_since"] is not None
    assert found["merchant"]["id"] == merchant
    assert found["took_seconds"] == pytest.approx(took.total_seconds())
    past, baseline = found["past"], flag["baseline"]
    assert past["slower"] == past["runs"] > 5
    assert past["times_as_long"] > 5
    assert baseline["median_bound_seconds"] > 20 * 60
    assert past["until"] == flag["on_since"]


def test_the_text_says_it_to_a_person(treated):
    run, merchant, _ = newest(treated)
    out = " ".join(treated.run("analyze", run).out.split())
    for part in (
        run,
        merchant,
        "gate pilot counts it as completed, on time (within 10 min)",
        "ok purchase order created",
        "before it got the feature",
        "times as fast",
    ):
        assert part in out


def test_a_run_from_before_is_counted_by_no_gate(treated):
    _, merchant, _ = newest(treated)
    ((old,),) = treated.sql(
        'SELECT id FROM "WorkflowExecution" WHERE "merchantId" = %s AND status = \'completed\' '
        'ORDER BY "createdAt" LIMIT 1',
        merchant,
    )
    (flag,) = analysed(treated, old)["flags"]
    assert flag["on_since"] is None
    assert "off when it was created, so no gate counts it" in " ".join(
        treated.run("analyze", old).out.split()
    )


def test_a_stuck_run_says_where_and_for_how_long(pilot):
    pilot.days_pass(2, Behaviour.STUCK, pace=8)
    desk = pilot.desk
    run, _, _ = newest(desk)
    desk.sql(
        'UPDATE "WorkflowExecution" SET status = \'processing\', "completedAt" = NULL, '
        '"currentStage" = \'database_save\', "createdAt" = "createdAt" - interval \'1 h\' '
        "WHERE id = %s",
        run,
    )
    found = analysed(desk, run)
    assert found["flags"][0]["outcome"]["fate"] == "stuck"
    assert found["took_seconds"] is None
    out = " ".join(desk.run("analyze", run).out.split())
    assert "processing in stage database_save" in out
    assert "counts it as stuck (not ended within 30 min)" in out


def test_corrupted_data_is_named(treated):
    run, merchant, _ = newest(treated)
    treated.sql(
        'UPDATE "PurchaseOrder" SET "totalAmount" = -5, "supplierId" = NULL '
        'WHERE "workflowId" = %s',
        run,
    )
    treated.sql(
        'INSERT INTO "PurchaseOrder" (id, "merchantId", "workflowId", "poNumber") '
        "VALUES ('second', %s, %s, '')",
        merchant,
        run,
    )
    quality = analysed(treated, run)["data_quality"]
    assert (quality["corrupted"], quality["duplicate_orders"]) == (True, True)
    assert quality["data_complete"] is False
    out = " ".join(treated.run("analyze", run).out.split())
    assert "NO several orders from one run" in out
    assert "supplier missing, number missing" in out or "number missing, supplier missing" in out


def test_amounts_are_added_up_where_the_file_names_their_column(treated):
    run, _, _ = newest(treated)
    file = "rollout/environments/test.yaml"
    treated.write(
        file,
        treated.read(file) + "workflow_data: {columns: {line_item.amount: totalCost}}\n",
    )
    (order,) = analysed(treated, run)["orders"]
    assert (order["adds_up"], order["line_items_total"]) == (True, order["total"])
    treated.sql(
        'UPDATE "PurchaseOrder" SET "totalAmount" = "totalAmount" + 1 WHERE "workflowId" = %s', run
    )
    assert analysed(treated, run)["data_quality"]["data_complete"] is False
    assert "the line items do not add up to the total" in " ".join(
        treated.run("analyze", run).out.split()
    )


def test_before_anything_was_applied_the_usual_times_judge(shop):
    ((run,),) = shop.desk.sql(
        "SELECT id FROM \"WorkflowExecution\" WHERE status = 'completed' ORDER BY id LIMIT 1"
    )
    found = analysed(shop.desk, run)
    assert found["flags"] == []
    assert found["outcome"]["deadline_seconds"] == timedelta(minutes=30).total_seconds()


@pytest.mark.parametrize("reference", ["", "\x00", "x\ud800", "\x1b[31m", "a\nb"])
def test_what_is_no_id_is_a_usage_error(pilot, reference):
    done = pilot.desk.run("analyze", reference)
    assert done.code == 2
    assert "no run's id" in done.err
    assert "\x1b" not in done.err


def test_an_unknown_run_is_a_usage_error_with_suggestions(treated):
    run, _, _ = newest(treated)
    done = treated.run("analyze", f"{run[:-1]}~")
    assert done.code == 2
    assert f"there is no run with the id {run[:-1]}~" in done.err
    assert "did you mean" in done.err
    assert run in done.err
    assert "give the whole id" in treated.run("analyze", "nothing-like-it").err
    assert "did you mean" not in treated.run("analyze", "%").err


def test_one_flag_alone_can_be_asked_for(treated):
    run, _, _ = newest(treated)
    assert treated.run("analyze", run, "--flag", "other").code == 2
    assert len(analysed(treated, run, "--flag", FLAG)["flags"]) == 1


def test_hostile_texts_stay_text(treated):
    run, _, _ = newest(treated)
    hostile = "x\x1b]0;owned\x07\u202e\n::error::y"
    treated.sql(
        'UPDATE "WorkflowExecution" SET "errorMessage" = %s, "currentStage" = %s WHERE id = %s',
        hostile,
        hostile,
        run,
    )
    treated.sql('UPDATE "Upload" SET "fileName" = %s', hostile)
    treated.sql('UPDATE "Supplier" SET name = %s', hostile)
    out = treated.run("analyze", run).out
    assert not {"\x1b", "\x07", "\u202e"} & set(out)
    assert "\n::error" not in out
    assert analysed(treated, run)["error"] == hostile


def test_without_the_table_of_files_the_rest_is_shown(treated):
    run, _, _ = newest(treated)
    treated.sql('DROP TABLE "Upload" CASCADE')
    done = treated.run("analyze", run)
    assert done.code == 0
    assert "file: cannot be read" in done.out
    assert "ok  purchase order created" in done.out
