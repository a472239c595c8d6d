"""What ends soon is warned of before its last day, and after it for as long as it stands there."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from controller.domain.environment import Guardrail
from controller.domain.expiry import SOON, Expiring, expiries
from controller.domain.gate_policy import Waiver
from tests.domain.strategies import NOW, allowance, desired, environment, flag, override

TODAY = NOW.date()


def expiring_on(day: date | None):
    wanted = flag("off", overrides=[override("m01", value=True, expires=day)])
    return expiries(desired(wanted), NOW)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_warned_of_within_a_fortnight_and_ever_after(day):
    found = expiring_on(day)
    assert bool(found) is (day - TODAY <= SOON)
    if found:
        assert found[0].is_over is (not override("m01", value=True, expires=day).active_at(NOW))
        assert found[0].days_left == (day - TODAY).days


def test_what_never_ends_is_not_warned_of():
    assert expiring_on(None) == ()


def test_every_kind_is_listed_the_earliest_first():
    tomorrow = TODAY + timedelta(days=1)
    wanted = flag("off", overrides=[override("m01", value=True, expires=tomorrow)])
    wanted = replace(wanted, flag=replace(wanted.flag, expires=TODAY))
    env = environment(allow=[allowance(Guardrail.FREEZE_WINDOW, "seq", TODAY + timedelta(days=2))])
    waiver = Waiver("seq", "10%", "on_time", "known", "@acme/team", TODAY - timedelta(days=1))
    found = expiries(replace(desired(wanted, env=env), waivers=(waiver,)), NOW)
    assert [(e.kind, e.subject, e.days_left) for e in found] == [
        (Expiring.WAIVER, "10%: on_time", -1),
        (Expiring.FLAG, "seq", 0),
        (Expiring.OVERRIDE, "m01", 1),
        (Expiring.ALLOWANCE, "freeze_window", 2),
    ]
