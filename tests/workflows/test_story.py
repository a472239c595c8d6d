"""The life of a rollout on GitHub, through the workflow files themselves.

Real workflow files run by `act`, a real git remote, a real PostgreSQL; GitHub and Vercel are fakes
on loopback, and what goes over GitHub's wire is held against its own description.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from controller.demo.company import Behaviour
from controller.http_calls.clock import SystemClock
from controller.testing import FakeGitHub, FakeVercel
from tests.cli.desk import FLAG
from tests.cli.gated_shop import GatedShop
from tests.cli.test_check import same_every_time
from tests.cli.test_gate import BUSY
from tests.cli.test_stale import grown_old
from tests.forge.contract import check as hold_against_description
from tests.golden_files import assert_golden
from tests.workflows.act import ACT, REPOSITORY, Ran, Runner

pytestmark = pytest.mark.skipif(ACT is None, reason="act is not installed here")


@dataclass(frozen=True)
class Stage:
    """The shop, its remote and both fakes."""

    shop: GatedShop
    github: FakeGitHub
    vercel: FakeVercel
    runner: Runner

    def push(self, branch: str = "main") -> str:
        """Push what the desk has; its head."""
        self.shop.desk.git("push", "--quiet", "origin", branch)
        return self.shop.desk.git("rev-parse", branch)

    def merge(self, number: int) -> None:
        """Merge a pull request as GitHub's button does."""
        desk = self.shop.desk
        desk.git("checkout", "--quiet", "main")
        desk.git("fetch", "--quiet", "origin", f"refs/pull/{number}/head")
        desk.git("merge", "--quiet", "--no-ff", "--no-edit", "FETCH_HEAD")
        self.push()
        self.github.close_pull(number, merged=True)

    def check(self, number: int) -> Ran:
        """What `pull_request` starts."""
        (pull,) = (p for p in self.github.pulls if p.number == number)
        head, base = self.github.head(number), self.shop.desk.git("rev-parse", "origin/main")
        repository = {"full_name": "acme/shop"}
        return self.runner.run(
            "check.yml",
            "pull_request",
            {
                "number": number,
                "pull_request": {
                    "number": number,
                    "title": pull.title,
                    "head": {"sha": head, "ref": pull.head_branch, "repo": repository},
                    "base": {"sha": base, "ref": "main", "repo": repository},
                },
                "repository": repository,
            },
        )

    def scheduled(self, workflow: str) -> Ran:
        """What the schedule starts."""
        return self.runner.run(workflow, "schedule", {"schedule": "*/15 * * * *"})

    def status(self, number: int) -> tuple[str, str]:
        found = self.github.status(self.github.head(number))
        assert found is not None
        return found.state, found.description

    def comment(self, number: int) -> str:
        (found,) = self.github.comments(number)
        return found.body


@pytest.fixture
def stage(shop: GatedShop, tmp_path: Path) -> Iterator[Stage]:
    remote = tmp_path / "origin.git"
    desk = shop.desk
    with FakeVercel(clock=SystemClock(), build_seconds=0.1, alias_seconds=0.1) as vercel:
        desk.write("rollout/environments/production.yaml", _environment(vercel))
        (desk.root / "rollout/environments/test.yaml").unlink()
        shutil.copytree(REPOSITORY / ".github", desk.root / ".github")
        desk.commit("Let GitHub Actions run it")
        desk.git("init", "--quiet", "--bare", str(remote))
        desk.git("remote", "add", "origin", str(remote))
        desk.git("push", "--quiet", "origin", "main")
        vercel.deploy()
        with FakeGitHub(git=remote, clock=SystemClock()) as github:
            secrets = {
                "DATABASE_URL": desk.url,
                "GATE_DATABASE_URL": desk.url,
                "VERCEL_TOKEN": vercel.token,
                "GITHUB_TOKEN": github.token,
            }
            given = {k: v for k, v in github.variables().items() if k != "GITHUB_TOKEN"}
            yield Stage(shop, github, vercel, Runner(tmp_path, remote, given, secrets))
        for request in github.requests:
            hold_against_description(request)


def _environment(vercel: FakeVercel) -> str:
    options = ", ".join(f'{name}: "{value}"' for name, value in vercel.options().items())
    return (
        "name: production\n"
        "database: {schema: managed}\n"
        f"deploy_env: {{adapter: vercel, options: {{{options}}}}}\n"
        "guardrails: {max_changed_percent: off}\n"
        "on_rollback: open_revert\n"
    )


