import pytest

from controller.domain.environment import Guardrail
from controller.domain.rollout import OFF
from tests.domain.guardrails.plans import company, found, names, planned
from tests.domain.strategies import desired, flag, ladder, ledger, override, with_bucket, world

(EARLY,) = with_bucket(0, 1_000)


def plan_of(before, after, values, **ledger_fields):
    remembered = ledger(*([before] if before else []), **ledger_fields)
    return planned(world(desired(after), remembered), company(values))


class TestUnexpectedDisable:
    def test_merchants_excluded_under_a_live_percentage(self):
        plan = plan_of(flag("10%"), flag("10%", exclude=[EARLY]), {EARLY: True})
        (refusal,) = found(plan, Guardrail.UNEXPECTED_DISABLE)
        assert refusal.message == (
            "seq: 1 merchant would be turned off, although no phase, override or flag moved down: "
            "its eligibility or salt changed"
        )
        assert "overrides with value: false" in refusal.remedy

    def test_a_rollout_whose_file_is_gone(self):
        plan = plan_of(flag("100%"), flag(None), {"a": True, "b": True})
        (refusal,) = found(plan, Guardrail.UNEXPECTED_DISABLE)
        assert "2 merchants would be turned off" in refusal.message
        assert "its rollout file is gone" in refusal.message
        assert "bring the rollout's file back" in refusal.remedy
        assert "phase: off" in refusal.remedy

    def test_values_set_by_hand_before_the_flag_was_known(self):
        plan = plan_of(None, flag(OFF), {"a": True, "b": False})
        (refusal,) = found(plan, Guardrail.UNEXPECTED_DISABLE)
        assert "1 merchant would be turned off" in refusal.message
        assert "by hand before rolloutctl knew the flag" in refusal.message
        assert "rolloutctl adopt seq" in refusal.remedy

    def test_values_in_a_column_that_the_flag_moved_to(self):
        plan = plan_of(flag(OFF, column="old"), flag(OFF), {"a": True})
        (refusal,) = found(plan, Guardrail.UNEXPECTED_DISABLE)
        assert "rolloutctl adopt seq" in refusal.remedy

    @pytest.mark.parametrize(
        ("before", "after", "on"),
        [
            (flag("10%"), flag(OFF), [EARLY]),
            (flag("10%"), flag("10%"), ["somebody's hand", EARLY]),
            (flag("10%"), flag("10%", overrides=[override(EARLY, value=False)]), [EARLY]),
            (flag(None, overrides=[override("a", value=True)]), flag(None), ["a"]),
            (None, flag("10%"), [EARLY]),
        ],
        ids=["retreat", "drift", "override", "override removed", "takeover as wanted"],
    )
    def test_it_is_silent_where_somebody_asked_or_a_hand_is_undone(self, before, after, on):
        assert Guardrail.UNEXPECTED_DISABLE not in names(
            plan_of(before, after, dict.fromkeys(on, True))
        )

    def test_it_is_silent_where_eligibility_turns_on(self):
        plan = plan_of(flag("10%", exclude=[EARLY]), flag("10%"), {EARLY: None})
        assert plan.changed == 1
        assert Guardrail.UNEXPECTED_DISABLE not in names(plan)

    def test_it_is_silent_during_a_halt(self):
        plan = plan_of(flag("10%"), flag("10%", exclude=[EARLY]), {EARLY: True}, halts=["seq"])
        assert not names(plan)


class TestBucketingChanged:
    def test_another_salt_under_a_live_percentage(self):
        plan = plan_of(flag("10%", salt="a"), flag("10%", salt="b"), {"x": False})
        (refusal,) = found(plan, Guardrail.BUCKETING_CHANGED)
        assert "the salt or version of a live rollout changed" in refusal.message
        assert "rollout/seq.yaml" in refusal.remedy

    @pytest.mark.parametrize("at", [OFF, "pilot", "100%"])
    def test_it_is_silent_where_buckets_do_not_matter(self, at):
        plan = plan_of(flag(at, ladder(), salt="a"), flag(at, ladder(), salt="b"), {"x": None})
        assert Guardrail.BUCKETING_CHANGED not in names(plan)
