import contextlib
import json
from collections.abc import Iterator

import pytest

from controller.deploy_env.vercel_client import Conflict, VercelClient
from controller.deploy_env.vercel_options import VercelOptions
from controller.errors import DeployEnvUnreachable, Refused
from controller.http_calls.caller import Patience
from controller.http_calls.secret import Redactor
from controller.testing import FakeClock, FakeVercel, Fault
from controller.testing.fake_server import FakeServer, Received, Reply, json_reply


def _client(url: str, clock: FakeClock, **options: str) -> VercelClient:
    given = {"project": "shop", "team_id": "team_fake", "api_url": url, **options}
    parsed = VercelOptions.parse(given, {"VERCEL_TOKEN": FakeVercel.token})
    return VercelClient(parsed, Redactor([parsed.token]), Patience(clock=clock, timeout=5))


@pytest.fixture
def client(vercel: FakeVercel) -> Iterator[VercelClient]:
    with contextlib.closing(_client(vercel.url, vercel.clock)) as client:
        yield client


@contextlib.contextmanager
def _answering(*bodies: object) -> Iterator[tuple[FakeServer, VercelClient]]:
    """A server that gives these answers in turn, and the last one from then on."""
    left = list(bodies)
    clock = FakeClock()

    def answer(received: Received, fault: Fault | None) -> Reply:
        del received, fault
        return json_reply(200, left.pop(0) if len(left) > 1 else left[0])

    server = FakeServer(answer, clock.time, hold_seconds=0)
    server.start()
    with contextlib.closing(server), contextlib.closing(_client(server.url, clock)) as client:
        yield server, client


