"""Checks on the forge: each sees its own trouble, and says what to do."""

from collections.abc import Iterator

import pytest

from controller.doctor.gathering import gather
from controller.errors import ForgeUnreachable, Refused
from controller.forge.interface import STATUS_CONTEXT, RequiredCheck
from controller.testing import FakeGitHub
from tests.doctor.healthy import FAIL, NOT_CHECKED, OK, WARN, assert_finding, facts

NOBODY = RequiredCheck("")
ANYBODY = RequiredCheck("branch protection")
CASES = [
    ("forge_reachable", None, NOT_CHECKED, "are not set here"),
    ("forge_reachable", Refused("403", "a permission"), FAIL, "403"),
    ("forge_reachable", NOBODY, OK, "answers"),
    ("gate_required", None, NOT_CHECKED, "could not be asked"),
    ("gate_required", NOBODY, WARN, "keeps nobody from merging"),
    ("gate_required", ANYBODY, OK, "by branch protection"),
    ("gate_source", ForgeUnreachable("gone"), NOT_CHECKED, "could not be asked"),
    ("gate_source", NOBODY, NOT_CHECKED, "not required"),
    ("gate_source", ANYBODY, WARN, "by hand"),
    ("gate_source", RequiredCheck("ruleset", only_from_app=15368), OK, "15368"),
]


@pytest.mark.parametrize(("name", "found", "health", "said"), CASES)
def test_each_sees_its_trouble(name, found, health, said):
    assert_finding(name, facts(required=found), health, said)


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub() as github:
        yield github


def test_the_forge_is_asked_about_the_branch(github: FakeGitHub, tmp_path):
    github.push("trunk")
    github.require(STATUS_CONTEXT, "trunk", app=15368)
    asked = gather(tmp_path, (), None, github.variables(), "trunk")
    assert asked.required == RequiredCheck("ruleset", only_from_app=15368)
    assert gather(tmp_path, (), None, github.variables()).required == NOBODY


@pytest.mark.parametrize("missing", ["GITHUB_REPOSITORY", "GITHUB_TOKEN"])
def test_without_a_name_or_a_token_nobody_is_asked(github: FakeGitHub, tmp_path, missing: str):
    variables = github.variables() | {missing: ""}
    assert gather(tmp_path, (), None, variables).required is None
    assert not github.requests


def test_a_forge_that_says_no_is_a_fact(github: FakeGitHub, tmp_path):
    variables = github.variables("ghs_expired12345678")
    assert isinstance(gather(tmp_path, (), None, variables).required, Refused)
