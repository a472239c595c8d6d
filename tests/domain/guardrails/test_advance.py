from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from controller.domain.environment import Freeze, Guardrail
from controller.domain.gate_answer import GateAnswer
from controller.domain.rollout import OFF
from tests.domain.guardrails.plans import company, found, names, planned
from tests.domain.strategies import (
    DAY,
    LONG_AGO,
    NOW,
    desired,
    environment,
    flag,
    ladder,
    ledger,
    override,
    phase,
    small_gate,
    world,
)

NEARLY_A_WEEK_AGO = NOW - timedelta(days=6, hours=23)


def plan_of(before, after, *, freezes=(), since=LONG_AGO, halts=()):
    remembered = ledger(*([before] if before else []), since=since, halts=halts)
    wanted = desired(after, env=environment(freezes=freezes))
    return planned(world(wanted, remembered), company({"a": None}))


def gated(at, *pilot, **changes):
    """The shipped ladder, each phase of which has a gate."""
    return flag(at, [replace(step, gate="small") for step in ladder(*pilot)], **changes)


class TestSkipsPhase:
    def test_an_advance_over_a_phase(self):
        plan = plan_of(flag("pilot"), flag("50%"))
        (refusal,) = found(plan, Guardrail.SKIPS_PHASE)
        assert refusal.message == "seq: from pilot to 50% skips 1 phase of its ladder"
        assert refusal.remedy == "go one phase at a time; the next one is 10%"

    def test_a_first_run_that_is_not_at_the_first_phase(self):
        (refusal,) = found(plan_of(None, flag("100%")), Guardrail.SKIPS_PHASE)
        assert "from off to 100% skips 3 phases" in refusal.message
        assert "the next one is pilot" in refusal.remedy

    def test_the_global_value_turned_on_from_below_the_last_phase(self):
        (refusal,) = found(
            plan_of(flag("10%"), flag("10%", globally_on=True)), Guardrail.SKIPS_PHASE
        )
        assert refusal.message == "seq: from 10% to global: true skips 2 phases of its ladder"
        assert "the next one is 50%" in refusal.remedy

    def test_a_global_value_turned_on_before_its_last_phase_has_been_applied(self):
        plan = plan_of(flag("50%"), flag("100%", globally_on=True))
        assert "the next one is 100%" in found(plan, Guardrail.SKIPS_PHASE)[0].remedy

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (flag(OFF), flag("pilot")),
            (flag("50%"), flag("100%")),
            (flag("100%"), flag("100%", globally_on=True)),
            (flag("100%"), flag(OFF)),
            (flag(None), flag(None, globally_on=True)),
            (None, flag(None)),
        ],
    )
    def test_one_phase_at_a_time_up_and_any_number_down(self, before, after):
        assert Guardrail.SKIPS_PHASE not in names(plan_of(before, after))

    def test_a_retreat_on_a_rebuilt_ladder_whose_phases_have_other_numbers(self):
        before = flag("50%", [phase("50%", percent=50)])
        finer = [phase(f"step {share}", percent=share) for share in (1, 5, 10, 20)]
        assert not names(plan_of(before, flag("step 20", finer)))


class TestAdvanceWithoutGate:
    PASSED = GateAnswer("pilot", "small", True, "proceed: all is well", "")
    HOLDS = GateAnswer("pilot", "small", False, "insufficient_data: 2 more runs", "wait")

    @staticmethod
    def refused(after, answer, *, at="pilot", since=LONG_AGO, before=None):
        before = before or gated(at)
        remembered = ledger(before, since=since, gates=[small_gate()])
        answers = {before.key: answer} if answer else {}
        seen = world(desired(after), remembered, gate_answers=answers)
        return found(planned(seen, company({"a": None})), Guardrail.ADVANCE_WITHOUT_GATE)

    def test_an_advance_whose_gate_passes_goes_through(self):
        assert not self.refused(gated("10%"), self.PASSED)

    def test_an_advance_whose_gate_holds_says_why_and_what_to_do(self):
        (refusal,) = self.refused(gated("10%"), self.HOLDS)
        assert refusal.message == (
            "seq: pilot may not be left upwards: gate small says insufficient_data: 2 more runs"
        )
        assert refusal.remedy == "wait"

    def test_a_gate_that_was_not_asked_has_not_passed(self):
        (refusal,) = self.refused(gated("10%"), None)
        assert "gate small was not asked" in refusal.message

    def test_the_answer_for_another_phase_does_not_count(self):
        assert self.refused(gated("50%"), self.PASSED, at="10%")

    @pytest.mark.parametrize("after", [gated("pilot", "a"), gated("pilot", globally_on=True)])
    def test_any_way_of_widening_needs_it(self, after):
        assert self.refused(after, self.HOLDS)

    @pytest.mark.parametrize("after", [gated(OFF), gated("pilot")])
    def test_staying_and_going_down_need_none(self, after):
        assert not self.refused(after, None)

    def test_off_and_a_phase_without_a_gate_are_left_without_one(self):
        assert not self.refused(gated("pilot"), None, at=OFF)
        plain = flag("pilot", ladder())
        assert not self.refused(flag("10%", ladder()), None, before=plain)

    def test_the_gate_is_the_one_that_was_applied(self):
        assert self.refused(flag("10%", ladder()), None), "dropping it comes too late"


