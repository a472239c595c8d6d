"""Whether what was counted is what was rolled out."""

from datetime import timedelta

import pytest

from controller.gate.counts import Uncounted
from controller.gate.identity import attributable, check_identity, since_of
from tests.gate.builders import NOW, SINCE, identity, ramp_counts

CASES = [
    ({}, True, "Phase `10%` is applied to 10 merchants, as the ledger records."),
    ({"since": NOW}, True, "as the ledger records"),
    (
        {"phase_applied": None},
        False,
        "The ledger knows nothing of `sequential_workflow`: it was never applied here.",
    ),
    ({"phase_applied": "pilot"}, False, "Phase `pilot` is applied, not `10%`."),
    (
        {"halted": "wrong totals"},
        False,
        "The flag is halted (wrong totals): nobody has it until `rolloutctl resume`.",
    ),
    ({"since": None}, False, "The ledger has no usable beginning of phase `10%`."),
    ({"since": NOW + timedelta(seconds=1)}, False, "no usable beginning"),
    ({"cohort_found": 0, "missing": 10}, False, "no merchant has the feature"),
    (
        {"cohort_found": 8, "missing": 2},
        True,
        "The ledger records 10 merchants as turned on: 2 of them found off, 0 others found on.",
    ),
    ({"cohort_found": 11, "extra": 1}, True, "0 of them found off, 1 others found on"),
    ({"extra": 1, "missing": 1}, True, "1 of them found off, 1 others found on"),
    (
        {"cohort_counted": 9},
        True,
        "The sizes of the cohort disagree: 10 recorded, 10 found, 9 counted.",
    ),
    ({"cohort_recorded": 9}, True, "9 recorded, 10 found, 10 counted"),
    ({"cohort_found": 9}, True, "10 recorded, 9 found, 10 counted"),
]


@pytest.mark.parametrize(("changes", "judged", "reason"), CASES)
def test_every_difference_from_the_ledger_is_an_error(changes, judged, reason):
    counts = ramp_counts(identity=identity("10%", 10, **changes))
    check = check_identity(counts, NOW)
    assert str(check.verdict) == ("pass" if "as the ledger records" in reason else "error")
    assert reason in check.reason
    assert attributable(counts, NOW) is judged


def test_what_could_not_be_read():
    counts = ramp_counts(identity=Uncounted("no such schema."))
    check = check_identity(counts, NOW)
    assert str(check.verdict) == "error"
    assert check.reason == "What was rolled out could not be read: no such schema."
    assert not attributable(counts, NOW)
    assert since_of(counts) is None
    assert since_of(ramp_counts()) == SINCE
