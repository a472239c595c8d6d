"""Every rule, every state and every kind of value has its own words."""

from dataclasses import replace
from datetime import date

import pytest

from controller.domain.authorship import Authorship
from controller.domain.deploy import DeployAction, Readability, Variable
from controller.domain.explanation import Found, explain
from controller.domain.flag import DeployEnvHome
from controller.domain.global_value import GlobalValue
from controller.render.explanation_words import agreement, because, eligible, global_value, later
from tests.domain.strategies import DAY, NOW, flag, ladder, ledger, merchant, override

NOBODY = Found(None, Authorship(None, None, None))
HOME = DeployEnvHome("SEQ", "1", "0", ("production",))
UNTIL = override("m01", value=False, expires=date(2099, 1, 1))


def explained(wanted, remembered=None, found=NOBODY, who=None):
    return explain(wanted, remembered or ledger(), who or merchant("m01"), NOW, found)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (flag("off", ladder("m01")), "the phase is off"),
        (flag("pilot", ladder("m01")), "named in phase pilot"),
        (flag("pilot", ladder("m02")), "not named in this phase or an earlier one"),
        (flag("100%"), "bucket 8195 is below 10000"),
        (flag("10%"), "bucket 8195 is not below 1000"),
        (flag(None), "no override, and the flag has no rollout"),
        (flag("100%", overrides=[UNTIL]), "an override until 2099-01-01: a reason"),
        (
            flag(None, overrides=[replace(UNTIL, expires=None)]),
            "an override without an end: a reason",
        ),
        (
            flag("off", deploy_env=HOME, globally_on=True),
            "the file says global: true, on for everyone",
        ),
    ],
)
def test_because(wanted, said):
    found = because(explained(wanted))
    bucket = explained(wanted).decision.bucket
    assert found == said.replace("8195", str(bucket))


def test_not_eligible_although_the_bucket_is_reached():
    wanted = flag("50%", exclude=["m02", "m01"], salt="a")
    for id_ in ("m01", "m02"):
        why = explained(wanted, who=merchant(id_))
        reached = why.decision.bucket < 5_000
        assert ("not eligible, although" in because(why)) is reached
        assert eligible(why) == "no, the file excludes it; only 100% or a name reaches it"


def test_too_young_says_until_when():
    why = explained(flag("50%", min_age=30 * DAY), who=merchant("m01", NOW - DAY))
    assert eligible(why).startswith("no, too young until 2026-12-19 12:00 UTC")


def test_later_phases_say_what_decides():
    why = explained(flag("off", ladder("m01"), overrides=[UNTIL]))
    assert next(later(why, phase) for phase in why.later) == "pilot: off, by the override"


def test_halted_and_drift():
    wanted = flag("pilot", ladder("m01"))
    halted = explained(wanted, ledger(wanted, halts=["seq"]))
    assert because(halted) == "the flag is halted"
    drifted = explained(wanted, ledger(wanted), replace(NOBODY, value=False))
    assert agreement(drifted) == (
        "drift: somebody else turned it off, when is not known; the next reconcile turns it on"
    )


VALUE = GlobalValue("SEQ", "production", "0", "1", was_read=True)
STORED = Variable("id", "SEQ", frozenset({"production"}), "1")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (replace(VALUE, was_read=False), 'could not be read; it should be "0"'),
        (VALUE, "not set, so not on for everyone"),
        (replace(VALUE, variable=STORED), '"1", on for everyone'),
        (replace(VALUE, variable=replace(STORED, value="0")), '"0", left to each merchant'),
        (
            replace(VALUE, variable=STORED, action=DeployAction.REDEPLOY),
            '"1" is stored, but not live yet: pending redeploy',
        ),
        (
            replace(VALUE, variable=replace(STORED, readability=Readability.UNREADABLE)),
            'is set, but cannot be read back; it should be "0"',
        ),
    ],
)
def test_global_value(value, said):
    assert global_value(value) == f"SEQ (production): {said}"
