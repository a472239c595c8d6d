"""What is said beside the gate's report, and where there is no gate."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from controller.domain.environment import Freeze
from controller.domain.halt import Halt
from controller.inquiry.gate import Asked, Free, NothingToPass, Other
from controller.judging import Judgement
from controller.render import gate_remarks
from tests.render.gate_reviews import EVIDENCE

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ASKED = Asked(Judgement(EVIDENCE, stored=True), "50%", (), (), None)
FREE = NothingToPass("feature", "10%", "50%", Free.NO_GATE, None, None, NOW)


def test_where_the_evidence_is():
    short = ASKED.judgement.id[:12]
    (stored,) = gate_remarks.remarks(ASKED)
    assert stored == f"Evidence {short} is in the ledger: `rolloutctl gate --recompute {short}`"
    lost = replace(ASKED, judgement=Judgement(EVIDENCE, problem="the role may only read"))
    (said,) = gate_remarks.remarks(lost)
    assert said == f"Evidence {short} is not in the ledger: the role may only read"
    nowhere = replace(ASKED, judgement=Judgement(EVIDENCE))
    assert gate_remarks.remarks(nowhere)[0].endswith("there is no ledger yet")


def test_everything_that_may_stand_beside_an_answer():
    asked = replace(
        ASKED,
        others=tuple(Other),
        freezes=(Freeze(NOW, NOW + timedelta(days=1), "busy season"),),
        as_of=NOW,
    )
    *said, _ = gate_remarks.remarks(asked)
    assert said[0].startswith("This is the answer as of 2026-11-23 12:00 UTC")
    assert said[1] == "Nothing is advanced until 2026-11-24 12:00 UTC: busy season"
    assert [text.split(".")[0] for text in said[2:]] == [
        "The files here have another gate for this phase",
        "The files here have other waivers for this phase",
        "The files here count runs differently (workflow_data)",
    ]


@pytest.mark.parametrize("free", Free)
def test_every_reason_has_its_words(free):
    found = replace(FREE, free=free)
    assert gate_remarks.nothing_to_pass(found).endswith(": nothing has to be passed.")


def test_what_to_do_next():
    assert gate_remarks.after_nothing(FREE, "demo") == "go on to 50%: rolloutctl promote feature"
    back = replace(FREE, free=Free.RETREAT, following="pilot")
    assert gate_remarks.after_nothing(back, "demo") == (
        "set phase: pilot for demo in rollout/feature.yaml"
    )
    top = replace(FREE, following=None)
    assert gate_remarks.after_nothing(top, "demo") == ""
    soaking = replace(FREE, soaked_at=NOW + timedelta(hours=9))
    assert gate_remarks.after_nothing(soaking, "demo") == ("ask later: rolloutctl gate feature")


def test_a_soak_and_a_halt_stand_in_the_way():
    soaking = replace(FREE, soaked_at=NOW + timedelta(hours=9))
    assert gate_remarks.nothing_to_pass(soaking) == (
        "Phase 10% of feature has no gate, but it soaks until 2026-11-23 21:00 UTC, about 9 hours "
        "from now."
    )
    halt = Halt("feature", "orders are lost", "ann", NOW, "10%")
    halted = replace(FREE, halt=halt)
    assert "halted by ann since 2026-11-23 12:00 UTC: orders are lost" in (
        gate_remarks.nothing_to_pass(halted)
    )
    assert "rolloutctl resume feature" in gate_remarks.after_nothing(halted, "demo")
