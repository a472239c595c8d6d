"""Whether GitHub merges into a branch only when a status is green.

A repository can say so in two ways: rulesets, which everybody who sees the repository may read, and
the older branch protection, of which the branch itself shows the required checks.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from controller.forge.github_client import GitHubClient
from controller.forge.interface import RequiredCheck

_ENFORCED: Final = frozenset({"everyone", "non_admins"})
Json = Mapping[str, object]


def required_check(client: GitHubClient, branch: str, context: str) -> RequiredCheck:
    """What requires the status, if anything.

    Raises:
        Refused: There is no such branch, or the token may not see it.
        ForgeUnreachable: There was no answer.
    """
    name = quote(branch, safe="")
    what = f"read the rules of the branch {branch}"
    pages = client.pages(f"/rules/branches/{name}", what, "metadata: read")
    rules = [rule for page in pages for rule in page]
    queue = any(rule.get("type") == "merge_queue" for rule in rules)
    for parameters in _parameters(rules):
        strict = parameters.get("strict_required_status_checks_policy") is True
        for check in _objects(parameters.get("required_status_checks")):
            if _names(check, context):
                app = _app(check.get("integration_id"))
                return RequiredCheck("ruleset", strict, app, queue)
    return _by_protection(client, name, branch, context, queue=queue)


def _by_protection(
    client: GitHubClient, name: str, branch: str, context: str, *, queue: bool
) -> RequiredCheck:
    what = f"read the protection of the branch {branch}"
    told = _object(client.get(f"/branches/{name}", what, "contents: read"))
    checks = _object(_object(told.get("protection")).get("required_status_checks"))
    if checks.get("enforcement_level") not in _ENFORCED:
        return RequiredCheck("", has_merge_queue=queue)
    for check in _objects(checks.get("checks")):
        if _names(check, context):
            app = _app(check.get("app_id"))
            return RequiredCheck("branch protection", only_from_app=app, has_merge_queue=queue)
    contexts = checks.get("contexts")
    named = isinstance(contexts, list) and context in contexts
    return RequiredCheck("branch protection" if named else "", has_merge_queue=queue)


def _parameters(rules: list[Json]) -> Iterator[Json]:
    for rule in rules:
        if rule.get("type") == "required_status_checks":
            yield _object(rule.get("parameters"))


def _names(check: Json, context: str) -> bool:
    return check.get("context") == context


def _app(identifier: object) -> int | None:
    """The app's id; GitHub writes "anybody" as null, or as -1."""
    return identifier if isinstance(identifier, int) and identifier > 0 else None


def _objects(found: object) -> list[Json]:
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _object(found: object) -> Json:
    return found if isinstance(found, dict) else {}
