"""GitHub in particular: limits, permissions, lost replies, and the token that nobody sees."""

from collections.abc import Callable

import pytest

from controller.errors import ForgeUnreachable, Refused, RolloutError
from controller.forge.github import GitHubForge
from controller.forge.interface import STATUS_CONTEXT, Forge, Proposal, StatusState
from controller.testing import FakeGitHub, Fault

OpenForge = Callable[..., GitHubForge]
BRANCH = "rolloutctl/promote-flag"
PROPOSAL = Proposal(BRANCH, "main", "Promote flag", "from pilot to 10%")
PASSING = [
    Fault.SERVER_ERROR,
    Fault.BAD_GATEWAY,
    Fault.RATE_LIMITED,
    Fault.RATE_LIMITED_RESET,
    Fault.RATE_LIMITED_BODY,
    Fault.RATE_LIMITED_SILENT,
    Fault.TIMEOUT,
    Fault.RESET,
    Fault.REPLY_LOST,
    Fault.GATEWAY_TIMEOUT,
    Fault.TRUNCATED,
    Fault.WRONG_SHAPE,
]


def everything(forge: Forge, github: FakeGitHub, branch: str) -> None:
    """Each writing call once."""
    number = forge.propose(Proposal(branch, "main", "Promote flag", "x")).pull_request.number
    head = github.head(number)
    forge.set_status(head, StatusState.FAILURE, "12 more runs")
    forge.put_comment(number, "check", "12 more runs")
    forge.required_check("main")


@pytest.mark.parametrize(
    "fault",
    [
        Fault.SERVER_ERROR,
        Fault.RATE_LIMITED_BODY,
        Fault.RESET,
        Fault.REPLY_LOST,
        Fault.TRUNCATED,
        Fault.WRONG_SHAPE,
    ],
)
def test_every_fault_at_every_request_ends_as_without_it(
    fault: Fault, github: FakeGitHub, open_forge: OpenForge
) -> None:
    at, happened = 0, True
    while happened:
        at += 1
        branch = f"{BRANCH}-{at}"
        github.push(branch)
        before = len(github.faults_happened)
        github.fail(fault, at=at)
        try:
            everything(open_forge(), github, branch)
        except ForgeUnreachable:
            github.heal()
            everything(open_forge(), github, branch)  # the run that a scheduler starts
        happened = len(github.faults_happened) > before
        github.heal()
        (pull,) = [pull for pull in github.pulls if pull.head_branch == branch]
        assert github.status(pull.head).state == "failure"
        assert len(github.comments(pull.number)) == 1
    assert at > 10


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault.RATE_LIMITED, 2),
        (Fault.RATE_LIMITED_RESET, 3),
        (Fault.RATE_LIMITED_BODY, 60),
        (Fault.RATE_LIMITED_SILENT, 60),
    ],
)
def test_a_limit_is_waited_for_as_github_asks(
    fault: Fault, seconds: int, github: FakeGitHub, forge: GitHubForge
) -> None:
    number = github.open_pull("change")
    github.fail(fault)
    began = github.clock.time()
    forge.pull_request(number)
    assert github.clock.time() - began == seconds


def test_a_limit_that_stays_is_given_up_with_the_time_to_come_back(
    github: FakeGitHub, forge: GitHubForge
) -> None:
    github.fail(Fault.RATE_LIMITED_BODY, times=None)
    with pytest.raises(ForgeUnreachable, match="limits our rate") as caught:
        forge.open_pull_requests()
    assert caught.value.hint.startswith("run the same command again after ")


PERMISSIONS = {"metadata": "read", "contents": "read", "pull_requests": "read", "statuses": "read"}


@pytest.mark.parametrize(
    ("call", "lacks"),
    [
        (lambda f, sha: f.set_status(sha, StatusState.SUCCESS, ""), "statuses: write"),
        (lambda f, _: f.put_comment(1, "check", "x"), "pull-requests: write"),
        (lambda f, _: f.propose(PROPOSAL), "pull-requests: write"),
    ],
)
def test_a_missing_permission_is_named_as_a_workflow_writes_it(
    call: Callable[[Forge, str], object],
    lacks: str,
    github: FakeGitHub,
    open_forge: OpenForge,
) -> None:
    head = github.head(github.open_pull("change"))
    github.push(BRANCH)
    reader = open_forge(github.grant("github-actions[bot]", PERMISSIONS))
    with pytest.raises(Refused, match="403") as caught:
        call(reader, head)
    assert f"the token lacks `{lacks}`" in caught.value.hint
    assert "permissions:" in caught.value.hint