class TestSoakNotOver:
    def test_the_gates_soak_counts_where_it_is_the_longer_one(self):
        patient = small_gate(soak=9)
        remembered = ledger(gated("pilot"), since=NOW - 8 * DAY, gates=[patient])
        seen = world(desired(gated("10%")), remembered)
        (refusal,) = found(planned(seen, company({"a": None})), Guardrail.SOAK_NOT_OVER)
        assert "pilot must soak for 9d" in refusal.message

    @pytest.mark.parametrize(
        "after",
        [
            flag("10%", ladder(soak=7)),
            flag("pilot", ladder("a", soak=7)),
            flag("pilot", ladder(soak=7), globally_on=True),
        ],
        ids=["phase", "name in place", "global"],
    )
    def test_any_way_of_widening_waits(self, after):
        plan = plan_of(flag("pilot", ladder(soak=7)), after, since=NEARLY_A_WEEK_AGO)
        (refusal,) = found(plan, Guardrail.SOAK_NOT_OVER)
        assert "pilot must soak for 7d before it is left upwards" in refusal.message
        assert "it was applied 2026-11-13 13:00 UTC" in refusal.message
        assert refusal.remedy == "advance after 2026-11-20 13:00 UTC"

    def test_it_is_over_to_the_instant(self):
        before, after = flag("pilot", ladder(soak=7)), flag("10%", ladder(soak=7))
        assert not names(plan_of(before, after, since=NOW - 7 * DAY))
        assert names(plan_of(before, after, since=NOW - 7 * DAY + timedelta(microseconds=1)))

    def test_the_soak_is_the_one_that_was_applied(self):
        plan = plan_of(
            flag("pilot", ladder(soak=7)), flag("10%", ladder(soak=0)), since=NEARLY_A_WEEK_AGO
        )
        assert names(plan) == {Guardrail.SOAK_NOT_OVER}

    @pytest.mark.parametrize("after", [flag(OFF, ladder(soak=7)), flag("pilot", ladder(soak=7))])
    def test_staying_and_going_down_need_no_soak(self, after):
        assert not names(plan_of(flag("pilot", ladder(soak=7)), after, since=NOW))

    def test_off_needs_no_soak(self):
        assert not names(
            plan_of(flag(OFF, ladder(soak=7)), flag("pilot", ladder(soak=7)), since=NOW)
        )

    def test_times_are_told_in_utc(self):
        eastern = NEARLY_A_WEEK_AGO.astimezone(timezone(timedelta(hours=-5)))
        plan = plan_of(flag("pilot", ladder(soak=7)), flag("10%", ladder(soak=7)), since=eastern)
        assert "2026-11-13 13:00 UTC" in found(plan, Guardrail.SOAK_NOT_OVER)[0].message


class TestFreezeWindow:
    FREEZE = Freeze(NOW - DAY, NOW + DAY, "peak season")

    def test_an_advance_waits_for_its_end(self):
        plan = plan_of(flag(OFF), flag("pilot", ladder("a")), freezes=[self.FREEZE])
        (refusal,) = found(plan, Guardrail.FREEZE_WINDOW)
        assert refusal.message == (
            "seq: nothing is advanced until 2026-11-21 12:00 UTC: peak season"
        )

    def test_its_end_is_told_in_utc_whatever_zone_the_file_wrote(self):
        zone = timezone(timedelta(hours=1))
        window = Freeze(
            datetime(2026, 11, 20, tzinfo=zone), datetime(2026, 12, 1, tzinfo=zone), "holidays"
        )
        plan = plan_of(flag(OFF), flag("pilot", ladder("a")), freezes=[window])
        assert "until 2026-11-30 23:00 UTC" in found(plan, Guardrail.FREEZE_WINDOW)[0].message

    def test_of_several_the_last_end_counts(self):
        longer = Freeze(NOW - DAY, NOW + 9 * DAY, "audit")
        plan = plan_of(flag(OFF), flag("pilot", ladder("a")), freezes=[self.FREEZE, longer])
        assert "2026-11-29 12:00 UTC: audit" in found(plan, Guardrail.FREEZE_WINDOW)[0].message

    def test_the_first_instant_is_in_and_the_last_is_out(self):
        for window, frozen in (
            (Freeze(NOW, NOW + DAY, "x"), True),
            (Freeze(NOW - DAY, NOW, "x"), False),
        ):
            plan = plan_of(flag(OFF), flag("pilot", ladder("a")), freezes=[window])
            assert bool(names(plan)) is frozen

    @pytest.mark.parametrize(
        "after", [flag("pilot"), flag(OFF), flag("10%", overrides=[override("a", value=True)])]
    )
    def test_retreats_and_exceptions_go_through(self, after):
        assert not names(plan_of(flag("10%"), after, freezes=[self.FREEZE]))


class TestHalted:
    def test_an_advance_of_a_halted_flag(self):
        plan = plan_of(flag("pilot"), flag("10%"), halts=["seq"])
        (refusal,) = found(plan, Guardrail.HALTED)
        assert (
            "seq is halted by ann since 2026-11-19 12:00 UTC (orders are lost)" in refusal.message
        )
        assert "10% is not recorded as applied" in refusal.message
        assert "rolloutctl resume seq" in refusal.remedy

    def test_a_flag_that_was_halted_before_it_was_ever_applied_may_be_recorded(self):
        assert not names(plan_of(None, flag("pilot"), halts=["seq"]))

    @pytest.mark.parametrize("after", ["10%", "pilot", OFF])
    def test_staying_and_going_down_are_no_concern_of_a_halt(self, after):
        assert not names(plan_of(flag("10%"), flag(after), halts=["seq"]))
