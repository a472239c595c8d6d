"""Reviews of a gate in words."""

from dataclasses import replace

from controller.gate.evidence import Difference
from controller.render import gate_review_words as review
from tests.render import gate_reviews as reviews


def test_a_table_line_of_a_release():
    (_, ramp, *_) = reviews.PREVIEWS
    best = ramp.characteristics.points[-1]
    assert review.point(best) == (
        "99 %",
        "over 0.999",
        "0.000118",
        "under 0.0001",
        "28 to 43",
        "1 d",
    )
    assert review.point(replace(best, usual_runs=None, usual_wait=None))[-2:] == ("", "")


def test_a_gate_that_makes_no_sense_has_flaws_and_no_gist():
    odd = reviews.PREVIEWS[-1]
    assert review.preview_gist(odd) == ""
    assert review.flaws(odd.characteristics) == ("The floor of `completed` is above its target.",)


def test_judgements_alike_are_counted_together():
    stricter = reviews.REPLAYS[0].replays
    rows = review.replays(stricter)
    assert [row[1:] for row in rows] == [
        ("3 times", "insufficient data", "the same"),
        ("", "proceed", "insufficient data"),
        ("", "rollback", "the same"),
    ]
    assert review.replay_gist(()) == "0 judgements of the past."


def test_verdicts_come_first_among_differences_and_long_texts_are_cut():
    _, found = reviews.DIFFERENT
    paths = [path for path, *_ in review.differences(found)]
    assert paths[:2] == ["criteria[2].verdict", "verdict"]
    long = replace(found, differences=(Difference("claim", "x" * 5_000, "y"),))
    ((_, was, now),) = review.differences(long)
    assert was.endswith("... (5,000 characters)")
    assert len(was) < 400
    assert now == "y"
