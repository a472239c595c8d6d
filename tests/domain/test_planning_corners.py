"""The corners of make_plan, each as a small story."""

from datetime import timedelta

from controller.domain.deploy import Deployment, DeployState
from controller.domain.environment import Guardrail
from controller.domain.flag import DeployEnvHome
from controller.domain.guardrails import applicable
from controller.domain.plan import Cause, Move
from controller.domain.planning import make_plan
from tests.domain.company import Company, Story
from tests.domain.guardrails.plans import company, names, planned
from tests.domain.strategies import (
    DAY,
    NOW,
    desired,
    environment,
    flag,
    ladder,
    ledger,
    override,
    phase,
    with_bucket,
    world,
)

(EARLY,) = with_bucket(0, 1_000)
MIDDLE, OTHER_MIDDLE = with_bucket(1_000, 5_000, count=2)
DEPLOYED = DeployState("vercel", (), True, Deployment("dpl", NOW - DAY))


def test_no_merchants_at_all_is_an_empty_plan():
    """That a table without merchants is refused is the business of whoever reads it."""
    plan = make_plan(world(desired(flag("100%"))), [])
    assert (plan.merchants, plan.changed) == (0, 0)


def test_two_flags_with_one_salt_go_to_the_same_merchants():
    one = flag("10%", key="one", column="one", salt="shared")
    two = flag("10%", key="two", column="two", salt="shared")
    off = [flag("pilot", key="one", column="one"), flag("pilot", key="two", column="two")]
    people = Company({f"m{n:03}": NOW - 400 * DAY for n in range(300)})
    found = {
        g.flag: g.merchants
        for g in planned(world(desired(one, two), ledger(*off)), people).groups()
    }
    assert found["one"] == found["two"]
    assert 10 < len(found["one"]) < 60


def test_flags_with_other_salts_go_to_other_merchants():
    flags = [flag("10%", key=key, column=key, salt=key) for key in ("one", "two")]
    people = Company({f"m{n:03}": NOW - 400 * DAY for n in range(300)})
    found = [set(g.merchants) for g in planned(world(desired(*flags)), people).groups()]
    assert found[0] != found[1]


def test_a_percentage_edited_in_place_is_an_advance_that_waits_for_its_soak():
    before = flag("part", [phase("part", percent=10, soak=7)])
    after = flag("part", [phase("part", percent=50, soak=7)])
    gathered = world(desired(after), ledger(before, since=NOW - DAY))
    plan = planned(gathered, company({EARLY: True, MIDDLE: None}))
    assert plan.flags[0].move is Move.ADVANCE
    assert names(plan) == {Guardrail.SOAK_NOT_OVER}
    assert applicable(plan).groups == ()


def test_a_renamed_ladder_changes_nobody():
    before = flag("10%")
    renamed = [phase("first", percent=1), phase("ten", percent=10), phase("all", percent=100)]
    plan = planned(world(desired(flag("ten", renamed)), ledger(before)), company({EARLY: True}))
    assert not plan.has_changes
    assert not plan.refusals
    assert plan.definitions_changed == ("seq",)
    assert (plan.flags[0].move, plan.flags[0].from_phase, plan.flags[0].to_phase) == (
        Move.SAME,
        "10%",
        "ten",
    )


def test_a_halted_flag_that_advances_turns_nobody_on_and_is_not_recorded():
    story = Story(company({EARLY: True, MIDDLE: None}), ledger(), NOW - 9 * DAY)
    story.install(desired(flag("10%")))
    story.halt("seq")
    story.now = NOW
    plan = story.reconcile(desired(flag("50%")))
    assert names(plan) == {Guardrail.HALTED}
    assert story.company.on("enableSeq") == set()
    assert story.ledger.applied["seq"].desired.phase == "10%"
    story.resume("seq")
    again = story.reconcile(desired(flag("50%")))
    assert not again.refusals
    assert {g.cause for g in again.groups()} == {Cause.HALT}
    assert story.company.on("enableSeq") == {EARLY, MIDDLE}


def test_a_column_handed_from_a_released_flag_to_a_new_one():
    """Whom the old flag left on, the new one does not silently turn off."""
    story = Story(company({EARLY: None, MIDDLE: None}), ledger(), NOW - 9 * DAY)
    story.install(desired(flag("100%", key="old")))
    heir = desired(flag("pilot", ladder(EARLY), key="heir"))
    plan = story.reconcile(heir)
    assert [(r.guardrail, r.flag) for r in plan.refusals] == [
        (Guardrail.UNEXPECTED_DISABLE, "heir")
    ]
    assert story.company.on("enableSeq") == {EARLY, MIDDLE}
    assert plan.flags[0].unmanaged == (MIDDLE,)
    assert {change.flag: change.move for change in plan.flags} == {
        "old": Move.RELEASE,
        "heir": Move.NEW,
    }


def test_a_flag_released_and_brought_back_is_new():
    story = Story(company({EARLY: None}), ledger(), NOW)
    story.install(desired(flag("100%")))
    story.reconcile(desired())
    assert story.ledger.applied == {}
    assert story.company.on("enableSeq") == {EARLY}
    (change,) = story.plan(desired(flag("100%"))).flags
    assert (change.move, change.groups) == (Move.NEW, ())


