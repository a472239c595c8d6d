"""The preflight as a whole: what it is in a healthy company, its exit code, and its docs."""

import re
from pathlib import Path

import pytest

from controller.doctor import CHECKS, examine, exit_code
from controller.doctor.facts import GitFacts
from controller.doctor.finding import fail, ok, warn
from controller.errors import DatabaseUnreachable, DeployEnvUnreachable, ExitCode
from tests.doctor import (
    test_app,
    test_connection,
    test_deployment,
    test_pull_requests,
    test_repository,
    test_tables,
)
from tests.doctor.healthy import NOT_CHECKED, OK, facts

DOCS = Path(__file__).parents[2] / "docs" / "doctor.md"
NAMES = [name for group in CHECKS.values() for name in group]


def code_of(given):
    return exit_code(finding for group in examine(given).values() for finding in group.values())


def test_where_everything_is_in_place_only_what_nobody_can_check_is_left():
    findings = {name: f for group in examine(facts()).values() for name, f in group.items()}
    others = {name: f.health for name, f in findings.items() if f.health is not OK}
    assert others == {"backup": NOT_CHECKED, "app_tested": NOT_CHECKED}
    assert code_of(facts()) is ExitCode.DONE


def test_every_check_has_a_test_of_its_own_trouble():
    modules = (
        test_repository,
        test_connection,
        test_tables,
        test_app,
        test_deployment,
        test_pull_requests,
    )
    tried = {case[0] for module in modules for case in module.CASES}
    assert set(NAMES) - tried == {"backup", "app_tested"}


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([ok("fine"), warn("look", "there")], ExitCode.DONE),
        ([ok("fine"), fail("wrong", "mend it")], ExitCode.INVALID),
    ],
)
def test_only_failures_fail(findings, code):
    assert exit_code(findings) is code


def test_only_something_outside_that_does_not_answer_is_worth_trying_again():
    assert code_of(facts(database=DatabaseUnreachable("gone"))) is ExitCode.UNREACHABLE
    assert code_of(facts(deploy=DeployEnvUnreachable("gone"))) is ExitCode.UNREACHABLE
    both = facts(database=DatabaseUnreachable("gone"), git=GitFacts("a", is_shallow=True))
    assert code_of(both) is ExitCode.INVALID


def test_the_docs_have_a_heading_for_every_check_in_the_same_order():
    headings = re.findall(r"^### `(\w+)`$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == NAMES
