"""Trims GitHub's own OpenAPI description to the calls that we make.

    npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json
    python tests/forge/trim_openapi.py package/generated/api.github.com.json

writes `openapi.json` beside this file. Only shapes are kept: no text, no examples.
"""

import json
import sys
from pathlib import Path

REPOSITORY = "/repos/{owner}/{repo}"
OPERATIONS = {
    "/statuses/{sha}": ["post"],
    "/commits/{ref}/statuses": ["get"],
    "/issues/{issue_number}/comments": ["get", "post"],
    "/issues/comments/{comment_id}": ["patch", "delete"],
    "/pulls": ["get", "post"],
    "/pulls/{pull_number}": ["get", "patch"],
    "/git/ref/{ref}": ["get"],
    "/branches/{branch}": ["get"],
    "/rules/branches/{branch}": ["get"],
}
TEXT = {"description", "example", "examples", "title", "summary", "tags", "externalDocs", "links"}


def trimmed(part, *, of_names=False):
    """The part without text; under `properties` and the like every key is a name, and stays."""
    if isinstance(part, list):
        return [trimmed(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: trimmed(value, of_names=key in {"properties", "schemas"} and not of_names)
        for key, value in part.items()
        if of_names or not (key in TEXT or key.startswith("x-"))
    }


def references(part):
    if isinstance(part, list):
        for item in part:
            yield from references(item)
    elif isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)


def main(source):
    whole = json.loads(Path(source).read_text(encoding="utf-8"))
    paths = {
        REPOSITORY + path: {
            method: trimmed(whole["paths"][REPOSITORY + path][method]) for method in methods
        }
        for path, methods in OPERATIONS.items()
    }
    components, wanted = {}, set(references(paths))
    while wanted:
        _, _, kind, name = wanted.pop().split("/")
        if name not in components.setdefault(kind, {}):
            components[kind][name] = trimmed(whole["components"][kind][name])
            wanted |= set(references(components[kind][name]))
    components = {kind: dict(sorted(named.items())) for kind, named in sorted(components.items())}
    info = {
        "title": "GitHub's REST API, the calls of rolloutctl only",
        "version": whole["info"]["version"],
        "source": "npm @octokit/openapi, from github.com/github/rest-api-description",
        "license": "MIT, see openapi.LICENSE",
    }
    result = {
        "openapi": whole["openapi"],
        "info": info,
        "paths": paths,
        "components": components,
    }
    text = json.dumps(result, indent=1)
    Path(__file__).with_name("openapi.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
