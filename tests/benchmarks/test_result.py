import pytest

from benchmarks.result import at_most, below, faster, seconds


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (12.345, "12.3 s"),
        (0.0456, "45.6 ms"),
        (2.5e-5, "25 µs"),
        (2.31e-8, "23.1 ns"),
        (1234.0, "1234 s"),
    ],
)
def test_seconds_are_shown_in_their_unit(amount: float, shown: str):
    assert seconds(amount) == shown


def test_a_ceiling_is_met_from_below_and_a_floor_from_above():
    assert at_most("", 1.6, ("peer", 1.0), 1.7).met is True
    assert at_most("", 1.8, ("peer", 1.0), 1.7).met is False
    assert faster("", 1.0, ("peer", 30.0), 25).met is True
    assert faster("", 1.0, ("peer", 20.0), 25).met is False
    assert below("", 130, " MiB", 120).met is False
    assert below("", 130, " MiB", None).met is None
