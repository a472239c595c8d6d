"""Which phase is left for which, and whether a gate stands between: decided before it is asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from controller.domain.ledger import AppliedFlag, Ledger
from controller.domain.rollout import Phase
from controller.errors import UsageError
from controller.inquiry.gate import Free, inquire, step_of, why_free
from controller.ports import Ports
from controller.reconcile import reconcile
from tests.inquiry.test_adoption import wanted
from tests.merchant_store.builders import FLAG, Shop, desired

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LADDER = ("pilot", "half", "everyone")
GATES = {"pilot": "careful", "everyone": "careful"}


def flag(phase="pilot", ladder=LADDER, gates=GATES, *, globally_on=False):
    plain = desired()
    phases = tuple(Phase(n, ("m1",), None, timedelta(days=1), gates.get(n)) for n in ladder)
    rollout = replace(plain.rollout, phase=phase, phases=phases)
    return replace(plain, flag=replace(plain.flag, globally_on=globally_on), rollout=rollout)


def ledger(applied=None):
    flags = {}
    if applied is not None:
        since = NOW - timedelta(hours=1)
        flags = {FLAG: AppliedFlag(applied, since, since, 1, None)}
    return Ledger(True, 1, None, flags, {})


def step(files, applied=None, to=None):
    return step_of(files, ledger(applied), NOW, to)


@pytest.mark.parametrize(
    ("files", "applied", "to", "following", "free"),
    [
        (flag(), None, None, "pilot", Free.OFF),
        (flag(), flag("off"), None, "pilot", Free.OFF),
        (flag(), flag("off"), "off", "off", Free.SAME),
        (flag(), flag("pilot"), None, "half", None),
        (flag("half"), flag("pilot"), None, "half", None),
        (flag(), flag("pilot"), "half", "half", None),
        (flag(), flag("pilot"), "pilot", "pilot", Free.SAME),
        (flag(), flag("pilot"), "off", "off", Free.RETREAT),
        (flag(), flag("half"), None, "everyone", Free.NO_GATE),
        (flag(), flag("half"), "pilot", "pilot", Free.RETREAT),
        (flag(), flag("everyone"), None, None, None),
        (flag(gates={}), flag("everyone", gates={}), None, None, Free.NO_GATE),
        (flag(), flag("everyone", globally_on=True), None, None, Free.GLOBAL),
        (replace(flag(), rollout=None), None, None, None, Free.NO_PHASES),
        # The applied policy counts: a gate taken out of the files still stands in the way.
        (flag(gates={}), flag("pilot"), None, "half", None),
        # The files have lost the phase that is applied: its own ladder says what comes next.
        (flag("pilot", ("pilot", "everyone")), flag("half"), None, "everyone", Free.NO_GATE),
        (replace(flag(), rollout=None), flag("half"), None, "everyone", Free.NO_GATE),
    ],
)
def test_what_is_entered_and_whether_a_gate_stands_between(files, applied, to, following, free):
    found = step(files, applied, to)
    assert found.following == following
    assert why_free(found) is free


@pytest.mark.parametrize(
    ("applied", "to", "said"),
    [
        (None, "half", "the next one is pilot"),
        (flag("pilot"), "everyone", "the next one is half"),
        (flag("pilot"), "sometimes", "it has: off, pilot, half, everyone"),
    ],
)
def test_phases_that_cannot_be_entered(applied, to, said):
    with pytest.raises(UsageError) as refused:
        step(flag(), applied, to)
    assert said in refused.value.hint


def test_what_soaks_is_said_where_no_gate_is_asked(prisma_database):
    shop = Shop(prisma_database)
    shop.add("m1", "m2")
    files = replace(wanted(), flags=(flag("pilot", gates={}),))
    ports = Ports(shop.store(), None, None)
    reconcile(ports, files, actor="ada")
    found = inquire(ports, files, files.flags[0], actor="ada")
    assert (found.free, found.phase, found.following) == (Free.NO_GATE, "pilot", "half")
    assert found.soaked_at - found.now <= timedelta(days=1)
    down = inquire(ports, files, files.flags[0], actor="ada", to="off")
    assert (down.free, down.soaked_at) == (Free.RETREAT, None)
    with pytest.raises(UsageError, match="is in the future"):
        inquire(ports, files, files.flags[0], actor="ada", as_of=found.now + timedelta(minutes=1))
