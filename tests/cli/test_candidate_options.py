"""The rules' options say the defaults of the domain, and read what people write."""

from datetime import timedelta

import click
import pytest
from click.testing import CliRunner

from controller.cli.candidate_options import candidate_rules
from controller.domain.candidates import CandidateRules
from controller.domain.units import Percent


@click.command()
@candidate_rules
@click.pass_context
def command(context, rules):
    context.obj.append(rules)


def given(*arguments):
    found = []
    done = CliRunner().invoke(command, arguments, obj=found, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return found[0]


def test_without_options_they_are_the_plans_rules():
    assert given() == CandidateRules()


@pytest.mark.parametrize(
    ("option", "text", "rules"),
    [
        ("--active-within", "36h", CandidateRules(active_within=timedelta(hours=36))),
        ("--success-above", "92.5%", CandidateRules(success_above=Percent(9_250))),
        ("--min-runs", "1", CandidateRules(runs_min=1)),
        ("--max-runs", "500", CandidateRules(runs_max=500)),
        ("--busiest", "0%", CandidateRules(busiest=Percent(0))),
        ("--min-age", "3650d", CandidateRules(age_min=timedelta(days=3_650))),
        ("--trouble-free", "0s", CandidateRules(trouble_free=timedelta(0))),
        ("--stuck-after", "90m", CandidateRules(stuck_after=timedelta(minutes=90))),
    ],
)
def test_each_option_changes_its_rule_and_nothing_else(option, text, rules):
    assert given(option, text) == rules


def test_help_says_every_default():
    text = CliRunner().invoke(command, ["--help"]).output
    for default in ("7d", "80%", "30d", "10%", "4h"):
        assert f"default: {default}" in " ".join(text.split())
