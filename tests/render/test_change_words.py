"""One sentence a change, for every kind of change there is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from controller.domain.change import (
    BucketingChanged,
    DetailsChanged,
    Effect,
    EligibilityChanged,
    FlagAdded,
    FlagRemoved,
    FlagRenamed,
    HomeChanged,
    OverrideChanged,
    PolicyPart,
    PolicyTouched,
    RolloutAdded,
    RolloutRemoved,
    Touch,
)
from controller.domain.difference import Difference
from controller.domain.flag import DeployEnvHome, Override
from controller.domain.rollout import Bucketing, Eligibility
from controller.render.change_words import sentence
from tests.domain.changing import between, of_kind
from tests.domain.strategies import flag, ladder, phase

ON = Override("m01", value=True, reason="asked", expires=date(2027, 1, 31))
YOUNG = Eligibility(timedelta(), frozenset())
FLOOR = Difference("criteria.completed.floor", "85%", "5%")


def moved(before, after) -> str:
    (change,) = [c for c in between(before, after) if type(c).__name__ == "AudienceMoved"]
    return sentence(change)


def test_movements():
    home = DeployEnvHome("SEQ", "1", "0", ("production",))
    last, everyone = (flag("100%", deploy_env=home, globally_on=on) for on in (False, True))
    pilot, wider = [phase("pilot", "m01")], [phase("pilot", "m01", "m02")]
    assert moved(flag("off", ladder("m01")), flag("pilot", ladder("m01"))) == (
        "advance: off -> pilot (1 merchant more by name)"
    )
    assert moved(flag("50%"), flag("10%")) == "retreat: 50% -> 10%"
    assert moved(last, everyone) == "advance: on for everyone"
    assert moved(everyone, last) == "retreat: no longer on for everyone, 100%"
    assert moved(flag("pilot", pilot), flag("pilot", wider)) == (
        "advance: the audience of pilot (1 merchant more by name)"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (FlagAdded("f"), "flag added"),
        (FlagRemoved("f", "100%"), "flag removed at 100%; its values stay as they are"),
        (FlagRenamed("f", "g", was_live=True), "flag renamed, it was g"),
        (RolloutAdded("f", "off"), "rollout added at off"),
        (RolloutRemoved("f", "50%"), "rollout removed at 50%"),
        (
            OverrideChanged("f", "m01", None, ON, Effect.TURNS_ON),
            "override added for m01: on until 2027-01-31; turns it on",
        ),
        (
            OverrideChanged("f", "m01", ON, None, Effect.TURNS_OFF),
            "override removed for m01, it was on until 2027-01-31; turns it off",
        ),
        (
            OverrideChanged("f", "m01", ON, replace(ON, expires=None), Effect.NONE),
            "override changed for m01; changes nothing for it now",
        ),
        (
            EligibilityChanged("f", YOUNG, YOUNG, is_live=True, loosened=True),
            "eligibility: more merchants may be swept in",
        ),
        (
            EligibilityChanged("f", YOUNG, YOUNG, is_live=False, loosened=False),
            "eligibility: fewer merchants are swept in, while no percentage depends on it",
        ),
        (
            BucketingChanged("f", Bucketing("a", 1), Bucketing("b", 1), is_live=True),
            "another salt or version: every bucket is another one",
        ),
        (
            HomeChanged("f", (Difference("merchant_config.column", "a", "b"),)),
            "merchant_config.column a -> b",
        ),
        (DetailsChanged("f", (Difference("expires", None, "x"),)), "expires nothing -> x"),
        (
            PolicyTouched("f", PolicyPart.GATE, "ramp", (FLOOR,)),
            "policy: gate ramp: criteria.completed.floor 85% -> 5%",
        ),
        (
            PolicyTouched("f", PolicyPart.WAIVER, "w", (FLOOR,), Touch.ADDED),
            "policy: waiver w added",
        ),
        (
            PolicyTouched("f", PolicyPart.WAIVER, "w", (FLOOR,), Touch.REMOVED),
            "policy: waiver w removed",
        ),
        (
            PolicyTouched(None, PolicyPart.LIMITS, "", (FLOOR,) * 5),
            "policy: the limits on one run: "
            + ", ".join(["criteria.completed.floor 85% -> 5%"] * 3)
            + " and 2 more",
        ),
        (
            PolicyTouched(None, PolicyPart.MEASURE, "m", (Difference("sql", "a" * 90, "b"),)),
            f"policy: measure m: sql {'a' * 80}… -> b",
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_everything_else(change, words):
    assert sentence(change) == words


@pytest.mark.parametrize("part", PolicyPart)
def test_every_part_of_the_policy_has_words(part):
    assert sentence(PolicyTouched("f", part, "x", (FLOOR,))).startswith("policy: ")


def test_what_is_cut_from_a_ladder_is_no_ladder_removed():
    found = between(flag("pilot", ladder("m01")), flag("pilot", ladder("m01")[:3]))
    (touched,) = of_kind(PolicyTouched, found)
    assert sentence(touched) == "policy: the ladder: phase 04 100%: 100% -> nothing"
