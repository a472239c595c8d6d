import json

import pytest

from controller.testing import FakeClock
from controller.testing.vercel_api import ApiReply, VercelApi
from controller.testing.vercel_project import FakeProject

TEAM = {"teamId": "team_1"}
CREATE = {"key": "A", "value": "1", "type": "plain", "target": ["production"]}


@pytest.fixture
def api() -> VercelApi:
    project = FakeProject("shop", FakeClock(), build_seconds=0, alias_seconds=0)
    return VercelApi(project, "token", "team_1", "acme", page_size=2)


def _ask(
    api: VercelApi,
    method: str,
    path: str,
    body: object = None,
    query: dict[str, str] | None = None,
    token: str = "token",
) -> ApiReply:
    content = b"" if body is None else json.dumps(body).encode()
    return api.answer(method, path, TEAM | (query or {}), f"Bearer {token}", content)


def _code(reply: ApiReply) -> tuple[int, str]:
    return reply.status, reply.body["error"]["code"]


def test_only_the_token_opens(api: VercelApi) -> None:
    assert _code(_ask(api, "GET", "/v10/projects/shop/env", token="other")) == (403, "forbidden")
    reply = api.answer("GET", "/v10/projects/shop/env", TEAM, "", b"")
    assert _code(reply) == (403, "forbidden")


def test_the_team_must_be_given(api: VercelApi) -> None:
    def status(query: dict[str, str]) -> int:
        return api.answer("GET", "/v10/projects/shop/env", query, "Bearer token", b"").status

    assert [status({}), status({"teamId": "other"}), status({"slug": "acme"}), status(TEAM)] == [
        404,
        403,
        200,
        200,
    ]


@pytest.mark.parametrize("path", ["/v10/projects/other/env", "/v3/projects/shop/env", "/", "/x"])
def test_what_is_not_there_is_not_found(api: VercelApi, path: str) -> None:
    assert _code(_ask(api, "GET", path)) == (404, "not_found")


def test_a_list_has_pages(api: VercelApi) -> None:
    for number in range(5):
        _ask(api, "POST", "/v10/projects/shop/env", {**CREATE, "key": f"K{number}"})
    seen: list[str] = []
    query: dict[str, str] = {}
    sizes = []
    while True:
        body = _ask(api, "GET", "/v10/projects/shop/env", query=query).body
        seen += [entry["key"] for entry in body["envs"]]
        sizes.append(body["pagination"]["count"])
        if body["pagination"]["next"] is None:
            break
        query = {"until": str(body["pagination"]["next"])}
    assert seen == ["K4", "K3", "K2", "K1", "K0"]
    assert sizes == [2, 2, 1]


@pytest.mark.parametrize(
    ("kind", "listed_in_clear", "alone"),
    [("plain", True, "1"), ("encrypted", False, "1"), ("sensitive", False, None)],
)
def test_values_are_shown_by_their_type(
    api: VercelApi, kind: str, listed_in_clear: object, alone: str | None
) -> None:
    created = _ask(api, "POST", "/v10/projects/shop/env", {**CREATE, "type": kind})
    identifier = created.body["created"]["id"]
    (listed,) = _ask(api, "GET", "/v10/projects/shop/env").body["envs"]
    assert (listed["value"] == "1") is listed_in_clear
    shown = _ask(api, "GET", f"/v1/projects/shop/env/{identifier}").body
    assert shown.get("value") == alone


def test_the_old_way_to_decrypt_a_list(api: VercelApi) -> None:
    _ask(api, "POST", "/v10/projects/shop/env", {**CREATE, "type": "encrypted"})
    body = _ask(api, "GET", "/v10/projects/shop/env", query={"decrypt": "true"}).body
    assert [entry["value"] for entry in body["envs"]] == ["1"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {**CREATE, "key": ""},
        {"key": "A", "type": "plain", "target": ["production"]},
        {**CREATE, "type": "public"},
        {**CREATE, "type": None},
        {**CREATE, "target": []},
        {**CREATE, "target": "production"},
        {**CREATE, "target": ["staging"]},
    ],
)
def test_a_malformed_creation_is_refused(api: VercelApi, body: object) -> None:
    assert _code(_ask(api, "POST", "/v10/projects/shop/env", body)) == (400, "bad_request")
    assert api.project.variables == {}


def test_editing_changes_what_is_given(api: VercelApi) -> None:
    created = _ask(api, "POST", "/v10/projects/shop/env", CREATE)
    path = f"/v9/projects/shop/env/{created.body['created']['id']}"
    edited = _ask(api, "PATCH", path, {"value": "2", "target": ["preview"]})
    assert (edited.status, edited.body["value"], edited.body["target"]) == (200, "2", ["preview"])
    assert _ask(api, "PATCH", path, {"unknown": 1}).status == 400
    assert _ask(api, "PATCH", path, {"type": "public"}).status == 400
    assert _ask(api, "PATCH", f"{path}x", {"value": "2"}).status == 404
    assert _ask(api, "DELETE", path).status == 200
    assert _ask(api, "DELETE", path).status == 404


def test_deployments_are_filtered(api: VercelApi) -> None:
    live = api.project.deploy()
    api.project.deploy(target="preview")
    failed = api.project.deploy(outcome="ERROR")

    def found(**query: str) -> list[str]:
        reply = _ask(api, "GET", "/v7/deployments", query={"projectId": "shop", **query})
        return [entry["uid"] for entry in reply.body["deployments"]]

    assert found(target="production") == [failed.id, live.id]
    assert found(target="production", state="READY") == [live.id]
    assert found(target="production", limit="1") == [failed.id]
    assert len(found()) == 3
    assert found(projectId="other") == []


@pytest.mark.parametrize("body", [None, {}, {"name": "shop"}, {"deploymentId": "x"}])
def test_a_malformed_deployment_is_refused(api: VercelApi, body: object) -> None:
    assert _ask(api, "POST", "/v13/deployments", body).status == 400


def test_broken_json_is_refused(api: VercelApi) -> None:
    reply = api.answer("POST", "/v13/deployments", TEAM, "Bearer token", b"{")
    assert _code(reply) == (400, "bad_request")