def test_a_column_filled_by_hand_is_taken_over_without_a_change_where_it_is_right():
    people = company({EARLY: True, MIDDLE: None})
    plan = planned(world(desired(flag("pilot", ladder(EARLY)))), people)
    assert not plan.has_changes
    assert not plan.refusals


def test_adopting_what_a_hand_set_leaves_nothing_to_refuse():
    people = company({EARLY: True, MIDDLE: True})
    first = planned(world(desired(flag("pilot", ladder(EARLY)))), people)
    assert first.flags[0].unmanaged == (MIDDLE,)
    adopted = [override(m, value=True) for m in first.flags[0].unmanaged]
    second = planned(world(desired(flag("pilot", ladder(EARLY), overrides=adopted))), people)
    assert not second.refusals
    assert not second.has_changes


def test_moving_a_column_at_100_percent_turns_everyone_on_in_the_new_one():
    story = Story(company({EARLY: None, MIDDLE: None}, "old"), ledger(), NOW)
    story.install(desired(flag("100%", column="old")))
    plan = story.reconcile(desired(flag("100%")))
    assert not plan.refusals
    assert plan.flags[0].move is Move.SAME
    assert story.company.on("enableSeq") == story.company.on("old") == {EARLY, MIDDLE}


def test_a_halt_shows_in_the_plan_with_its_reason():
    plan = planned(
        world(desired(flag("10%")), ledger(flag("10%"), halts=["seq"])), company({"a": None})
    )
    assert plan.flags[0].halt.reason == "orders are lost"
    assert planned(world(desired(flag("10%"))), company({"a": None})).flags[0].halt is None


def test_a_limit_refuses_the_flag_and_lets_the_others_go():
    flags = [
        flag("100%", key="big", column="big"),
        flag("pilot", ladder(EARLY), key="small", column="small"),
    ]
    before = [
        flag("50%", key="big", column="big"),
        flag(key="small", column="small", phases=ladder(EARLY)),
    ]
    people = Company.of(dict.fromkeys((EARLY, MIDDLE, OTHER_MIDDLE)), column="big")
    story = Story(people, ledger(*before), NOW)
    story.reconcile(desired(*flags, env=environment(max_count=1)))
    assert people.on("big") == set()
    assert people.on("small") == {EARLY}


def test_a_flag_that_is_refused_sees_no_drift_where_no_hand_was():
    """A run that withholds a flag decides nothing about it, whatever it does for others."""
    halves = [flag("50%", ladder(soak=9), key=k, column=k, min_age=30 * DAY) for k in "ab"]
    young = NOW - 30 * DAY + timedelta(hours=1)
    people = Company({EARLY: NOW - 400 * DAY, MIDDLE: young})
    story = Story(people, ledger(), NOW)
    story.install(desired(*halves))
    assert people.on("a") == people.on("b") == {EARLY}
    too_early = desired(halves[0], flag("100%", ladder(soak=9), key="b", column="b"))
    for hours in (2, 3):
        story.now = NOW + timedelta(hours=hours)
        plan = story.reconcile(too_early)
        assert [(r.guardrail, r.flag) for r in plan.refusals] == [(Guardrail.SOAK_NOT_OVER, "b")]
        assert {g.cause for g in plan.groups() if g.flag == "b"} == {Cause.PHASE}
    assert people.on("a") == {EARLY, MIDDLE}


def test_a_halt_that_ends_while_an_advance_is_refused_is_still_the_cause():
    story = Story(company({EARLY: None}), ledger(), NOW)
    story.install(desired(flag("50%", ladder(soak=9))))
    story.halt("seq")
    story.resume("seq")
    too_early = desired(flag("100%", ladder(soak=9)))
    for _ in range(2):
        plan = story.reconcile(too_early)
        assert {g.cause for g in plan.groups()} == {Cause.HALT}
    assert story.company.on("enableSeq") == set()


def test_the_whole_way_up_and_back_touches_whom_it_names_and_no_one_else():
    people = Company({f"m{n:03}": NOW - 400 * DAY for n in range(200)})
    home = DeployEnvHome("SEQ", "1", "0", ("production",))
    story = Story(people, ledger(), NOW, DEPLOYED)
    sizes = []
    for at in ("off", "pilot", "10%", "50%", "100%", "10%", "off"):
        wanted = desired(flag(at, ladder("m000"), deploy_env=home))
        before = people.on("enableSeq")
        plan = story.reconcile(wanted)
        after = people.on("enableSeq")
        assert {m for g in plan.groups() for m in g.merchants} == before ^ after
        assert {g.cause for g in plan.groups()} <= {Cause.PHASE}
        assert not story.plan(wanted).has_changes
        sizes.append(len(after))
        story.now += timedelta(days=1)
    assert sizes[:2] == [0, 1]
    assert sizes[4] == 200
    assert sizes[2] == sizes[5] < sizes[3]
    assert sizes[6] == 0
