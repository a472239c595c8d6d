"""`rolloutctl check`, as a pull request's job runs it: what it prints, and what GitHub shows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.demo.company import Behaviour
from controller.testing import FakeGitHub, Fault
from tests.cli.desk import FLAG, Done
from tests.cli.gated_shop import GatedShop
from tests.cli.test_gate import BUSY
from tests.golden_files import assert_golden


@pytest.fixture
def github(pilot: GatedShop) -> Iterator[FakeGitHub]:
    with FakeGitHub(git=pilot.desk.root) as fake:
        yield fake


def propose(shop: GatedShop, old: str, new: str) -> str:
    """A branch with a promotion, or its opposite; its head."""
    shop.desk.git("checkout", "--quiet", "-b", "change")
    shop.desk.promote(old, new)
    return shop.desk.git("rev-parse", "HEAD")


def check(shop: GatedShop, *arguments: str, github: FakeGitHub | None = None) -> Done:
    """Judge the branch; with a forge, show it there."""
    reporting = ("--report", "--pull-request", "1") if github else ()
    return shop.desk.run(
        "check",
        "--base",
        "main",
        *reporting,
        *arguments,
        env=github.variables() if github else None,
    )


def same_every_time(text: str) -> str:
    """Without what differs from run to run: commits, evidence, merchants, times, figures."""
    text = re.sub(r"\b[0-9a-f]{12}\b", "COMMIT", text)
    text = re.sub(r"\bc[a-z0-9]{24}\b [\w.-]+", "MERCHANT SHOP", text)
    text = re.sub(r"\bc[a-z0-9]{24}\b", "MERCHANT", text)
    text = re.sub(r"Baseline: \d+ runs", "Baseline: N runs", text)  # drawn by the hour of the day
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", text)
    return re.sub(r"\d+ (min|s|h)\b", r"N \1", text)


class TestShown:
    def test_a_promotion_that_is_too_early(self, pilot: GatedShop, github: FakeGitHub):
        pilot.days_pass(0.5, Behaviour.QUIET)
        head = propose(pilot, "pilot", "10%")
        number = github.open_pull("change")
        done = check(pilot, github=github)
        assert done.code == 11, done.err
        assert done.out.startswith("May not merge yet: ")
        status = github.status(head)
        assert status is not None
        assert status.state == "failure"
        assert "more matured runs" in status.description
        (comment,) = github.comments(number)
        assert_golden("cli/check_comment_too_early.md", same_every_time(comment.body))
        assert_golden("cli/check_too_early.txt", same_every_time(done.out))

    def test_the_same_commit_turns_green_as_data_arrives(
        self, pilot: GatedShop, github: FakeGitHub
    ):
        pilot.days_pass(0.5, Behaviour.QUIET)
        head = propose(pilot, "pilot", "10%")
        number = github.open_pull("change")
        assert check(pilot, github=github).code == 11
        pilot.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
        done = check(pilot, github=github)
        assert done.code == 0, done.out
        states = [status.state for status in github.statuses(head)]
        assert states == ["pending", "failure", "pending", "success"]
        (comment,) = github.comments(number)  # edited in place
        assert "May merge" in comment.body

    def test_a_retreat_is_green_at_once(self, pilot: GatedShop, github: FakeGitHub):
        head = propose(pilot, "pilot", "off")
        github.open_pull("change")
        done = check(pilot, github=github)
        assert done.code == 0, done.out
        status = github.status(head)
        assert status is not None
        assert (status.state, status.description) == ("success", "No gate has to be passed.")

    def test_a_fork_without_secrets_is_red_and_says_why(self, pilot: GatedShop):
        propose(pilot, "pilot", "10%")
        done = pilot.desk.run("check", "--base", "main", env={"DATABASE_URL": None})
        assert done.code == 2
        assert "which is not set" in done.out
        assert "May merge" not in done.out

    def test_a_check_that_breaks_off_leaves_no_pending_status(
        self, pilot: GatedShop, github: FakeGitHub
    ):
        head = propose(pilot, "pilot", "10%")
        github.open_pull("change")
        done = check(pilot, "--base", "nowhere", github=github)
        assert done.code == 2
        status = github.status(head)
        assert status is not None
        assert status.state == "error"

    def test_a_forge_that_takes_no_comment_gets_no_green_status(
        self, pilot: GatedShop, github: FakeGitHub
    ):
        pilot.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
        head = propose(pilot, "pilot", "10%")
        github.open_pull("change")
        github.fail(Fault.FORBIDDEN, method="POST", path="/comments", times=9)
        done = check(pilot, github=github)
        assert done.code != 0
        status = github.status(head)
        assert status is not None
        assert status.state == "error"


class TestFormats:
    def test_json_has_everything(self, pilot: GatedShop):
        pilot.days_pass(0.5, Behaviour.QUIET)
        head = propose(pilot, "pilot", "10%")
        document = check(pilot, "--format", "json").json
        assert document["format"] == "rolloutctl-check/1"
        assert (document["answer"], document["may_merge"]) == ("not_yet", False)
        assert document["head"] == head
        (environment,) = document["environments"]
        (change,) = environment["changes"]
        assert (change["kind"], change["flag"]) == ("audience_moved", FLAG)
        assert environment["plan"]["changed"] > 1
        assert environment["gates"][0]["verdict"] == "insufficient_data"

    def test_a_step_gets_its_summary_and_its_outputs(self, pilot: GatedShop, tmp_path: Path):
        propose(pilot, "pilot", "off")
        summary, outputs = tmp_path / "summary.md", tmp_path / "outputs"
        done = pilot.desk.run(
            "check",
            "--base",
            "main",
            env={"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs)},
        )
        assert done.code == 0
        assert "May merge" in summary.read_text()
        assert "may_merge<<" in outputs.read_text()

    def test_wrong_files_are_annotated_on_their_lines(self, pilot: GatedShop):
        pilot.desk.git("checkout", "--quiet", "-b", "change")
        pilot.desk.edit(f"rollout/{FLAG}.yaml", "phase: pilot\n", "phse: pilot\n")
        pilot.desk.commit("a slip")
        done = check(pilot, "--format", "github")
        assert done.code == 2
        assert f"::error file=rollout/{FLAG}.yaml,line=2" in done.out

    def test_nothing_is_checked_out(self, pilot: GatedShop):
        propose(pilot, "pilot", "off")
        pilot.desk.git("checkout", "--quiet", "main")
        done = check(pilot, "--head", "change")
        assert "retreat: pilot -> off" in done.out
        assert pilot.desk.git("status", "--porcelain") == ""