@pytest.mark.parametrize("count", [0, 1, 20, 21, 105])
def test_every_page_is_read(vercel: FakeVercel, client: VercelClient, count: int) -> None:
    for _ in range(count):
        vercel.set_variable("WANTED", "1")
        vercel.set_variable("OTHER", "1")
    assert len(client.variables({"WANTED"})) == count
    assert len(vercel.requests) == max(1, -(-count * 2 // 20))


def test_a_list_that_goes_in_circles_is_left() -> None:
    page = {"envs": [], "pagination": {"count": 0, "next": 5, "prev": None}}
    with _answering(page) as (server, client):
        with pytest.raises(DeployEnvUnreachable, match="does not end"):
            client.variables({"A"})
        assert len(server.requests) == 2


def test_a_list_without_end_is_left() -> None:
    pages = [{"envs": [], "pagination": {"next": number}} for number in range(300)]
    with _answering(*pages) as (server, client):
        with pytest.raises(DeployEnvUnreachable, match="does not end"):
            client.variables({"A"})
        assert len(server.requests) == 200


def test_the_team_goes_with_every_request(vercel: FakeVercel) -> None:
    live = vercel.deploy()
    for option, name, value in (
        ("team_id", "teamId", "team_fake"),
        ("team_slug", "slug", "fake-team"),
    ):
        options = {"project": "shop", "api_url": vercel.url, option: value}
        parsed = VercelOptions.parse(options, vercel.secrets)
        client = VercelClient(parsed, Redactor([]), Patience(clock=vercel.clock, timeout=5))
        with contextlib.closing(client):
            client.create(f"BY_{name.upper()}", "production", "1")
            (stored,) = client.variables({f"BY_{name.upper()}"})
            client.value(stored)
            client.update(stored, "0")
            project, deployment = client.live_deployment()
            assert deployment
            client.deployment(client.redeploy(project, deployment).id)
            client.production_deployments()
        assert deployment.id == live
    assert all({"teamId", "slug"} & set(request.query) for request in vercel.requests)
    assert all(request.status in {200, 201} for request in vercel.requests)


def test_the_requests_are_those_that_vercel_documents(
    vercel: FakeVercel, client: VercelClient
) -> None:
    vercel.deploy()
    client.create("A", "preview", "1")
    (stored,) = client.variables({"A"})
    client.update(stored, "0")
    name, live = client.live_deployment()
    assert live
    client.redeploy(name, live)
    written = [request for request in vercel.requests if request.method != "GET"]
    assert [(r.method, r.path, r.query, r.body) for r in written] == [
        (
            "POST",
            "/v10/projects/shop/env",
            {"teamId": "team_fake", "upsert": "true"},
            {"key": "A", "value": "1", "type": "encrypted", "target": ["preview"]},
        ),
        ("PATCH", f"/v9/projects/shop/env/{stored.id}", {"teamId": "team_fake"}, {"value": "0"}),
        (
            "POST",
            "/v13/deployments",
            {"teamId": "team_fake", "forceNew": "1"},
            {
                "name": "shop",
                "deploymentId": live.id,
                "target": "production",
                "meta": {"action": "redeploy"},
            },
        ),
    ]


def test_a_created_status_is_not_yet_a_creation(vercel: FakeVercel, client: VercelClient) -> None:
    vercel.fail(Fault.CREATE_FAILED)
    with pytest.raises(Conflict, match="201 ENV_ALREADY_EXISTS"):
        client.create("A", "production", "1")
    assert vercel.variables == ()


def test_another_target_list_is_a_conflict(vercel: FakeVercel, client: VercelClient) -> None:
    vercel.set_variable("A", "0", ("production", "preview"))
    with pytest.raises(Conflict, match="ENV_CONFLICT"):
        client.create("A", "production", "1")


def test_a_variable_that_is_gone_is_a_conflict(vercel: FakeVercel, client: VercelClient) -> None:
    identifier = vercel.set_variable("A", "0")
    (stored,) = client.variables({"A"})
    vercel.remove_variable(identifier)
    with pytest.raises(Conflict, match="404"):
        client.update(stored, "1")


def test_what_is_not_permitted_says_what_to_check(vercel: FakeVercel, client: VercelClient) -> None:
    vercel.fail(Fault.FORBIDDEN, times=None)
    with pytest.raises(Refused, match="403 forbidden") as refused:
        client.create("A", "production", "1")
    with pytest.raises(DeployEnvUnreachable, match="403 forbidden") as unreachable:
        client.variables({"A"})
    for caught in (refused, unreachable):
        assert "token is valid" in caught.value.hint
        assert "teamId=team_fake" in caught.value.hint


def test_a_project_that_is_not_there_says_what_to_check(vercel: FakeVercel) -> None:
    client = _client(vercel.url, vercel.clock, project="shp")
    with contextlib.closing(client), pytest.raises(DeployEnvUnreachable, match="404") as caught:
        client.variables({"A"})
    assert "`project` (shp)" in caught.value.hint


def test_hidden_variables_are_not_missing_ones(vercel: FakeVercel, client: VercelClient) -> None:
    vercel.hide_production(2)
    with pytest.raises(DeployEnvUnreachable, match="hides production variables"):
        client.variables({"A"})


def test_the_live_deployment_is_the_projects_own(vercel: FakeVercel, client: VercelClient) -> None:
    assert client.live_deployment() == ("shop", None)
    first, second = vercel.deploy(), vercel.deploy()
    assert client.live_deployment()[1].id == second  # type: ignore[union-attr]
    vercel.roll_back(first)
    assert client.live_deployment()[1].id == first  # type: ignore[union-attr]


def test_without_the_projects_word_it_is_the_newest_that_has_traffic() -> None:
    ready = {"name": "shop", "readyState": "READY", "aliasAssigned": 1}
    listed = {
        "deployments": [
            {**ready, "uid": "staged", "createdAt": 3, "readySubstate": "STAGED"},
            {**ready, "uid": "promoted", "createdAt": 2, "readySubstate": "PROMOTED"},
            {**ready, "uid": "older", "createdAt": 1},
        ]
    }
    with _answering({"name": "shop", "targets": {}}, listed) as (_, client):
        _, live = client.live_deployment()
    assert live
    assert live.id == "promoted"


def test_foreign_text_in_an_error_is_one_clean_line(
    vercel: FakeVercel, client: VercelClient
) -> None:
    hostile = "A" * 20
    vercel.set_variable(hostile, "0", ("production", "preview"))
    with pytest.raises(Conflict) as caught:
        client.create(hostile, "production", "1")
    assert caught.value.message.isprintable()
    assert json.dumps(caught.value.message)
