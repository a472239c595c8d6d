"""The order in which changes are told."""

from controller.domain.change import (
    Effect,
    FlagAdded,
    OverrideChanged,
    PolicyPart,
    PolicyTouched,
    advances,
    retreats,
    sort_key,
)
from tests.domain.changing import between
from tests.domain.strategies import flag


def test_what_concerns_everything_comes_first_then_flags_by_key():
    changes = [
        PolicyTouched("b", PolicyPart.SOAK, "pilot", ()),
        OverrideChanged("b", "m02", None, None, Effect.NONE),
        OverrideChanged("b", "m01", None, None, Effect.NONE),
        FlagAdded("b"),
        FlagAdded("a"),
        PolicyTouched(None, PolicyPart.LIMITS, "", ()),
    ]
    told = sorted(changes, key=sort_key)
    assert [change.flag for change in told] == [None, "a", "b", "b", "b", "b"]
    assert told[2:] == [changes[3], changes[2], changes[1], changes[0]]


def test_a_movement_is_one_or_the_other():
    (up,) = between(flag("pilot"), flag("10%"))
    (down,) = between(flag("10%"), flag("pilot"))
    assert (advances(up), retreats(up), advances(down), retreats(down)) == (
        True,
        False,
        False,
        True,
    )
    assert not advances(FlagAdded("a"))
    assert not retreats(FlagAdded("a"))
