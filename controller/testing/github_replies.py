"""The fake GitHub's JSON, in the shapes of the real one.

GitHub's own OpenAPI description, trimmed, checks them: tests/forge/contract.py.
"""

from collections.abc import Iterable
from typing import Any, Final

from controller.testing.github_repository import (
    FakeActor,
    FakeComment,
    FakePull,
    FakeRepository,
    FakeStatus,
    Requirement,
)

Json = dict[str, Any]
_API: Final = "https://api.github.com"
_WEB: Final = "https://github.com"
_USER_LINKS: Final = (
    "followers events following gists organizations received_events repos starred subscriptions"
)
_REPOSITORY_LINKS: Final = (
    "archive assignees blobs branches collaborators comments commits compare contents contributors "
    "deployments downloads events forks git_commits git_refs git_tags hooks issue_comment "
    "issue_events issues keys labels languages merges milestones notifications pulls releases "
    "stargazers statuses subscribers subscription tags teams trees"
)


def user(actor: FakeActor) -> Json:
    """A person or a bot."""
    url = f"{_API}/users/{actor.id}"
    links = {f"{name}_url": f"{url}/{name}" for name in _USER_LINKS.split()}
    return {
        "login": actor.login,
        "id": actor.id,
        "node_id": f"U_{actor.id}",
        "avatar_url": f"{_WEB}/avatars/{actor.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{_WEB}/users/{actor.id}",
        "type": actor.kind,
        "site_admin": False,
        **links,
    }


def status(repository: FakeRepository, shown: FakeStatus) -> Json:
    """A commit status."""
    moment = repository.moment(shown.created_at)
    return {
        "url": f"{_repository_url(repository)}/statuses/{shown.commit}",
        "avatar_url": f"{_WEB}/avatars/{shown.creator.id}",
        "id": shown.id,
        "node_id": f"SC_{shown.id}",
        "state": shown.state,
        "description": shown.description,
        "target_url": shown.target_url,
        "context": shown.context,
        "created_at": moment,
        "updated_at": moment,
        "creator": user(shown.creator),
    }


def comment(repository: FakeRepository, shown: FakeComment) -> Json:
    """A comment at a pull request."""
    return {
        "id": shown.id,
        "node_id": f"IC_{shown.id}",
        "url": f"{_repository_url(repository)}/issues/comments/{shown.id}",
        "html_url": f"{_page(repository, shown.number)}#issuecomment-{shown.id}",
        "issue_url": f"{_repository_url(repository)}/issues/{shown.number}",
        "body": shown.body,
        "user": user(shown.author),
        "created_at": repository.moment(shown.created_at),
        "updated_at": repository.moment(shown.updated_at),
        "author_association": "NONE",
        "performed_via_github_app": None,
    }


def listed_pull(repository: FakeRepository, shown: FakePull) -> Json:
    """A pull request in a list."""
    closed = None if shown.state == "open" else repository.moment(shown.updated_at)
    merged = None if shown.merged_at is None else repository.moment(shown.merged_at)
    return {
        **_pull_links(repository, shown),
        "id": 10_000 + shown.number,
        "node_id": f"PR_{shown.number}",
        "number": shown.number,
        "state": shown.state,
        "locked": False,
        "title": shown.title,
        "user": user(shown.author),
        "body": shown.body,
        "labels": [_label(name) for name in shown.labels],
        "milestone": None,
        "created_at": repository.moment(shown.created_at),
        "updated_at": repository.moment(shown.updated_at),
        "closed_at": closed,
        "merged_at": merged,
        "merge_commit_sha": None,
        "assignee": None,
        "head": _end(repository, shown.head_branch, shown.head, shown.fork),
        "base": _end(repository, shown.base_branch, shown.base),
        "author_association": "NONE",
        "auto_merge": None,
        "draft": shown.is_draft,
    }


def _pull_links(repository: FakeRepository, shown: FakePull) -> Json:
    """The addresses of a pull request, each of them twice, as at GitHub."""
    url = f"{_repository_url(repository)}/pulls/{shown.number}"
    issue = f"{_repository_url(repository)}/issues/{shown.number}"
    page = _page(repository, shown.number)
    links = {
        "html_url": page,
        "issue_url": issue,
        "comments_url": f"{issue}/comments",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": f"{url}/comments{{/number}}",
        "commits_url": f"{url}/commits",
        "statuses_url": f"{_repository_url(repository)}/statuses/{shown.head}",
    }
    named = {name.removesuffix("_url"): {"href": link} for name, link in links.items()}
    return {
        **links,
        "url": url,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "_links": {"self": {"href": url}, **named},
    }


def pull(repository: FakeRepository, shown: FakePull) -> Json:
    """A pull request that was asked for alone, or was just written."""
    mergeable, state = repository.merge_state(shown)
    return {
        **listed_pull(repository, shown),
        "merged": shown.merged_at is not None,
        "mergeable": mergeable,
        "mergeable_state": state,
        "merged_by": None,
        "comments": sum(c.number == shown.number for c in repository.comments.values()),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": 1,
        "additions": 1,
        "deletions": 1,
        "changed_files": 1,
    }


def ref(repository: FakeRepository, branch: str, commit: str) -> Json:
    """A git reference to a branch."""
    url = _repository_url(repository)
    return {
        "ref": f"refs/heads/{branch}",
        "node_id": f"REF_{commit[:8]}",
        "url": f"{url}/git/refs/heads/{branch}",
        "object": {"type": "commit", "sha": commit, "url": f"{url}/git/commits/{commit}"},
    }


