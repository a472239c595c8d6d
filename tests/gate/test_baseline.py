"""A frozen baseline does not move unnoticed."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from controller.gate.baseline import fingerprint, frozen, is_intact
from controller.gate.counts import BaselineSource, Tally
from tests.gate.builders import BASELINE, SINCE

CHANGES = {
    "source": BaselineSource.UNTREATED,
    "starts": SINCE - timedelta(days=59),
    "ends": SINCE - timedelta(days=1),
    "merchants": 11,
    "completed": Tally(195, 200),
    "durations": 195,
    "median_bound": timedelta(minutes=39),
    "measured_at": SINCE + timedelta(days=1),
}


def test_every_field_is_in_the_fingerprint():
    assert {field.name for field in fields(BASELINE)} == {*CHANGES, "hash"}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_shows(name):
    changed = replace(BASELINE, **{name: CHANGES[name]})
    assert is_intact(BASELINE)
    assert not is_intact(changed)
    assert fingerprint(changed) != fingerprint(BASELINE)
    assert is_intact(frozen(changed))


def test_the_fingerprint_does_not_depend_on_itself():
    assert fingerprint(replace(BASELINE, hash="x")) == fingerprint(BASELINE) == BASELINE.hash
