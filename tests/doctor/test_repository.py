"""Checks on the files and the git history: each sees its own trouble, and says what to do."""

import pytest

from controller.config.problems import Place, Problem
from controller.config.reading_codes import EMPTY_FILE
from controller.doctor.facts import GitFacts
from controller.errors import Refused
from controller.source_control.git import Relation
from tests.doctor.healthy import FAIL, NOT_CHECKED, OK, WARN, assert_finding, facts
from tests.domain.strategies import desired

ERROR = Problem(Place("flags/a.yaml", 1, 1), EMPTY_FILE, "the file is empty")

CASES = [
    ("files_valid", facts(problems=(ERROR,), desired=None), FAIL, "flags/a.yaml:1:1"),
    ("flags_defined", facts(desired=desired()), WARN, "no flag yet"),
    ("flags_defined", facts(desired=None), NOT_CHECKED, "not valid"),
    ("git_revision", facts(git=GitFacts(None, is_shallow=False)), WARN, "local changes"),
    ("git_revision", facts(git=GitFacts()), WARN, "not under git"),
    ("git_revision", facts(git=GitFacts(problem=Refused("no", "yes"))), FAIL, "no"),
    ("git_history", facts(git=GitFacts("a", is_shallow=True)), FAIL, "shallow"),
    ("git_history", facts(git=GitFacts(problem=Refused("no"))), NOT_CHECKED, "git"),
    ("git_history", facts(git=GitFacts()), WARN, "no git history"),
    ("git_history", facts(files=Relation.OLDER), FAIL, "older than what was applied last"),
    ("git_history", facts(files=Relation.UNRELATED), FAIL, "not among the ancestors"),
    ("git_history", facts(files=Relation.UNKNOWN), FAIL, "does not have what was applied last"),
    ("git_history", facts(files=Relation.SAME), OK, "complete"),
    ("git_history", facts(files=Relation.NEWER), OK, "complete"),
]


@pytest.mark.parametrize(("check", "given", "health", "said"), CASES)
def test_a_check_sees_its_own_trouble_and_says_what_to_do(check, given, health, said):
    assert_finding(check, given, health, said)
