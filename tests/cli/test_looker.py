"""Looking beside: what is found arrives in order, and an outage is waited out."""

import select
from datetime import timedelta

import pytest

from controller.cli.looker import Looker, NoAnswer
from controller.errors import DatabaseUnreachable, Refused
from tests.render.sightings import sighting

_PATIENCE = 30
SOON = timedelta(milliseconds=10)
LATER = timedelta(hours=1)


class Script:
    """Looks that were written down before; the last one is repeated."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.looks = 0

    def __call__(self):
        outcome = self.outcomes[min(self.looks, len(self.outcomes) - 1)]
        self.looks += 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def next_of(looker):
    assert select.select([looker.source], [], [], _PATIENCE)[0], "nothing was found"
    return looker.found()


def test_one_look_after_another():
    seen = sighting()
    with Looker(Script(seen), SOON) as looker:
        found = []
        while len(found) < 3:
            found += next_of(looker)
    assert set(map(id, found)) == {id(seen)}


def test_no_look_before_its_time_unless_it_is_asked_for():
    script = Script(sighting())
    with Looker(script, LATER) as looker:
        assert looker.next_look > timedelta(minutes=59)
        assert looker.found() == []
        looker.now()
        assert len(next_of(looker)) == 1
    assert script.looks == 1


def test_an_outage_is_waited_out_longer_and_longer_and_then_it_goes_on():
    gone = DatabaseUnreachable("gone")
    with Looker(Script(gone, gone, sighting()), SOON) as looker:
        found = []
        while len(found) < 3:
            found += next_of(looker)
            looker.now()
    first, second, third = found[:3]
    assert isinstance(first, NoAnswer)
    assert isinstance(second, NoAnswer)
    assert (first.again_in, second.again_in) == (timedelta(seconds=2), timedelta(seconds=4))
    assert third.look.runs == ()


@pytest.mark.parametrize("problem", [Refused("no such table"), ZeroDivisionError("a bug")])
def test_what_no_look_would_mend_is_raised_where_it_can_be_reported(problem):
    with Looker(Script(problem), SOON) as looker, pytest.raises(type(problem)):
        next_of(looker)


def test_a_pause_looks_at_nothing():
    script = Script(sighting())
    with Looker(script, LATER) as looker:
        looker.paused = True
        looker.now()
        assert select.select([looker.source], [], [], 0.05)[0] == []
        looker.paused = False
        looker.now()
        next_of(looker)
    assert script.looks == 1
