"""Every request and every reply, held against GitHub's own description of its API."""

import json
import re
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from controller.testing.fake_server import LoggedRequest

DESCRIPTION = Path(__file__).with_name("openapi.json")
NOT_DESCRIBED = {"/graphql"}  # not part of the REST API
ANYWHERE = {"401", "403", "404", "422"}  # said of any operation, in GitHub's general pages


def _as_json_schema(part):
    """OpenAPI 3.0 writes `nullable` where JSON Schema writes a second type."""
    if isinstance(part, list):
        return [_as_json_schema(item) for item in part]
    if not isinstance(part, dict):
        return part
    done = {key: _as_json_schema(value) for key, value in part.items()}
    if isinstance(done.get("$ref"), str):
        done["$ref"] = f"urn:github{done['$ref']}"
    if done.pop("nullable", None) is True:
        return {"anyOf": [done, {"type": "null"}]}
    return done


@cache
def _description():
    whole = _as_json_schema(json.loads(DESCRIPTION.read_text(encoding="utf-8")))
    resource = Resource(contents=whole, specification=DRAFT202012)
    return whole, Registry().with_resource("urn:github", resource)


def _resolved(part):
    if "$ref" not in part:
        return part
    whole = _description()[0]
    for name in part["$ref"].removeprefix("urn:github#/").split("/"):
        whole = whole[name]
    return whole


@cache
def _routes():
    whole, _ = _description()
    return [
        (method.upper(), _pattern(path), operation)
        for path, item in whole["paths"].items()
        for method, operation in item.items()
    ]


def _pattern(path):
    """Each parameter is one part of the path; a git reference is several."""
    parts = (r".+" if part == "{ref}" else r"[^/]+" for part in re.findall(r"\{\w+\}", path))
    return re.compile(re.sub(r"\{\w+\}", lambda _: next(parts), path))


@cache
def _validator(schema):
    _, registry = _description()
    return Draft202012Validator(json.loads(schema), registry=registry)


def _check(value, schema, what):
    errors = [
        f"{what}: {error.json_path}: {error.message[:200]}"
        for error in _validator(json.dumps(schema)).iter_errors(value)
    ]
    assert not errors, "\n".join(errors)


def _operation(wanted, path):
    for method, pattern, operation in _routes():
        if method == wanted and pattern.fullmatch(path):
            return operation
    raise AssertionError(f"GitHub has no {wanted} {path}")


def check(request: LoggedRequest) -> None:
    """The request is one that GitHub describes, and so is its reply, unless it was spoilt."""
    path = request.path.removeprefix("/api/v3").removeprefix("/api")  # an Enterprise Server's
    if path in NOT_DESCRIBED:
        return
    operation = _operation(request.method, path)
    parameters = [_resolved(parameter) for parameter in operation.get("parameters", [])]
    queries = {p["name"]: p["schema"] for p in parameters if p["in"] == "query"}
    for name, value in request.query.items():
        assert name in queries, f"{request.method} {request.path} has no parameter {name}"
        typed = int(value) if queries[name].get("type") == "integer" else value
        _check(typed, queries[name], f"parameter {name}")
    _check_body(operation, request)
    if request.fault is None and request.status is not None:
        _check_reply(operation, request)


def _check_body(operation, request):
    content = operation.get("requestBody", {}).get("content", {})
    if request.body is None:
        assert not operation.get("requestBody", {}).get("required")
        return
    assert content, f"{request.method} {request.path} takes no body"
    schema = content["application/json"]["schema"]
    _check(request.body, schema, f"body of {request.method} {request.path}")
    unknown = set(request.body) - set(schema["properties"])
    assert not unknown, f"{request.method} {request.path} has no {unknown}"


def _check_reply(operation, request):
    status = str(request.status)
    described = operation["responses"].get(status)
    assert described is not None or status in ANYWHERE, f"{request.path} never answers {status}"
    content = _resolved(described or {}).get("content")
    if content:
        schema = content["application/json"]["schema"]
        _check(request.answer, schema, f"reply of {request.method} {request.path}")
    elif described is not None:
        assert request.answer is None
