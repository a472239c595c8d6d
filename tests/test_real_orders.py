"""A rollout on real purchase orders: vendors are the merchants, and git moves the phases.

The data is the BPI Challenge 2019; it is not ours to ship, so the test runs where it is present.
"""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from controller.domain.environment import Allowance, Guardrail
from controller.domain.targeting import decide
from controller.errors import ExitCode
from controller.reconcile import survey
from tests.workshop import FLAG, Workshop, ladder

ORDERS = Path(__file__).parents[2] / "shared" / "data" / "bpic2019_line_items.csv"

pytestmark = pytest.mark.skipif(not ORDERS.exists(), reason="the real purchase orders are not here")


def vendors() -> list[str]:
    with ORDERS.open(encoding="utf-8", newline="") as file:
        return sorted({row["merchantId_vendor"] for row in csv.DictReader(file)})


@pytest.fixture
def workshop(tmp_path: Path, database: str) -> Workshop:
    workshop = Workshop.create(tmp_path / "repository", database)
    workshop.merchants(*vendors(), age=timedelta(days=900))
    return workshop


def test_a_rollout_over_the_vendors_of_a_company(workshop: Workshop):
    pilot = vendors()[0]
    reached: dict[str, set[str]] = {}
    commits: dict[str, str] = {}
    for phase in ("off", "pilot", "10%", "50%", "100%"):
        commits[phase] = workshop.phase(phase, phases=ladder([pilot]))
        reached[phase] = _reconcile_exactly(workshop)
    for phase in ("100%", "50%"):  # back to 10%: revert what advanced it, the newest first
        workshop.git("revert", "--no-edit", commits[phase])
        _reconcile_exactly(workshop)

    assert workshop.on() == reached["10%"]
    assert [len(reached[phase]) for phase in ("off", "pilot")] == [0, 1]
    assert reached["pilot"] <= reached["10%"] <= reached["50%"] <= reached["100%"]
    assert reached["100%"] == set(vendors())
    assert len(reached["10%"]) == pytest.approx(0.1 * len(vendors()), rel=0.3)
    assert workshop.app_reads(vendors()) == _explained(workshop)


def _explained(workshop: Workshop) -> set[str]:
    """Those of whom `explain` says that they have it."""
    (flag,) = workshop.desired().flags
    with workshop.ports().store.snapshot() as snapshot:
        merchants = snapshot.find_merchants(vendors())
        return {m.id for m in merchants if decide(flag, m, snapshot.now, halted=False).value}


def _reconcile_exactly(workshop: Workshop) -> set[str]:
    """Reconcile; it touches exactly whom its plan named, records just that, and then is done."""
    before = workshop.on()
    recorded = len(workshop.ledger_changes())
    plan = survey(workshop.ports(), workshop.desired()).plan
    planned = {m: group.value for group in plan.groups() for m in group.merchants}

    outcome = workshop.reconcile(
        allowances=[Allowance(Guardrail.MAX_CHANGED_PERCENT, FLAG, "a test", "tester", None)]
    )

    after = workshop.on()
    assert outcome.exit_code is ExitCode.DONE
    assert {m: m in after for m in before ^ after} == planned
    assert dict(workshop.ledger_changes()[recorded:]) == planned
    again = workshop.reconcile()
    assert again.committed is None
    assert not again.plan.has_changes
    return after
