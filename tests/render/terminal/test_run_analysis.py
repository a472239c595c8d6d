"""One run, as a person sees it."""

from decimal import Decimal

import click
import pytest

from controller.gate.counts import Uncounted
from controller.gate.single_run import Fate, RunFile, RunOutcome, compare
from controller.render.terminal.run_analysis import analysis_text
from tests.golden_files import assert_golden
from tests.render.looking import (
    CREATED,
    GOOD_DATA,
    SINCE,
    USUAL,
    analysis,
    baseline,
    flag,
    minutes,
    order,
    run,
    timedelta,
)


def text_of(one, **options):
    return click.unstyle(analysis_text(one, **options))


def test_a_good_run_of_a_pilot():
    assert_golden("cli/analyze_good.txt", text_of(analysis(run(), flag())))


def test_a_run_with_trouble_everywhere():
    broken = run(
        status="failed",
        stage="supplier_matching",
        error='Supplier name could not be matched: "amber"',
        completed=CREATED + minutes(12),
        took=minutes(12),
        measured=False,
        orders=(
            order(
                supplier=None, supplier_name=None, items_total=Decimal("6465.45"), synced_at=None
            ),
            order(id="o2", number="", total=None, items=0, items_total=None, shopify_order=None),
        ),
        measures={name: name not in GOOD_DATA or not good for name, good in GOOD_DATA.items()},
        outcomes={USUAL: RunOutcome(Fate.FAILED)},
        file=Uncounted("there is no such file any more"),
    )
    assert_golden("cli/analyze_bad.txt", text_of(analysis(broken, flag())))


def test_a_run_from_before_the_feature_and_a_flag_with_a_long_name():
    old = run(took=minutes(38), outcomes={USUAL: RunOutcome(Fate.STUCK)})
    text = text_of(analysis(old, flag(since=None), flag(flag="another", since=None)))
    assert_golden("cli/analyze_before.txt", text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"took": None, "completed": None, "status": "processing"}, "processing in stage"),
        ({"took": None, "completed": None, "created": None}, "at an unknown time"),
        ({"status": None}, "of no status"),
        ({"completed": CREATED - minutes(3), "took": None}, "before it was created"),
        ({"orders": ()}, "this run made no purchase order"),
        ({"orders": Uncounted("the database said: no")}, "the database said: no"),
        ({"measures": Uncounted("the database said: no")}, "the database said: no"),
        ({"file": None}, "file: none"),
        ({"file": RunFile(None, None, None)}, "file: no name"),
        ({"file": RunFile("a.csv", 512, None)}, "a.csv · 512 bytes"),
        ({"file": RunFile("a.csv", 2048, None)}, "a.csv · 2.0 kB"),
        ({"orders": (order(items_total=None),)}, "7, without amounts that could be added up"),
        ({"orders": (order(total=None),)}, "which add up to 6,475.45"),
        (
            {"outcomes": {USUAL: RunOutcome(Fate.EXCLUDED, why="created in the future")}},
            "not judged: created in the future",
        ),
        ({"outcomes": {USUAL: RunOutcome(Fate.PENDING)}}, "pending (decided 30 min after"),
        ({"outcomes": {USUAL: RunOutcome(Fate.COMPLETED, on_time=False)}}, "completed, late"),
    ],
)
def test_every_state_is_said(changes, said):
    assert said in " ".join(text_of(analysis(run(**changes))).split())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"past": Uncounted("too slow")}, "cannot be read: too slow"),
        ({"past": compare(minutes(3), ())}, "no completed run earlier to compare with"),
        ({"past": compare(None, (minutes(38),))}, "1 completed run earlier, half of them within"),
        ({"past": compare(minutes(38), (minutes(38),))}, "this one was about as fast"),
        ({"past": compare(minutes(76), (minutes(38),))}, "this one took 2.0 times as long"),
        ({"flags": (flag(baseline=Uncounted("torn")),)}, "sequential_workflow: torn"),
        ({"flags": (flag(baseline=baseline(median_bound=None)),)}, "too few to say"),
        ({"flags": (flag(gate=None),)}, "a gate with the usual times counts it as"),
        ({"merchant": None}, "a merchant that is gone"),
    ],
)
def test_every_comparison_is_said(changes, said):
    assert said in " ".join(text_of(analysis(**changes)).split())


def test_a_failure_is_not_praised_for_its_speed():
    failed = run(measured=False, outcomes={USUAL: RunOutcome(Fate.FAILED)})
    text = text_of(analysis(failed, flag()))
    assert "took longer" not in text
    assert "as fast" not in text


def test_the_past_ends_when_the_feature_came():
    text = " ".join(text_of(analysis(run(), flag(since=SINCE))).split())
    assert "3 completed runs before it got the feature, half of them within 38 min" in text
    assert "3 of 3 took longer; this one was 10.3 times as fast" in text


def test_it_fits_a_narrow_terminal():
    lines = text_of(analysis(run(), flag()), width=60).splitlines()
    assert max(len(line) for line in lines if line.startswith("  ")) <= 60


def test_a_run_that_goes_on_has_an_age():
    going = run(completed=None, took=None, status="processing")
    assert "created 3 h ago" in text_of(analysis(going))
    assert timedelta(0) < CREATED - SINCE
