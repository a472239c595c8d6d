"""Real purchase orders, days for minutes: the counts of a plain pass over the file."""

import csv
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from controller.gate.counts import Tally
from controller.workflow_data.sql import SqlWorkflowData
from tests.workflow_data.world import RAMP, TIMING, criterion, environment, question

CSV = Path(__file__).parents[3] / "shared" / "data" / "bpic2019_line_items.csv"
SINCE = datetime(2018, 3, 1, tzinfo=UTC)
NOW = datetime(2018, 11, 15, 12, tzinfo=UTC)
DEADLINE, WITHIN, CAP = timedelta(days=90), timedelta(days=45), 5
POLICY = replace(
    RAMP,
    timing=replace(TIMING, outcome_deadline=DEADLINE, max_staleness=timedelta(days=60)),
    criteria=(criterion("completed"), criterion("on_time", within=WITHIN)),
    runs_per_merchant=CAP,
)

pytestmark = pytest.mark.skipif(not CSV.exists(), reason="the real orders are not on this machine")


@pytest.fixture(scope="module")
def lines():
    with CSV.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def loaded(database, lines):
    with psycopg.connect(database) as connection:
        connection.execute("SET timezone = 'Europe/Amsterdam'")
        connection.execute('DROP TABLE "WorkflowExecution" CASCADE')
        connection.execute(
            'CREATE TABLE "WorkflowExecution" (id TEXT, "merchantId" TEXT, '
            'status TEXT, "createdAt" TIMESTAMPTZ, "completedAt" TIMESTAMPTZ)'
        )
        with connection.cursor().copy('COPY "WorkflowExecution" FROM STDIN') as copy:
            for line in lines:
                copy.write_row(
                    (
                        line["id"],
                        line["merchantId_vendor"],
                        line["status"],
                        line["createdAt"],
                        line["completedAt"] or None,
                    )
                )
    return database


def cohort_of(lines):
    """Every third vendor; some got the feature a month later than others."""
    vendors = sorted({line["merchantId_vendor"] for line in lines})[::3]
    return {v: SINCE + timedelta(days=30 * (n % 2)) for n, v in enumerate(vendors)}


def judged(line):  # noqa: PLR0911 -- one return a rule
    """What became of one line item, and when it was created."""
    created = datetime.fromisoformat(line["createdAt"])
    ended = datetime.fromisoformat(line["completedAt"]) if line["completedAt"] else None
    late = NOW + timedelta(minutes=5)
    if created > late:
        return "created in the future", created, ended
    if line["status"] == "completed":
        if ended is None:
            return "completed at an unknown time", created, ended
        if ended < created:
            return "completed before it was created", created, ended
        if ended > late:
            return "completed in the future", created, ended
        return ("done" if ended - created <= DEADLINE else "stuck"), created, ended
    if line["status"] == "failed":
        known = ended is not None and ended <= late
        return ("stuck" if known and ended - created > DEADLINE else "failed"), created, ended
    return ("stuck" if NOW - created >= DEADLINE else "pending"), created, ended


def test_the_gate_counts_what_a_pass_over_the_file_counts(loaded, lines):
    cohort = cohort_of(lines)
    outcomes, matured = Counter(), defaultdict(list)
    for line in lines:
        outcome, created, ended = judged(line)
        since = cohort.get(line["merchantId_vendor"])
        if since is None or created < since:
            continue
        outcomes[outcome] += 1
        if outcome in {"done", "failed", "stuck"}:
            quick = outcome == "done" and ended - created <= WITHIN
            matured[line["merchantId_vendor"]].append((created, line["id"], outcome, quick))
    runs = [run for found in matured.values() for run in found]
    first = [run for found in matured.values() for run in sorted(found)[:CAP]]

    counts = SqlWorkflowData(environment(), loaded).count(
        question(POLICY, cohort, since=SINCE, now=NOW)
    )
    population, completed, on_time = (
        counts.population,
        counts.rates["completed"],
        counts.rates["on_time"],
    )
    assert population.matured == len(runs) > 1_000
    assert population.pending == outcomes["pending"] > 100
    assert population.merchants == len(matured)
    assert population.capped == len(first)
    assert dict(population.excluded) == {
        why: n for why, n in outcomes.items() if why[:2] in {"co", "cr"}
    }
    assert population.excluded_runs > 100
    assert counts.totals["stuck"].count == outcomes["stuck"] > 100
    assert counts.totals["failed"].count == outcomes["failed"] > 0
    assert completed.all_runs == Tally(outcomes["done"], len(runs))
    assert completed.capped == Tally(sum(r[2] == "done" for r in first), len(first))
    assert on_time.all_runs == Tally(sum(r[3] for r in runs), len(runs))
    assert on_time.capped == Tally(sum(r[3] for r in first), len(first))


def test_orders_of_several_lines_are_found_as_duplicates(loaded, lines):
    """A line item as the order of its purchase order's run: most orders have several."""
    with psycopg.connect(loaded) as connection:
        connection.execute('ALTER TABLE "PurchaseOrder" DISABLE TRIGGER ALL')
        connection.execute(
            'ALTER TABLE "PurchaseOrder" DROP CONSTRAINT IF EXISTS "PurchaseOrder_merchantId_fkey"'
        )
        first = {}
        with connection.cursor().copy(
            'COPY "PurchaseOrder" (id, "merchantId", "workflowId", "poNumber", "totalAmount") '
            "FROM STDIN"
        ) as copy:
            for line in lines:
                run = first.setdefault(line["purchaseOrderId"], line["id"])
                copy.write_row(
                    (
                        line["id"],
                        line["merchantId_vendor"],
                        run,
                        line["purchaseOrderId"],
                        line["netWorthEUR"],
                    )
                )
    cohort = cohort_of(lines)
    created = {line["id"]: datetime.fromisoformat(line["createdAt"]) for line in lines}
    owner = {line["id"]: line["merchantId_vendor"] for line in lines}
    orders = Counter(first[line["purchaseOrderId"]] for line in lines)
    twice = sum(
        n > 1 and owner[run] in cohort and created[run] >= cohort[owner[run]]
        for run, n in orders.items()
    )
    counts = SqlWorkflowData(environment(), loaded).count(
        question(POLICY, cohort, since=SINCE, now=NOW)
    )
    assert counts.totals["duplicate_orders"].count == twice > 100
