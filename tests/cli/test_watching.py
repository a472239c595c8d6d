"""The loop: it tells what happens, in order, and ends when it is over or is told to."""

from datetime import timedelta

import pytest

from controller.cli.looker import Looker
from controller.cli.watching import attend
from controller.errors import DatabaseUnreachable, Refused
from controller.inquiry.watching import Until
from tests.cli.test_looker import LATER, SOON, Script
from tests.gate.builders import NOW
from tests.render.sightings import ON_TIME, run, sighting

OPEN = sighting(run("a", 2))
DONE = sighting(run("a", 2, ON_TIME, 1))


class Notes:
    """A way to show it that writes down what it is told.

    Attributes:
        turns: What each turn returns; None goes on.
    """

    def __init__(self, *turns):
        self.sources = ()
        self.told = []
        self.turns = list(turns)

    def tell(self, event, _progress):
        self.told.append(type(event).__name__)

    def turn(self, _course):
        return self.turns.pop(0) if self.turns else None


def attended(script, face, until):
    with Looker(script, SOON) as looker:
        return attend(OPEN, looker, face, until)


def test_it_tells_what_happens_until_it_is_over():
    notes = Notes()
    gone = DatabaseUnreachable("gone")
    with Looker(Script(OPEN, gone, DONE), SOON) as looker:
        ended = attend(OPEN, looker, notes, Until(run=True))
    assert notes.told == ["Began", "WentAway", "CameBack", "RunEvent"]
    assert (ended.code, ended.progress.ended) == (None, 1)


def test_an_outage_began_when_the_database_last_answered_or_later():
    seen = []

    class Eye(Notes):
        def tell(self, event, progress):
            super().tell(event, progress)
            if progress.away:
                seen.append(progress.away.since)

    face = Eye()
    attended(Script(DatabaseUnreachable("gone"), DONE), face, Until(run=True))
    assert seen
    assert min(seen) >= NOW


@pytest.mark.parametrize(("turn", "code"), [(0, None), (2, 130), (15, 143)])
def test_a_face_ends_it(turn, code):
    with Looker(Script(OPEN), LATER) as looker:
        assert attend(OPEN, looker, Notes(turn), Until()).code == code


def test_a_span_ends_it():
    with Looker(Script(OPEN), LATER) as looker:
        assert attend(OPEN, looker, Notes(), Until(span=timedelta())).code is None


def test_what_no_look_mends_is_raised():
    with pytest.raises(Refused):
        attended(Script(Refused("no such table")), Notes(), Until())
