"""The odd corners of rules and protection; the usual ones are in test_interface.py."""

import pytest

from controller.errors import Refused
from controller.forge.github import GitHubForge
from controller.forge.interface import STATUS_CONTEXT
from controller.testing import FakeGitHub


def test_a_branch_that_is_not_there_is_said(forge: GitHubForge) -> None:
    with pytest.raises(Refused, match="read the protection of the branch nowhere"):
        forge.required_check("nowhere")


def test_another_branchs_rules_do_not_count(github: FakeGitHub, forge: GitHubForge) -> None:
    github.push("release")
    github.require(STATUS_CONTEXT, "release")
    assert not forge.required_check("main").is_required


def test_a_status_of_a_similar_name_does_not_count(github: FakeGitHub, forge: GitHubForge) -> None:
    for by in ("ruleset", "branch protection"):
        github.require(f"{STATUS_CONTEXT} ", by=by)
        github.require("rollout", by=by)
    assert not forge.required_check("main").is_required


def test_a_ruleset_counts_before_branch_protection(github: FakeGitHub, forge: GitHubForge) -> None:
    github.require(STATUS_CONTEXT, by="branch protection", app=1)
    github.require(STATUS_CONTEXT, by="ruleset", app=2)
    assert forge.required_check("main").only_from_app == 2


def test_a_merge_queue_is_seen_without_any_check(github: FakeGitHub, forge: GitHubForge) -> None:
    github.queue_merges()
    found = forge.required_check("main")
    assert (found.is_required, found.has_merge_queue) == (False, True)
