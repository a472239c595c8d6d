from collections.abc import Iterator

import httpx
import pytest

from controller.testing import Fault
from controller.testing.fake_server import FakeServer, Received, Reply, json_reply
from controller.testing.fake_service import FakeService


def _echo(received: Received, fault: Fault | None) -> Reply:
    return json_reply(200, {"path": received.path, "fault": fault})


@pytest.fixture
def service() -> Iterator[FakeService]:
    with FakeService(FakeServer(_echo, lambda: 0.0, hold_seconds=0.02)) as service:
        yield service


def _ask(service: FakeService) -> int:
    return httpx.get(f"{service.url}/x", trust_env=False).status_code


def test_it_serves_inside_with(service: FakeService) -> None:
    assert _ask(service) == 200
    assert [request.path for request in service.requests] == ["/x"]


def test_it_serves_no_longer_behind_it() -> None:
    with FakeService(FakeServer(_echo, lambda: 0.0, hold_seconds=0.02)) as service:
        url = service.url
    with pytest.raises(httpx.TransportError):
        httpx.get(url, trust_env=False)


def test_a_fault_happens_when_it_was_said(service: FakeService) -> None:
    service.fail(Fault.SERVER_ERROR, at=2)
    assert [_ask(service) for _ in range(3)] == [200, 500, 200]
    assert service.faults_happened == (Fault.SERVER_ERROR,)


def test_healed_it_fails_no_more(service: FakeService) -> None:
    service.fail(Fault.SERVER_ERROR, times=None)
    assert _ask(service) == 500
    service.heal()
    assert _ask(service) == 200