def test_a_404_says_that_it_may_be_a_permission(github: FakeGitHub, open_forge: OpenForge) -> None:
    number = github.open_pull("change")
    blind = open_forge(github.grant("github-actions[bot]", {}))
    with pytest.raises(Refused, match="404") as caught:
        blind.pull_request(number)
    assert "the token lacks `pull-requests: read` (GitHub answers 404" in caught.value.hint
    assert "acme/shop is not the repository" in caught.value.hint


def test_a_token_that_is_not_valid_is_said(open_forge: OpenForge) -> None:
    with pytest.raises(Refused, match="401") as caught:
        open_forge("ghs_expired12345678").open_pull_requests()
    assert "GITHUB_TOKEN is not valid" in caught.value.hint


def test_a_setting_that_keeps_actions_from_opening_is_named(
    github: FakeGitHub, open_forge: OpenForge
) -> None:
    github.push(BRANCH)
    token = github.grant("github-actions[bot]", None, opens_pulls=False)
    with pytest.raises(Refused, match="not permitted to create") as caught:
        open_forge(token).propose(PROPOSAL)
    assert "Allow GitHub Actions to create and approve pull requests" in caught.value.hint


def test_an_apps_and_a_persons_tokens_work_as_well(
    github: FakeGitHub, open_forge: OpenForge
) -> None:
    for login in ("rollout[bot]", "ada"):
        github.push(f"{BRANCH}-{login[:3]}")
        everything(open_forge(github.grant(login)), github, f"{BRANCH}-{login[:3]}")
    assert [pull.author.login for pull in github.pulls] == ["rollout[bot]", "ada"]


def test_a_long_text_is_cut_and_not_refused(github: FakeGitHub, forge: GitHubForge) -> None:
    github.push(BRANCH)
    long = "x" * 70_000
    for _ in range(2):
        opened = forge.propose(Proposal(BRANCH, "main", long, long)).pull_request
        forge.put_comment(opened.number, "check", long)
        forge.set_status(opened.head, StatusState.FAILURE, long)
    assert len(github.pulls[0].title) == 256
    assert len(github.comments(opened.number)) == len(github.statuses(opened.head)) == 1


def test_a_status_leads_to_the_run_that_found_it(github: FakeGitHub, open_forge: OpenForge) -> None:
    head = github.push("a")
    run = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": "42"}
    open_forge(**run).set_status(head, StatusState.SUCCESS, "")
    assert github.status(head).target_url == "https://github.com/acme/shop/actions/runs/42"


def test_an_enterprise_server_has_its_api_below_a_path(
    github: FakeGitHub, open_forge: OpenForge
) -> None:
    forge = open_forge(GITHUB_API_URL=f"{github.url}/api/v3/")
    head = github.head(github.open_pull("change"))
    for _ in range(2):
        forge.set_status(head, StatusState.SUCCESS, "")
    assert {request.path for request in github.requests} == {
        f"/api/v3/repos/acme/shop/commits/{head}/statuses",
        f"/api/v3/repos/acme/shop/statuses/{head}",
        "/api/graphql",
    }


def test_more_statuses_than_github_keeps_are_said(github: FakeGitHub, forge: GitHubForge) -> None:
    head = github.push("a")
    for _ in range(1_000):
        github.post_status(head, "pending", STATUS_CONTEXT)
    with pytest.raises(Refused, match="maximum number"):
        forge.set_status(head, StatusState.SUCCESS, "")


def test_the_token_shows_itself_nowhere(github: FakeGitHub, open_forge: OpenForge) -> None:
    seen = []
    for fault in (*PASSING, Fault.FORBIDDEN):
        forge = open_forge()
        seen.append(repr(forge) + repr(vars(forge)))
        github.fail(fault, times=None)
        try:
            forge.put_comment(1, "check", "x")
        except RolloutError as error:
            seen.append(f"{error!r} {error.hint} {error.__cause__!r}")
        github.heal()
    assert github.token not in "".join(seen)
    assert all(request.authorized for request in github.requests)