def test_the_life_of_a_rollout(stage: Stage):
    shop = stage.shop

    # The pilot is merged already; reconcile applies it to the database and to Vercel.
    done = stage.runner.run("reconcile.yml", "push", {"ref": "refs/heads/main"})
    assert done.code == 0, done.log
    assert shop.desk.on() == {shop.pilot}
    assert {v.key for v in stage.vercel.variables} == {"NEW_CHECKOUT"}

    # A promotion too early: the comment says what it would take, and the status is red.
    shop.days_pass(0.5, Behaviour.QUIET)
    shop.desk.git("checkout", "--quiet", "-b", "ten-percent")
    shop.desk.promote("pilot", "10%")
    stage.push("ten-percent")
    promotion = stage.github.open_pull("ten-percent", title="To 10%; $(touch /tmp/owned) `x`")
    early = stage.check(promotion)
    assert early.code != 0
    state, description = stage.status(promotion)
    assert (state, "3 more matured runs" in description) == ("failure", True)
    kept = json.loads((stage.runner.artifacts / "rollout-check.json").read_text())
    assert (kept["answer"], kept["may_merge"]) == ("not_yet", False)
    assert_golden("workflows/comment_too_early.md", same_every_time(stage.comment(promotion)))

    # The data arrives, and the schedule turns it green without another push.
    shop.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
    done = stage.scheduled("recheck.yml")
    assert done.code == 0, done.log
    assert stage.status(promotion)[0] == "success"
    assert "May merge" in stage.comment(promotion)

    # It is merged, and reconcile applies it.
    stage.merge(promotion)
    done = stage.runner.run("reconcile.yml", "push", {"ref": "refs/heads/main"})
    assert done.code == 0, done.log
    cohort = shop.desk.on()
    assert len(cohort) > 10

    # The new way fails; the guard opens the revert, which is green at once.
    shop.days_pass(2, Behaviour.FAILING, pace=BUSY)
    done = stage.scheduled("guard.yml")
    assert done.code != 0, "a rollback makes the job red"
    revert = max(pull.number for pull in stage.github.pulls)
    assert revert != promotion
    assert stage.status(revert)[0] == "success"
    assert stage.scheduled("guard.yml").code != 0
    assert max(pull.number for pull in stage.github.pulls) == revert, "opened once"

    # Merged, and reconcile turns the merchants off again.
    stage.merge(revert)
    done = stage.runner.run("reconcile.yml", "push", {"ref": "refs/heads/main"})
    assert done.code == 0, done.log
    assert shop.desk.on() == {shop.pilot}


def test_a_promotion_opens_by_itself_and_is_never_merged(stage: Stage):
    shop = stage.shop
    assert stage.runner.run("reconcile.yml", "push", {"ref": "refs/heads/main"}).code == 0
    shop.days_pass(0.5, Behaviour.QUIET)
    done = stage.scheduled("promote.yml")
    assert done.code == 0, done.log
    assert stage.github.pulls == ()
    shop.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
    for _ in range(2):
        done = stage.scheduled("promote.yml")
        assert done.code == 0, done.log
    (opened,) = stage.github.pulls
    assert opened.state == "open"
    assert stage.status(opened.number)[0] == "success"
    assert shop.desk.on() == {shop.pilot}


def test_tidy_removes_what_is_finished_and_nothing_while_nobody_says_where_the_code_is(
    stage: Stage,
):
    desk, github = stage.shop.desk, stage.github
    desk.promote("pilot", "off")
    stage.push()
    assert stage.runner.run("reconcile.yml", "push", {"ref": "refs/heads/main"}).code == 0
    grown_old(desk)
    assert stage.scheduled("tidy.yml").code == 0
    assert github.pulls == ()
    here = {"APP_REPOSITORY": github.variables()["GITHUB_REPOSITORY"]}
    runner = replace(stage.runner, settings=here)
    for _ in range(2):
        done = runner.run("tidy.yml", "schedule", {"repository": {"full_name": "acme/shop"}})
        assert done.code == 0, done.log
    (opened,) = github.pulls
    assert opened.title == f"Remove the finished flag {FLAG}", done.log
    assert stage.status(opened.number)[0] == "success"


def test_a_merge_queue_is_judged_afresh(stage: Stage):
    shop = stage.shop
    assert stage.runner.run("reconcile.yml", "push", {"ref": "refs/heads/main"}).code == 0
    shop.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
    queue = "gh-readonly-queue/main/pr-1"
    base = shop.desk.git("rev-parse", "main")
    shop.desk.git("checkout", "--quiet", "-b", queue)
    shop.desk.promote("pilot", "10%")
    head = stage.push(queue)
    group = {"base_sha": base, "head_sha": head, "head_ref": f"refs/heads/{queue}"}
    event = {"action": "checks_requested", "merge_group": group}
    done = stage.runner.run("check.yml", "merge_group", event)
    assert done.code == 0, done.log
    status = stage.github.status(head)
    assert status is not None
    assert status.state == "success"


def test_a_head_is_never_run(stage: Stage, tmp_path: Path):
    """Neither its workflow, nor its action, nor anything it brings: the base's are used."""
    shop, owned = stage.shop, tmp_path / "owned"
    assert stage.runner.run("reconcile.yml", "push", {"ref": "refs/heads/main"}).code == 0
    shop.days_pass(0.5, Behaviour.QUIET)
    shop.desk.git("checkout", "--quiet", "-b", "evil")
    shop.desk.promote("pilot", "10%")
    action = shop.desk.root / ".github/actions/rolloutctl/action.yml"
    action.write_text(
        "runs: {using: composite, steps: [{shell: bash, run: 'touch " + str(owned) + "'}]}\n"
    )
    (shop.desk.root / "sitecustomize.py").write_text(f"open({str(owned)!r}, 'w')\n")
    shop.desk.commit("evil")
    stage.push("evil")
    number = stage.github.open_pull("evil")
    assert stage.check(number).code != 0
    assert stage.status(number)[0] == "failure"
    assert not owned.exists()


def test_no_secret_is_in_any_log(stage: Stage):
    ran = [
        stage.runner.run("reconcile.yml", "push", {"ref": "refs/heads/main"}),
        stage.scheduled("guard.yml"),
        stage.scheduled("recheck.yml"),
    ]
    for secret in (stage.vercel.token, stage.github.token):
        assert all(secret not in one.log for one in ran)


def test_a_fork_gets_no_green(stage: Stage):
    shop = stage.shop
    shop.desk.git("checkout", "--quiet", "-b", "theirs")
    shop.desk.promote("pilot", "off")
    shop.desk.git("push", "--quiet", "origin", "theirs:mallory/shop/theirs")
    number = stage.github.open_pull("theirs", fork="mallory/shop")
    stage.scheduled("recheck.yml")
    assert stage.status(number)[0] == "failure"
    assert FLAG in shop.desk.read(f"rollout/{FLAG}.yaml")
