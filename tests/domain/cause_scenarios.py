"""Why values change, as a table: what was applied, what happened since, and what is expected.

Read by test_causes.py.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from controller.domain.bucketing import bucket
from controller.domain.plan import Cause
from controller.domain.rollout import OFF
from tests.domain.strategies import (
    DAY,
    NOW,
    flag,
    ladder,
    override,
    phase,
    with_bucket,
)

SMALL, OTHER_SMALL = with_bucket(0, 1_000, count=2)  # on from 10 %
(MIDDLE,) = with_bucket(1_000, 5_000)  # on from 50 %
(LARGE,) = with_bucket(5_000, 10_000)  # on at 100 % only
EVERYBODY = (SMALL, OTHER_SMALL, MIDDLE, LARGE)
UNKIND_SALT = next(s for s in map(str, count()) if all(bucket(s, m) >= 5_000 for m in EVERYBODY))
"""Nobody is on at 50 % with it."""
YESTERDAY, TODAY = (NOW - DAY).date(), NOW.date()


@dataclass(frozen=True)
class Scenario:
    """What was applied an hour before `NOW`, what is asked for, and what the world did meanwhile.

    Attributes:
        hand: Values that somebody wrote by hand after the last run.
        created: Merchants that are younger than the others.
        expected: The changes: by merchant, the value and why.
    """

    name: str
    before: Any
    after: Any
    expected: dict[str, tuple[bool, Cause]]
    hand: dict[str, bool] = field(default_factory=dict)
    created: dict[str, datetime] = field(default_factory=dict)
    halted: bool = False
    resumed: bool = False
    applied_at: datetime = NOW - timedelta(hours=1)


YOUNG = NOW - timedelta(minutes=30)
"""Created after the last run."""
EDGE = NOW - 30 * DAY - timedelta(minutes=30)
"""Grew to 30 days after the last run."""

SCENARIOS = [
    Scenario("nothing happened", flag("10%"), flag("10%"), {}),
    Scenario(
        "an advance",
        flag("10%"),
        flag("50%"),
        {MIDDLE: (True, Cause.PHASE)},
    ),
    Scenario(
        "an advance by name",
        flag(OFF, ladder(LARGE)),
        flag("pilot", ladder(LARGE)),
        {LARGE: (True, Cause.PHASE)},
    ),
    Scenario(
        "another merchant named in place, while a second one grows old enough",
        flag("10%", min_age=30 * DAY),
        flag("10%", [phase("pilot", LARGE), *ladder()[1:]], min_age=30 * DAY),
        {LARGE: (True, Cause.PHASE), SMALL: (True, Cause.ELIGIBILITY)},
        created={SMALL: EDGE},
    ),
    Scenario(
        "a retreat",
        flag("50%"),
        flag("10%"),
        {MIDDLE: (False, Cause.PHASE)},
    ),
    Scenario(
        "a retreat to off turns off whom a hand turned on, too",
        flag("10%"),
        flag(OFF),
        dict.fromkeys((SMALL, OTHER_SMALL, LARGE), (False, Cause.PHASE)),
        hand={LARGE: True},
    ),
    Scenario(
        "a retreat does not explain whom a hand turned off inside the smaller phase",
        flag("50%"),
        flag("10%"),
        {MIDDLE: (False, Cause.PHASE), SMALL: (True, Cause.DRIFT)},
        hand={SMALL: False},
    ),
    Scenario(
        "what narrows by percent and widens by name is no retreat for whom a hand turned on",
        flag("part", [phase("part", percent=10)]),
        flag("part", [phase("part", LARGE, percent=0)]),
        {
            **dict.fromkeys((SMALL, OTHER_SMALL), (False, Cause.PHASE)),
            LARGE: (True, Cause.PHASE),
            MIDDLE: (False, Cause.DRIFT),
        },
        hand={MIDDLE: True},
    ),
    Scenario(
        "a percentage lowered in place",
        flag("part", [phase("part", percent=50)]),
        flag("part", [phase("part", percent=10)]),
        {MIDDLE: (False, Cause.PHASE)},
    ),
    Scenario(
        "a merchant less by name, and somebody else's hand",
        flag("pilot", ladder(LARGE, MIDDLE)),
        flag("pilot", ladder(LARGE)),
        {MIDDLE: (False, Cause.PHASE), SMALL: (False, Cause.DRIFT)},
        hand={SMALL: True},
    ),
    Scenario(
        "a merchant less by name, and many more by another salt",
        flag("50%", [phase("50%", LARGE, percent=50)]),
        flag("50%", [phase("50%", percent=50)], salt=UNKIND_SALT),
        {
            LARGE: (False, Cause.PHASE),
            **dict.fromkeys((SMALL, OTHER_SMALL, MIDDLE), (False, Cause.ELIGIBILITY)),
        },
    ),
    Scenario(
        "the global value turned off does not explain merchants that lose it",
        flag("50%", globally_on=True),
        flag("50%", exclude=[MIDDLE]),
        {MIDDLE: (False, Cause.ELIGIBILITY)},
    ),
    Scenario(
        "the rollout's file is gone",
        flag("10%"),
        flag(None),
        dict.fromkeys((SMALL, OTHER_SMALL), (False, Cause.ELIGIBILITY)),
    ),
    Scenario(
        "an override added",
        flag("10%"),
        flag("10%", overrides=[override(LARGE, value=True), override(SMALL, value=False)]),
        {LARGE: (True, Cause.OVERRIDE), SMALL: (False, Cause.OVERRIDE)},
    ),
    Scenario(
        "an override removed",
        flag("10%", overrides=[override(LARGE, value=True), override(SMALL, value=False)]),
        flag("10%"),
        {LARGE: (False, Cause.OVERRIDE), SMALL: (True, Cause.OVERRIDE)},
    ),
    Scenario(
        "an override turned round",
        flag("10%", overrides=[override(LARGE, value=True)]),
        flag("10%", overrides=[override(LARGE, value=False)]),
        {LARGE: (False, Cause.OVERRIDE)},
    ),
    Scenario(
        "an override expired",
        flag("10%", overrides=[override(LARGE, value=True, expires=YESTERDAY)]),
        flag("10%", overrides=[override(LARGE, value=True, expires=YESTERDAY)]),
        {LARGE: (False, Cause.OVERRIDE_EXPIRED)},
        applied_at=NOW - DAY,
    ),
    Scenario(
        "an override that held a merchant off expired",
        flag("10%", overrides=[override(SMALL, value=False, expires=YESTERDAY)]),
        flag("10%", overrides=[override(SMALL, value=False, expires=YESTERDAY)]),
        {SMALL: (True, Cause.OVERRIDE_EXPIRED)},
        applied_at=NOW - DAY,
    ),
    Scenario(
        "an override on its last day",
        flag("10%", overrides=[override(LARGE, value=True, expires=TODAY)]),
        flag("10%", overrides=[override(LARGE, value=True, expires=TODAY)]),
        {},
    ),
    Scenario(
        "an override for a merchant that is not eligible",
        flag("50%", exclude=[SMALL]),
        flag("50%", exclude=[SMALL], overrides=[override(SMALL, value=True)]),
        {SMALL: (True, Cause.OVERRIDE)},
    ),
    Scenario(
        "a new override asks to turn off whom a hand turned on",
        flag("10%"),
        flag("10%", overrides=[override(LARGE, value=False)]),
        {LARGE: (False, Cause.OVERRIDE)},
        hand={LARGE: True},
    ),
    Scenario(
        "a hand against an override that was there",
        flag("10%", overrides=[override(LARGE, value=False)]),
        flag("10%", overrides=[override(LARGE, value=False)]),
        {LARGE: (False, Cause.DRIFT)},
        hand={LARGE: True},
    ),
    Scenario(
        "a new merchant at 100 %",
        flag("100%"),
        flag("100%"),
        {LARGE: (True, Cause.NEW_MERCHANT)},
        created={LARGE: YOUNG},
    ),
    Scenario(
        "a merchant created in the second of the last run, and after it",
        flag("100%"),
        flag("100%"),
        {LARGE: (True, Cause.NEW_MERCHANT)},
        created={LARGE: NOW - timedelta(hours=1) + timedelta(milliseconds=300)},
    ),
    Scenario(
        "a new merchant where no age is asked for",
        flag("50%"),
        flag("50%"),
        {MIDDLE: (True, Cause.NEW_MERCHANT)},
        created={MIDDLE: YOUNG},
    ),
    Scenario(
        "a new merchant that the advance sweeps in",
        flag("50%"),
        flag("100%"),
        {LARGE: (True, Cause.PHASE)},
        created={LARGE: YOUNG},
    ),
    Scenario(
        "a new merchant that was in already, beside an advance",
        flag("50%"),
        flag("100%"),
        {MIDDLE: (True, Cause.PHASE), LARGE: (True, Cause.PHASE)},
        created={MIDDLE: YOUNG},
    ),
    Scenario(
        "a new merchant with an override",
        flag("10%"),
        flag("10%", overrides=[override(LARGE, value=True)]),
        {LARGE: (True, Cause.OVERRIDE)},
        created={LARGE: YOUNG},
    ),
    Scenario(
        "a new merchant that the pilot names",
        flag(OFF, ladder(LARGE)),
        flag("pilot", ladder(LARGE)),
        {LARGE: (True, Cause.PHASE)},
        created={LARGE: YOUNG},
    ),
    Scenario(
        "a new merchant that the app turned on by itself",
        flag("10%"),
        flag("10%"),
        {LARGE: (False, Cause.DRIFT)},
        created={LARGE: YOUNG},
        hand={LARGE: True},
    ),
    Scenario(
        "a merchant old enough now",
        flag("50%", min_age=30 * DAY),
        flag("50%", min_age=30 * DAY),
        {MIDDLE: (True, Cause.ELIGIBILITY)},
        created={MIDDLE: EDGE},
    ),
    Scenario(
        "an exclusion added and one removed",
        flag("50%", exclude=[SMALL]),
        flag("50%", exclude=[MIDDLE]),
        {MIDDLE: (False, Cause.ELIGIBILITY), SMALL: (True, Cause.ELIGIBILITY)},
    ),
    Scenario(
        "a hand that turned on, and one that turned off",
        flag("10%"),
        flag("10%"),
        {LARGE: (False, Cause.DRIFT), SMALL: (True, Cause.DRIFT)},
        hand={LARGE: True, SMALL: False},
    ),
    Scenario(
        "a hand that did what the next advance does",
        flag("10%"),
        flag("50%"),
        {},
        hand={MIDDLE: True},
    ),
    Scenario(
        "a hand against an advance",
        flag("10%"),
        flag("50%"),
        {MIDDLE: (True, Cause.PHASE), SMALL: (True, Cause.DRIFT)},
        hand={SMALL: False},
    ),
    Scenario(
        "a halt that found somebody on",
        flag("10%"),
        flag("10%"),
        dict.fromkeys((SMALL, OTHER_SMALL), (False, Cause.HALT)),
        hand={SMALL: True, OTHER_SMALL: True},
        halted=True,
    ),
    Scenario(
        "a hand against a halt",
        flag("10%"),
        flag("50%"),
        {LARGE: (False, Cause.HALT)},
        hand={LARGE: True},
        halted=True,
    ),
    Scenario(
        "a halt resumed",
        flag("10%"),
        flag("10%"),
        dict.fromkeys((SMALL, OTHER_SMALL), (True, Cause.HALT)),
        resumed=True,
    ),
    Scenario(
        "a halt resumed after a hand had turned somebody on",
        flag("10%"),
        flag("10%"),
        {OTHER_SMALL: (True, Cause.HALT), LARGE: (False, Cause.DRIFT)},
        hand={SMALL: True, LARGE: True},
        resumed=True,
    ),
    Scenario(
        "a halt resumed for a merchant created since",
        flag("100%"),
        flag("100%"),
        {
            LARGE: (True, Cause.NEW_MERCHANT),
            **dict.fromkeys((SMALL, OTHER_SMALL, MIDDLE), (True, Cause.HALT)),
        },
        created={LARGE: YOUNG},
        resumed=True,
    ),
    Scenario(
        "a column moved",
        flag("100%", column="old"),
        flag("100%"),
        dict.fromkeys(EVERYBODY, (True, Cause.PHASE)),
    ),
    Scenario(
        "a column moved to one that a hand had filled",
        flag(OFF, column="old"),
        flag(OFF),
        {LARGE: (False, Cause.DRIFT)},
        hand={LARGE: True},
    ),
]
