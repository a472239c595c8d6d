"""What a forge's jobs do, against a fake GitHub in front of a real git remote."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.demo.company import Behaviour
from controller.testing import FakeGitHub
from tests.cli.desk import FLAG, Done
from tests.cli.gated_shop import GatedShop
from tests.cli.test_gate import BUSY


def remote_of(shop: GatedShop, folder: Path) -> Path:
    """A bare repository as the shop's origin, with everything of `main` in it."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    shop.desk.git("remote", "add", "origin", str(folder))
    push(shop, "main")
    return folder


def push(shop: GatedShop, branch: str) -> None:
    shop.desk.git("push", "--quiet", "origin", branch)
    shop.desk.git("fetch", "--quiet", "origin")


@pytest.fixture
def github(pilot: GatedShop, tmp_path: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub(git=remote_of(pilot, tmp_path / "origin.git")) as fake:
        yield fake


def run(shop: GatedShop, github: FakeGitHub, *arguments: str) -> Done:
    return shop.desk.run(*arguments, env=github.variables())


def on_rollback(shop: GatedShop, what: str) -> None:
    """Let the environment say what the guard does."""
    path = "rollout/environments/test.yaml"
    shop.desk.write(path, f"{shop.desk.read(path)}on_rollback: {what}\n")
    shop.desk.commit(f"on rollback: {what}")
    push(shop, "main")


def harm(shop: GatedShop) -> None:
    """The rollout is at 10%, and half of its runs fail."""
    shop.days_pass(1, Behaviour.QUIET)
    shop.advance("pilot", "10%")
    push(shop, "main")
    shop.days_pass(2, Behaviour.FAILING, pace=BUSY)


class TestPromote:
    def test_it_opens_one_pull_request_that_is_judged_at_once(
        self, pilot: GatedShop, github: FakeGitHub
    ):
        pilot.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
        first = run(pilot, github, "promote", FLAG, "--open-pr")
        assert first.code == 0, first.err
        assert "pull request opened: " in first.out
        again = run(pilot, github, "promote", FLAG, "--open-pr")
        assert again.code == 0, again.err
        assert "pull request brought up to date: " in again.out
        (opened,) = github.pulls
        status = github.status(github.head(opened.number))
        assert status is not None
        assert status.state == "success"
        (comment,) = github.comments(opened.number)
        assert "May merge" in comment.body
        assert opened.title == f"Promote {FLAG} from pilot to 10% in test"
        assert "goes from <code>pilot</code> to <code>10%</code>" in opened.body

    def test_it_is_red_while_the_gate_holds(self, pilot: GatedShop, github: FakeGitHub):
        pilot.days_pass(0.5, Behaviour.QUIET)
        assert run(pilot, github, "promote", FLAG, "--open-pr").code == 0
        (opened,) = github.pulls
        status = github.status(github.head(opened.number))
        assert status is not None
        assert status.state == "failure"


class TestRecheck:
    def test_a_red_pull_request_turns_green_as_data_arrives(
        self, pilot: GatedShop, github: FakeGitHub
    ):
        pilot.days_pass(0.5, Behaviour.QUIET)
        run(pilot, github, "promote", FLAG, "--open-pr")
        (opened,) = github.pulls
        red = run(pilot, github, "recheck")
        assert red.code == 0, red.err
        assert "May not merge yet" in red.out
        pilot.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
        green = run(pilot, github, "recheck")
        assert "May merge" in green.out, green.out
        status = github.status(github.head(opened.number))
        assert status is not None
        assert status.state == "success"

    def test_and_red_again_when_the_data_turns(self, pilot: GatedShop, github: FakeGitHub):
        pilot.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
        run(pilot, github, "promote", FLAG, "--open-pr")
        pilot.days_pass(1, Behaviour.FAILING, pace=BUSY)
        done = run(pilot, github, "recheck")
        assert "May not merge" in done.out
        status = github.status(github.head(1))
        assert status is not None
        assert status.state == "failure"

    def test_a_fork_is_never_green(self, pilot: GatedShop, github: FakeGitHub):
        pilot.desk.git("checkout", "--quiet", "-b", "theirs")
        pilot.desk.promote("pilot", "off")
        pilot.desk.git("push", "--quiet", "origin", "theirs:mallory/shop/theirs")
        pilot.desk.git("checkout", "--quiet", "main")
        number = github.open_pull("theirs", fork="mallory/shop")
        done = run(pilot, github, "recheck")
        assert "from a fork" in done.out
        status = github.status(github.head(number))
        assert status is not None
        assert status.state == "failure"


class TestGuard:
    def test_nothing_is_done_while_nothing_is_proven(self, pilot: GatedShop, github: FakeGitHub):
        on_rollback(pilot, "halt_and_open_revert")
        pilot.days_pass(0.5, Behaviour.QUIET)
        done = run(pilot, github, "guard")
        assert done.code == 0, done.out
        assert "INSUFFICIENT DATA" in done.out
        assert github.pulls == ()

    def test_report_only_says_it(self, pilot: GatedShop, tmp_path: Path):
        remote_of(pilot, tmp_path / "origin.git")
        harm(pilot)
        done = pilot.desk.run("guard", "--report-only")
        assert done.code == 12, done.out
        assert done.out.startswith("ROLLBACK")
        assert len(pilot.desk.on()) > 1

    def test_a_revert_is_opened_once_and_is_green(self, pilot: GatedShop, github: FakeGitHub):
        on_rollback(pilot, "open_revert")
        harm(pilot)
        first = run(pilot, github, "guard")
        assert first.code == 12, first.err
        assert "was opened" in first.out
        assert "is open already" in run(pilot, github, "guard").out
        (opened,) = github.pulls
        status = github.status(github.head(opened.number))
        assert status is not None
        assert status.state == "success"
        assert len(pilot.desk.on()) > 1, "nobody is turned off before it is merged"

    def test_the_halt_comes_first_and_only_once(self, pilot: GatedShop, github: FakeGitHub):
        on_rollback(pilot, "halt_and_open_revert")
        harm(pilot)
        first = run(pilot, github, "guard", "--format", "json")
        assert first.code == 12, first.err
        (found,) = first.json["flags"]
        assert found["halted"]
        assert found["pull_request"]
        assert pilot.desk.on() == set()
        assert len(github.pulls) == 1
        assert run(pilot, github, "guard").code == 12
        assert len(github.pulls) == 1

    def test_a_forge_that_is_down_keeps_nothing_from_being_halted(
        self, pilot: GatedShop, github: FakeGitHub
    ):
        on_rollback(pilot, "halt_and_open_revert")
        harm(pilot)
        variables = github.variables() | {"GITHUB_API_URL": "http://127.0.0.1:9"}
        done = pilot.desk.run("guard", env=variables)
        assert done.code == 12
        assert pilot.desk.on() == set()
        assert "not done: " in done.out
        assert run(pilot, github, "guard").code == 12, "the next run opens what this one could not"
        assert len(github.pulls) == 1

    def test_a_proof_that_cannot_be_read_hides_none_that_can(
        self, pilot: GatedShop, github: FakeGitHub
    ):
        on_rollback(pilot, "halt_and_open_revert")
        harm(pilot)
        assert pilot.desk.run("guard").code == 12
        pilot.desk.sql(
            "INSERT INTO rollout.evidence "
            "(id, environment, flag, phase, verdict, judged_at, actor, document) "
            "SELECT 'ff', environment, flag, phase, verdict, now(), actor, '{}' "
            "FROM rollout.evidence WHERE verdict = 'rollback' LIMIT 1"
        )
        assert run(pilot, github, "guard").code == 12
        assert len(github.pulls) == 1

    def test_a_job_without_a_token_halts_all_the_same(self, pilot: GatedShop, github: FakeGitHub):
        on_rollback(pilot, "halt_and_open_revert")
        harm(pilot)
        done = pilot.desk.run("guard")
        assert done.code == 12
        assert pilot.desk.on() == set()
        assert "not done: " in done.out
        assert github.pulls == ()


def test_the_whole_way_back(pilot: GatedShop, github: FakeGitHub):
    """The guard opens the revert; merged and reconciled, the others lose it and the pilot stays."""
    on_rollback(pilot, "open_revert")
    harm(pilot)
    run(pilot, github, "guard")
    (opened,) = github.pulls
    pilot.desk.git("merge", "--quiet", "--no-ff", "--no-edit", github.head(opened.number))
    assert pilot.desk.run("reconcile").code == 0
    assert pilot.desk.on() == {pilot.pilot}
