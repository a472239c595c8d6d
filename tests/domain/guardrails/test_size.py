import pytest

from controller.domain.environment import Guardrail
from controller.domain.plan import Cause
from controller.domain.rollout import OFF
from tests.domain.guardrails.plans import company, found, names, planned, some
from tests.domain.strategies import desired, environment, flag, ladder, ledger, override, world


def named(count: int):
    """A flag whose pilot names `off0` to `off{count-1}`."""
    return flag("pilot", ladder(*(f"off{i}" for i in range(count))))


class TestMaxChangedPercent:
    def refusals(self, changed, merchants, limit):
        wanted = desired(named(changed), env=environment(max_percent=limit))
        plan = planned(world(wanted, ledger(flag(OFF))), some(0, merchants))
        return found(plan, Guardrail.MAX_CHANGED_PERCENT)

    @pytest.mark.parametrize(
        ("changed", "merchants", "limit"),
        [(29, 100, 29), (7, 100, 7), (57, 100, 57), (10, 100, 10), (0, 10, 0), (1, 8, 12.5)],
    )
    def test_up_to_the_limit_it_is_silent(self, changed, merchants, limit):
        assert not self.refusals(changed, merchants, limit)

    @pytest.mark.parametrize(
        ("changed", "merchants", "limit"), [(30, 100, 29), (1, 10, 0), (1, 8, 12.49)]
    )
    def test_above_it_speaks(self, changed, merchants, limit):
        assert len(self.refusals(changed, merchants, limit)) == 1

    def test_without_a_limit_it_is_silent(self):
        assert not self.refusals(100, 100, None)

    def test_it_says_how_many_of_how_many(self):
        (refusal,) = self.refusals(30, 100, 12.5)
        assert refusal.flag == "seq"
        assert refusal.message == (
            "seq: 30 of 100 merchants would change (30.0%); the limit of this environment is 12.5%"
        )

    def test_one_merchant_is_not_many(self):
        (refusal,) = self.refusals(1, 1, 10)
        assert "1 of 1 merchant would change (100.0%)" in refusal.message


class TestMaxChangedCount:
    def refusals(self, changed, limit):
        wanted = desired(named(changed), env=environment(max_count=limit))
        plan = planned(world(wanted, ledger(flag(OFF))), some(0, 1_500))
        return found(plan, Guardrail.MAX_CHANGED_COUNT)

    def test_up_to_the_limit_it_is_silent(self):
        assert not self.refusals(3, 3)
        assert not self.refusals(3, None)

    def test_above_it_says_how_many(self):
        (refusal,) = self.refusals(1_200, 1_000)
        assert "1,200 merchants would change" in refusal.message
        assert "the limit of this environment is 1,000" in refusal.message

    def test_one_merchant_is_not_many(self):
        (refusal,) = self.refusals(1, 0)
        assert "1 merchant would change" in refusal.message


@pytest.mark.parametrize("limits", [{"max_percent": 0}, {"max_count": 0}, {"never_to_empty": True}])
class TestRetreatsAreNeverCounted:
    def silent(self, before, after, on, limits, **ledger_fields):
        wanted = desired(after, env=environment(**limits))
        people = company({**dict.fromkeys(on, True), "other": False})
        plan = planned(world(wanted, ledger(before, **ledger_fields)), people)
        assert plan.changed == len(on)
        assert not names(plan)

    def test_a_phase_that_moves_down(self, limits):
        self.silent(
            flag("pilot", ladder("a", "b")), flag(OFF, ladder("a", "b")), ["a", "b"], limits
        )

    def test_a_phase_that_moves_down_over_a_hand(self, limits):
        """Whom a hand had turned on goes off with the rest, and stands in nobody's way."""
        self.silent(flag("pilot", ladder("a")), flag(OFF, ladder("a")), ["a", "by hand"], limits)

    def test_an_override_that_turns_off(self, limits):
        after = flag("pilot", ladder("a"), overrides=[override("a", value=False)])
        self.silent(flag("pilot", ladder("a")), after, ["a"], limits)

    def test_a_halt(self, limits):
        same = flag("pilot", ladder("a"))
        self.silent(same, same, ["a", "by hand"], limits, halts=["seq"])


class TestNeverToEmpty:
    def plan(self, before, after, values, *, never=True):
        wanted = desired(after, env=environment(never_to_empty=never))
        return planned(world(wanted, ledger(*before)), company(values))

    def test_the_last_merchants_lost_to_eligibility(self):
        values = dict.fromkeys(["a", "b"], True)
        plan = self.plan([flag("100%")], flag(None), values)
        (refusal,) = found(plan, Guardrail.NEVER_TO_EMPTY)
        assert "all 2 merchants that have it would lose it" in refusal.message
        assert "set phase: off in rollout/seq.yaml" in refusal.remedy
        assert "rolloutctl halt seq" in refusal.remedy
        assert not found(
            self.plan([flag("100%")], flag(None), values, never=False), refusal.guardrail
        )

    def test_the_last_merchant_turned_on_by_hand(self):
        plan = self.plan([flag("pilot")], flag("pilot"), {"a": True, "b": False})
        assert {g.cause for g in plan.groups()} == {Cause.DRIFT}
        (refusal,) = found(plan, Guardrail.NEVER_TO_EMPTY)
        assert "the 1 merchant that has it would lose it" in refusal.message

    def test_one_merchant_that_was_asked_for_does_not_excuse_the_others(self):
        values = {"asked": True, "by hand": True}
        plan = self.plan([flag("pilot", ladder("asked"))], flag("pilot"), values)
        assert {g.cause for g in plan.groups()} == {Cause.PHASE, Cause.DRIFT}
        assert found(plan, Guardrail.NEVER_TO_EMPTY)

    def test_it_is_silent_while_somebody_keeps_it_or_nobody_had_it(self):
        kept = flag("pilot", ladder("kept"))
        assert not names(self.plan([kept], kept, {"a": True, "kept": True}))
        assert not names(self.plan([flag(OFF)], flag(OFF), {"a": False}))
