"""Merchants for a pilot, as a person sees them."""

import click

from controller.domain.candidates import Fitness
from controller.render.terminal.candidates import candidates_text, named_text
from tests.golden_files import assert_golden
from tests.render.looking import candidate, candidates, timedelta


def text_of(*found, **options):
    return click.unstyle(candidates_text(*found, **options))


def written(*named):
    return click.unstyle(named_text(*named))


FIT = candidate("cm6na24kg007ogxz2ac1irfic")
MISSES = (
    candidate(
        "busy",
        (Fitness.MODERATE, Fitness.NOT_BUSIEST),
        runs=1_200,
        matured=1_190,
        good=1_190,
    ),
    candidate(
        "troubled",
        (Fitness.RELIABLE, Fitness.NO_FAILURES, Fitness.NOTHING_STUCK),
        good=9,
        failed_lately=2,
        stuck_lately=1,
    ),
    candidate(
        "named",
        (Fitness.NOT_CHOSEN, Fitness.NOT_EXCLUDED, Fitness.NOT_OVERRIDDEN),
        taken="named in phase pilot already",
    ),
    candidate(
        "new",
        (Fitness.ESTABLISHED, Fitness.IN_USE, Fitness.ACTIVE, Fitness.RELIABLE, Fitness.MODERATE),
        age=timedelta(days=12),
        runs=1,
        matured=0,
        good=0,
        mean_duration=None,
        last_run=candidate("x").activity.last_run - timedelta(days=9),
    ),
    candidate("gone", (Fitness.KNOWN,), known=False),
)


def test_fit_ones_and_every_reason_against_the_others():
    found = candidates(FIT, *MISSES)
    assert_golden("cli/candidates.txt", text_of(found, found.ranked))


def test_nobody_fit_says_what_to_do():
    found = candidates(*MISSES, fit=0)
    text = text_of(found, found.ranked[:1])
    assert "none is fit by what they did." in " ".join(text.split())
    assert "loosen a rule" in text


def test_nobody_at_all_is_one_sentence():
    found = candidates(merchants=0, fit=0)
    text = text_of(found, ())
    assert "No merchant had a run in the last 30 d." in text
    assert "merchant  " not in text


def test_without_a_rollout_the_next_step_is_to_write_one():
    found = candidates(FIT, phase=None)
    assert "write rollout/sequential_workflow.yaml" in text_of(found, found.ranked)


def test_it_fits_a_narrow_terminal_as_far_as_names_allow():
    found = candidates(FIT, *MISSES)
    lines = text_of(found, found.ranked, width=60).splitlines()
    assert max(len(line) for line in lines if line.startswith("   ")) <= 60


def test_what_was_written_and_what_it_means_where_the_phase_is_live():
    text = written("rollout/f.yaml", "pilot", [FIT], ["demo", "production"])
    assert_golden("cli/candidates_written.txt", text)
    assert "live" not in written("rollout/f.yaml", "pilot", [FIT], [])
