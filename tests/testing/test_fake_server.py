import time
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from controller.testing import Fault
from controller.testing.fake_server import FakeServer, Received, Reply, json_reply

NOW = 1_767_225_600.0


class Thing:
    """Something that counts how often it was touched."""

    def __init__(self) -> None:
        self.touched = 0

    def answer(self, received: Received, fault: Fault | None) -> Reply:
        del received, fault
        self.touched += 1
        return json_reply(201, {"touched": self.touched})


@pytest.fixture
def thing() -> Thing:
    return Thing()


@pytest.fixture
def server(thing: Thing) -> Iterator[FakeServer]:
    server = FakeServer(thing.answer, lambda: NOW, hold_seconds=0.02)
    server.start()
    with closing(server):
        yield server


@pytest.fixture
def client(server: FakeServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=5) as client:
        yield client


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.RESET, Fault.REPLY_LOST])
def test_the_connection_breaks(
    server: FakeServer, client: httpx.Client, thing: Thing, fault: Fault
) -> None:
    server.faults.add(fault)
    with pytest.raises(httpx.TransportError):
        client.post("/x")
    assert thing.touched == (fault is Fault.REPLY_LOST)
    assert client.post("/x").status_code == 201


@pytest.mark.parametrize(
    ("fault", "status", "touched"),
    [
        (Fault.SERVER_ERROR, 500, 0),
        (Fault.BAD_GATEWAY, 502, 0),
        (Fault.FORBIDDEN, 403, 0),
        (Fault.RATE_LIMITED, 429, 0),
        (Fault.RATE_LIMITED_SILENT, 429, 0),
        (Fault.GATEWAY_TIMEOUT, 504, 1),
        (Fault.TRUNCATED, 201, 1),
        (Fault.WRONG_SHAPE, 201, 1),
        (Fault.SLOW, 201, 1),
    ],
)
def test_the_reply_is_another(
    server: FakeServer,
    client: httpx.Client,
    thing: Thing,
    fault: Fault,
    status: int,
    touched: int,
) -> None:
    server.faults.add(fault)
    assert client.post("/x").status_code == status
    assert thing.touched == touched


def test_a_rate_limit_says_until_when_in_each_way(server: FakeServer, client: httpx.Client) -> None:
    server.faults.add(Fault.RATE_LIMITED)
    server.faults.add(Fault.RATE_LIMITED_RESET, at=2)
    server.faults.add(Fault.RATE_LIMITED_BODY, at=3)
    after, reset, body = client.get("/"), client.get("/"), client.get("/")
    assert after.headers["Retry-After"] == "2"
    assert reset.headers["X-RateLimit-Reset"] == str(int(NOW) + 3)
    assert body.json()["error"]["limit"]["reset"] == int(NOW) + 3


def test_broken_json_is_broken(server: FakeServer, client: httpx.Client) -> None:
    server.faults.add(Fault.TRUNCATED)
    with pytest.raises(ValueError, match=r"."):
        client.get("/").json()


def test_every_request_is_logged_without_its_secrets(
    server: FakeServer, client: httpx.Client
) -> None:
    server.faults.add(Fault.REPLY_LOST, at=2)
    client.patch("/x?a=1&b=", json={"c": 2}, headers={"Authorization": "Bearer secret"})
    with pytest.raises(httpx.TransportError):
        client.get("/y")
    first, second = server.requests
    assert (first.method, first.path, first.query) == ("PATCH", "/x", {"a": "1", "b": ""})
    assert (first.body, first.authorized, first.status) == ({"c": 2}, True, 201)
    assert (second.status, second.fault, second.authorized) == (None, Fault.REPLY_LOST, False)
    assert "secret" not in repr(server.requests)


def test_a_bug_in_the_fake_is_not_hidden() -> None:
    def broken(*_: object) -> Reply:
        raise LookupError("a bug")

    server = FakeServer(broken, time.time, hold_seconds=0)
    server.start()
    client = httpx.Client(base_url=server.url, trust_env=False)
    with client, pytest.raises(httpx.TransportError):
        client.get("/")
    with pytest.raises(LookupError, match="a bug"):
        server.close()
