"""The fake over its wire; that its shapes are GitHub's is held by every test of the forge."""

import subprocess
from pathlib import Path

import httpx
import pytest

from controller.testing import FakeGitHub, Fault
from controller.testing.fake_github import FakeGitHub as FromItsModule


def _get(github: FakeGitHub, path: str, token: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or github.token}"}
    with httpx.Client(trust_env=False, headers=headers) as client:
        return client.get(f"{github.url}/repos/acme/shop{path}")


def test_what_people_do_is_there() -> None:
    with FakeGitHub() as github:
        number = github.open_pull("change", labels=("rollout",))
        github.comment(number, "looks good", "ada")
        github.post_status(github.head(number), "success", "ci")
        assert _get(github, f"/pulls/{number}").json()["labels"][0]["name"] == "rollout"
        assert [c["user"]["login"] for c in _get(github, f"/issues/{number}/comments").json()] == [
            "ada"
        ]
        assert github.status(github.head(number), "ci").state == "success"
        assert github.status(github.head(number)) is None
        github.close_pull(number, merged=True)
        assert _get(github, f"/pulls/{number}").json()["merged"] is True


def test_a_granted_token_is_somebody_else_with_less() -> None:
    with FakeGitHub() as github:
        token = github.grant("rollout[bot]", {"metadata": "read"})
        assert _get(github, "/rules/branches/main", token).status_code == 200
        assert _get(github, "/pulls", token).status_code == 403
        assert github.grant("rollout[bot]") != token


def test_a_fork_is_another_repository() -> None:
    with FakeGitHub() as github:
        number = github.open_pull("change", fork="mallory/shop", author="mallory")
        shown = _get(github, f"/pulls/{number}").json()
        assert shown["head"]["label"] == "mallory:change"
        assert shown["head"]["repo"]["fork"] is True
        assert shown["base"]["repo"]["full_name"] == "acme/shop"


def test_its_branches_may_be_those_of_a_real_repository(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        command = ["git", "-C", str(tmp_path), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q", "-b", "main")
    git("commit", "--allow-empty", "-m", "first")
    git("checkout", "-q", "-b", "change")
    git("commit", "--allow-empty", "-m", "second")
    with FakeGitHub(git=tmp_path) as github:
        number = github.open_pull("change")
        assert github.head(number) == git("rev-parse", "change")
        git("commit", "--allow-empty", "-m", "third")
        assert github.head(number) == git("rev-parse", "change")
        assert github.head(number) == git("rev-parse", f"refs/pull/{number}/head")
        assert github.branch("main") == git("rev-parse", "main")


@pytest.mark.parametrize(
    ("fault", "status", "header"),
    [
        (Fault.SERVER_ERROR, 500, None),
        (Fault.BAD_GATEWAY, 502, None),
        (Fault.FORBIDDEN, 403, None),
        (Fault.RATE_LIMITED, 429, "retry-after"),
        (Fault.RATE_LIMITED_RESET, 403, "x-ratelimit-reset"),
        (Fault.RATE_LIMITED_BODY, 403, "x-ratelimit-reset"),
        (Fault.RATE_LIMITED_SILENT, 429, None),
    ],
)
def test_faults_are_worded_as_github_words_them(
    fault: Fault, status: int, header: str | None
) -> None:
    with FakeGitHub() as github:
        github.fail(fault)
        reply = _get(github, "/pulls")
        assert reply.status_code == status
        assert header is None or header in reply.headers
        assert github.faults_happened == (fault,)
        assert _get(github, "/pulls").status_code == 200


def test_every_answer_tells_what_remains() -> None:
    with FakeGitHub() as github:
        assert _get(github, "/pulls").headers["x-ratelimit-remaining"] == "4999"


def test_its_name_is_public() -> None:
    assert FakeGitHub is FromItsModule
