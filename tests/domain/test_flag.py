from datetime import date, timedelta

import pytest

from tests.domain.strategies import NOW, override


@pytest.mark.parametrize(
    ("expires", "active"),
    [
        (None, True),
        (NOW.date() - timedelta(days=1), False),
        (NOW.date(), True),
        (NOW.date() + timedelta(days=1), True),
        (date.max, True),
    ],
)
def test_an_override_counts_until_the_end_of_its_last_day(expires, active):
    assert override("a", value=True, expires=expires).active_at(NOW) is active
