"""Which flags should go away, since when, and what comes first."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.halt import Halt
from controller.domain.staleness import (
    Finding,
    Mentions,
    Name,
    Patience,
    Reach,
    Reason,
    Reference,
    Step,
    judge,
    names_of,
    urgency,
)
from tests.domain.strategies import DAY, NOW, applied, edits, flag, flags, ladder, override

PATIENCE = Patience(everyone=30 * DAY, off=90 * DAY)
NOWHERE = Mentions(())
SOMEWHERE = Mentions((Reference("src/a.ts", 3, "seq", Name.KEY),))


def judged(desired, *, before=None, days=400, halt_days=None, mentions=None, now=NOW):
    """A flag applied so many days ago as it is, or as it was before."""
    since = now - days * DAY
    was = applied(before or desired, since=since)
    halt = Halt(desired.key, "lost", "ann", now - halt_days * DAY, "10%") if halt_days else None
    return judge(desired, was, halt, mentions, now, PATIENCE)


def reasons(stale):
    return [found.reason for found in stale.findings] if stale else []


def expiring(desired, expires):
    return replace(desired, flag=replace(desired.flag, expires=expires))


@pytest.mark.parametrize(
    ("desired", "reason", "days"),
    [
        (flag("100%"), Reason.EVERYONE, 30),
        (flag("off", globally_on=True), Reason.EVERYONE, 30),
        (flag(None, globally_on=True), Reason.EVERYONE, 30),
        (flag("off"), Reason.OFF, 90),
        (flag(None), Reason.OFF, 90),
    ],
)
def test_long_is_as_long_as_is_said(desired, reason, days):
    assert judged(desired, days=days - 1) is None
    stale = judged(desired, days=days)
    assert reasons(stale) == [reason]
    assert stale.findings[0].days(NOW) == days


@pytest.mark.parametrize("desired", [flag("pilot", ladder("m1")), flag("10%"), flag("50%")])
def test_what_some_have_is_never_stale_by_time(desired):
    assert judged(desired) is None


def test_a_flag_is_over_on_the_day_after_its_last():
    today = NOW.date()
    assert judged(expiring(flag("10%"), today)) is None
    stale = judged(expiring(flag("10%"), today - DAY))
    assert reasons(stale) == [Reason.EXPIRED]
    assert stale.findings[0].since == datetime(today.year, today.month, today.day, tzinfo=UTC)
    assert judged(expiring(flag("10%"), date.max)) is None


def test_what_is_on_its_way_is_not_at_its_end():
    assert judged(flag("100%"), before=flag("50%")) is None
    assert judged(flag("off"), before=flag("50%")) is None
    late = expiring(flag("100%"), date(2020, 1, 1))
    assert judged(late, before=expiring(flag("50%"), date(2020, 1, 1))).step is Step.FINISH


def test_before_the_first_run_only_the_date_and_the_code_can_tell():
    late = expiring(flag("off"), date(2020, 1, 1))
    assert reasons(judge(late, None, None, NOWHERE, NOW, PATIENCE)) == [
        Reason.EXPIRED,
        Reason.UNREFERENCED,
    ]
    assert judge(flag("off"), None, None, None, NOW, PATIENCE) is None
    assert judge(late, None, None, None, NOW, PATIENCE).step is Step.REMOVE_CODE
    never = expiring(flag("100%"), date(2020, 1, 1))
    assert judge(never, None, None, None, NOW, PATIENCE).reach is Reach.SOME


def test_an_override_that_ended_yesterday_was_somebodys_yesterday():
    desired = flag("off")
    was = replace(applied(desired, since=NOW - 400 * DAY), since=NOW - DAY)
    assert judge(desired, was, None, None, NOW, PATIENCE) is None


def test_another_description_is_no_new_beginning_but_another_phase_is():
    def found(desired, *, defined, entered):
        since, phase_since = NOW - defined * DAY, NOW - entered * DAY
        was = replace(applied(desired), since=since, phase_since=phase_since)
        return judge(desired, was, None, None, NOW, PATIENCE)

    described = found(flag("100%"), defined=1, entered=50)
    assert described.findings == (Finding(Reason.EVERYONE, NOW - 50 * DAY),)
    assert found(flag("off"), defined=200, entered=1) is None


def test_a_halt_asks_for_a_decision_and_hides_what_the_files_say():
    assert judged(flag("100%"), halt_days=89) is None
    stale = judged(flag("100%"), halt_days=90)
    assert (reasons(stale), stale.step) == ([Reason.HALTED], Step.DECIDE_HALT)


@pytest.mark.parametrize(
    ("desired", "mentions", "step"),
    [
        (flag("100%"), None, Step.REMOVE_CODE),
        (flag("100%"), SOMEWHERE, Step.REMOVE_CODE),
        (flag("100%"), NOWHERE, Step.DELETE_FILES),
        (flag("100%"), Mentions((), is_whole=False), Step.REMOVE_CODE),
        (flag("off"), NOWHERE, Step.DELETE_FILES),
        (flag("100%", overrides=[override("m1", value=False)]), NOWHERE, Step.SETTLE_OVERRIDES),
        (flag("10%"), NOWHERE, Step.WITHDRAW),
    ],
)
def test_what_comes_next(desired, mentions, step):
    assert judged(desired, mentions=mentions).step is step


def test_an_override_that_is_over_or_that_says_on_is_not_in_the_way():
    gone = override("m1", value=False, expires=(NOW - DAY).date())
    desired = flag("100%", overrides=[gone, override("m2", value=True)])
    assert judged(desired).contrary == ()


def test_what_was_not_searched_whole_is_never_called_unreferenced():
    assert judged(flag("10%"), mentions=NOWHERE)
    assert judged(flag("10%"), mentions=SOMEWHERE) is None
    assert judged(flag("10%"), mentions=Mentions((), is_whole=False)) is None


def test_the_names_of_a_flag_are_its_key_its_column_and_its_variable():
    assert names_of(flag("off")) == {"seq": Name.KEY, "enableSeq": Name.COLUMN}
    assert names_of(flag("off", column="seq")) == {"seq": Name.COLUMN}


def test_the_most_urgent_comes_first_and_the_longest_first_among_equals():
    late = judged(expiring(flag("10%", key="a"), date(2026, 1, 1)))
    later = judged(expiring(flag("10%", key="b"), date(2026, 1, 2)))
    done, off = judged(flag("100%", key="c")), judged(flag("off", key="d"))
    unnamed = judged(flag("10%", key="e"), mentions=NOWHERE)
    assert sorted([unnamed, off, later, done, late], key=urgency) == [
        late,
        later,
        done,
        off,
        unnamed,
    ]


@given(flags(), st.data(), st.integers(0, 500), st.sampled_from([None, NOWHERE, SOMEWHERE]))
def test_a_finding_lies_in_the_past_and_time_only_adds_to_them(desired, data, days, mentions):
    before = data.draw(st.one_of(st.just(desired), edits(desired)))
    stale = judged(desired, before=before, days=days, mentions=mentions)
    for found in stale.findings if stale else ():
        assert found.since is None or found.since <= NOW
    longer = judged(desired, before=before, days=days + 100, mentions=mentions)
    assert set(reasons(stale)) <= set(reasons(longer))


def test_what_nobody_can_date_lasts_no_days():
    assert Finding(Reason.UNREFERENCED, None).days(NOW) == 0
    assert Finding(Reason.OFF, NOW + timedelta(seconds=1)).days(NOW) == 0
