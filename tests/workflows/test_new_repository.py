"""A repository that `init` has just written, on GitHub: its workflows run as they are.

The action comes from another repository, this one, by commit; everything else is as in the story.
"""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from controller.cli import run
from controller.http_calls.clock import SystemClock
from controller.testing import FakeGitHub
from tests.cli.desk import Desk
from tests.workflows.act import ACT, REPOSITORY, Ran, Runner

pytestmark = pytest.mark.skipif(ACT is None, reason="act is not installed here")

SOURCE = f"acme/rolloutctl@{'1' * 40}"

_SECRETS = (
    "DATABASE_URL",
    "GATE_DATABASE_URL",
    "STAGING_DATABASE_URL",
    "STAGING_GATE_DATABASE_URL",
)
_ROLLOUT = "rollout/sequential_workflow.yaml"


@dataclass(frozen=True)
class NewRepository:
    """What somebody has pushed who followed docs/github.md."""

    desk: Desk
    github: FakeGitHub
    runner: Runner

    def check(self, number: int) -> Ran:
        """What `pull_request` starts."""
        head, base = self.github.head(number), self.desk.git("rev-parse", "origin/main")
        repository = {"full_name": "acme/shop"}
        pull = {
            "number": number,
            "head": {"sha": head, "ref": "describe", "repo": repository},
            "base": {"sha": base, "ref": "main", "repo": repository},
        }
        said = {"number": number, "pull_request": pull, "repository": repository}
        return self.runner.run("check.yml", "pull_request", said)


@pytest.fixture(params=[(), ("--staging",)], ids=["production", "staging"])
def new(
    request: pytest.FixtureRequest, tmp_path: Path, prisma_database: str
) -> Iterator[NewRepository]:
    root, remote = tmp_path / "rollouts", tmp_path / "origin.git"
    desk = Desk.at(root, prisma_database)
    desk.add_merchants("m01", "m02")
    named = ["--flag", "sequential_workflow", "--owner", "@acme/orders", "--action", SOURCE]
    assert run(["init", str(root), *named, "--pilot", "m01", *request.param]) == 0
    desk.git("init", "--quiet", "--initial-branch=main")
    desk.commit("Begin")
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    desk.git("remote", "add", "origin", str(remote))
    desk.git("push", "--quiet", "origin", "main")
    tool = tmp_path / "tool"  # only what a job needs of it: a runner copies the whole folder
    shutil.copytree(REPOSITORY / ".github/actions", tool / ".github/actions")
    with FakeGitHub(git=remote, clock=SystemClock()) as github:
        secrets = dict.fromkeys(_SECRETS, prisma_database)
        secrets["GITHUB_TOKEN"] = github.token
        given = {k: v for k, v in github.variables().items() if k != "GITHUB_TOKEN"}
        runner = Runner(tmp_path, remote, given, secrets, {SOURCE: tool})
        yield NewRepository(desk, github, runner)


def test_the_first_run_and_the_first_pull_request(new: NewRepository):
    desk = new.desk
    done = new.runner.run("reconcile.yml", "push", {"ref": "refs/heads/main"})
    assert done.code == 0, done.log
    assert desk.sql("SELECT generation FROM rollout.environment") == [(1,)]

    desk.git("checkout", "--quiet", "-b", "describe")
    is_staged = "staging: off" in desk.read(_ROLLOUT)
    off = "production: off" if is_staged else "phase: off"
    desk.edit(_ROLLOUT, off, off.replace("off", "pilot"))
    desk.commit("Begin with the pilot")
    desk.git("push", "--quiet", "origin", "describe")
    number = new.github.open_pull("describe")
    done = new.check(number)
    assert done.code == 0, done.log
    status = new.github.status(new.github.head(number))
    assert status is not None
    assert status.state == "success"
    (comment,) = new.github.comments(number)
    assert "May merge" in comment.body

    desk.git("push", "--quiet", "origin", "describe:main")
    done = new.runner.run("reconcile.yml", "push", {"ref": "refs/heads/main"})
    assert done.code == 0, done.log
    assert desk.sql(
        'SELECT "merchantId" FROM "MerchantConfig" WHERE "enableSequentialWorkflow"'
    ) == [("m01",)]


@pytest.mark.parametrize("private", [True, False])
def test_the_dashboard_is_kept_with_its_run_unless_everybody_could_take_it(
    new: NewRepository,
    private: bool,  # noqa: FBT001 -- a case, by name
):
    said = {"schedule": "27 * * * *", "repository": {"full_name": "acme/shop", "private": private}}
    done = new.runner.run("dashboard.yml", "schedule", said)
    assert done.code == 0, done.log
    kept = new.runner.artifacts / "index.html"
    assert kept.exists() is private
    if private:
        assert "Rollouts of production" in kept.read_text(encoding="utf-8")
    assert not (new.runner.artifacts / "artifact.tar").exists()  # nobody has asked for a web page


def test_what_runs_by_a_schedule_runs(new: NewRepository):
    """On the first day, when nothing has been applied yet, and after it."""
    workflows = ["recheck.yml", "guard.yml", "promote.yml", "tidy.yml", "reconcile.yml"]
    if "staging: off" in new.desk.read(_ROLLOUT):
        workflows.append("reconcile-staging.yml")
    for workflow in (*workflows, *workflows[:4]):
        done = new.runner.run(workflow, "schedule", {"schedule": "*/15 * * * *"})
        assert done.code == 0, f"{workflow}: {done.log}"
    applied = new.desk.sql("SELECT name FROM rollout.environment ORDER BY 1")
    assert applied == [("production",), ("staging",)][: len(workflows) - 4]