def branch(repository: FakeRepository, name: str, commit: str) -> Json:
    """A branch with what protects it."""
    url = f"{_repository_url(repository)}/branches/{name}"
    wanted = [
        requirement
        for requirement in repository.requirements
        if requirement.by == "branch protection" and requirement.branch == name
    ]
    return {
        "name": name,
        "commit": _commit(repository, commit),
        "_links": {"html": f"{_WEB}/{repository.name}/tree/{name}", "self": url},
        "protected": bool(wanted),
        "protection": {
            "enabled": bool(wanted),
            "required_status_checks": {
                "enforcement_level": "non_admins" if wanted else "off",
                "contexts": [requirement.context for requirement in wanted],
                "checks": [{"context": r.context, "app_id": r.app} for r in wanted],
            },
        },
        "protection_url": f"{url}/protection",
    }


def rules(repository: FakeRepository, name: str) -> list[Json]:
    """The rules that hold for a branch."""
    source = {
        "ruleset_source_type": "Repository",
        "ruleset_source": repository.name,
        "ruleset_id": 42,
    }
    wanted = [r for r in repository.requirements if r.by == "ruleset" and r.branch == name]
    found: list[Json] = [{"type": "deletion", **source}] if wanted else []
    if wanted:
        found.append({"type": "required_status_checks", "parameters": _checks(wanted), **source})
    if name in repository.merge_queues:
        found.append({"type": "merge_queue", "parameters": _QUEUE, **source})
    return found


def viewer(actor: FakeActor) -> Json:
    """GraphQL's answer to who asks."""
    return {"data": {"viewer": {"login": actor.login, "databaseId": actor.id}}}


def error(status_code: int, message: str, details: Iterable[Any] = ()) -> Json:
    """A refusal."""
    reply: Json = {
        "message": message,
        "documentation_url": "https://docs.github.com/rest",
        "status": str(status_code),
    }
    if found := [dict(detail) for detail in details]:
        reply["errors"] = found
    return reply


_QUEUE: Final[Json] = {
    "check_response_timeout_minutes": 60,
    "grouping_strategy": "ALLGREEN",
    "max_entries_to_build": 5,
    "max_entries_to_merge": 5,
    "merge_method": "SQUASH",
    "min_entries_to_merge": 1,
    "min_entries_to_merge_wait_minutes": 5,
}


def _checks(wanted: list[Requirement]) -> Json:
    checks: list[Json] = []
    for requirement in wanted:
        named: Json = {"context": requirement.context}
        if requirement.app is not None:
            named["integration_id"] = requirement.app
        checks.append(named)
    return {
        "required_status_checks": checks,
        "strict_required_status_checks_policy": any(r.strict for r in wanted),
    }


def _end(repository: FakeRepository, name: str, commit: str, fork: str | None = None) -> Json:
    """One end of a pull request."""
    full_name = fork or repository.name
    owner = FakeActor(9_000 if fork else 8_000, full_name.partition("/")[0])
    return {
        "label": f"{owner.login}:{name}",
        "ref": name,
        "sha": commit,
        "user": user(owner),
        "repo": _whole_repository(full_name, owner, is_fork=fork is not None),
    }


def _whole_repository(full_name: str, owner: FakeActor, *, is_fork: bool) -> Json:
    url = f"{_API}/repos/{full_name}"
    numbers = "forks forks_count open_issues open_issues_count size stargazers_count watchers"
    switches = "archived disabled has_issues has_pages has_projects has_wiki has_discussions"
    return {
        "id": owner.id,
        "node_id": f"R_{owner.id}",
        "name": full_name.partition("/")[2],
        "full_name": full_name,
        "owner": user(owner),
        "private": not is_fork,
        "fork": is_fork,
        "url": url,
        "html_url": f"{_WEB}/{full_name}",
        "clone_url": f"{_WEB}/{full_name}.git",
        "git_url": f"git://github.com/{full_name}.git",
        "ssh_url": f"git@github.com:{full_name}.git",
        "svn_url": f"{_WEB}/{full_name}",
        "default_branch": "main",
        "has_downloads": False,
        "watchers_count": 0,
        **dict.fromkeys(["description", "homepage", "language", "license", "mirror_url"]),
        **dict.fromkeys(["created_at", "pushed_at", "updated_at"], "2026-01-01T00:00:00Z"),
        **dict.fromkeys(numbers.split(), 0),
        **dict.fromkeys(switches.split(), False),
        **{f"{name}_url": f"{url}/{name}" for name in _REPOSITORY_LINKS.split()},
    }


def _commit(repository: FakeRepository, commit: str) -> Json:
    url = f"{_repository_url(repository)}/commits/{commit}"
    person = {"name": "Ada", "email": "ada@example.com", "date": "2026-01-01T00:00:00Z"}
    return {
        "url": url,
        "sha": commit,
        "node_id": f"C_{commit[:8]}",
        "html_url": f"{_WEB}/{repository.name}/commit/{commit}",
        "comments_url": f"{url}/comments",
        "commit": {
            "url": url,
            "author": person,
            "committer": person,
            "message": "a commit",
            "comment_count": 0,
            "tree": {"sha": commit, "url": url},
        },
        "author": None,
        "committer": None,
        "parents": [],
    }


def _label(name: str) -> Json:
    return {
        "id": 1,
        "node_id": "L_1",
        "url": f"{_API}/labels/1",
        "name": name,
        "description": "",
        "color": "ededed",
        "default": False,
    }


def _repository_url(repository: FakeRepository) -> str:
    return f"{_API}/repos/{repository.name}"


def _page(repository: FakeRepository, number: int) -> str:
    return f"{_WEB}/{repository.name}/pull/{number}"
