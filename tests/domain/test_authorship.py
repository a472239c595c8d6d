"""Who wrote a row last is said only where it is certain."""

from datetime import timedelta

import pytest

from controller.domain.authorship import Authorship
from controller.domain.ledger import ChangeRecord
from controller.domain.plan import Cause
from tests.domain.strategies import NOW

OURS = ChangeRecord(3, "seq", "m01", True, Cause.PHASE, NOW)
LATER = ChangeRecord(4, "other", "m01", True, Cause.PHASE, NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("changes", "written", "expected"),
    [
        ({}, None, None),
        ({}, NOW, NOW),  # never written by us: whoever wrote it was somebody else
        ({"seq": OURS}, NOW, None),
        ({"seq": OURS}, NOW + timedelta(microseconds=900), None),  # rounded to milliseconds
        ({"seq": OURS}, NOW + timedelta(seconds=1), NOW + timedelta(seconds=1)),
        ({"seq": OURS, "other": LATER}, NOW + timedelta(minutes=1), None),  # one row, two flags
        ({"seq": OURS}, NOW - timedelta(days=1), None),  # written past updatedAt: no trace
    ],
)
def test_a_later_row_than_our_newest_write_is_somebody_elses(changes, written, expected):
    assert Authorship.of("seq", changes, written).somebody_else == expected


def test_our_own_change_is_that_of_the_flag():
    assert Authorship.of("seq", {"seq": OURS, "other": LATER}, None).ours == OURS
    assert Authorship.of("third", {"seq": OURS}, None).ours is None
