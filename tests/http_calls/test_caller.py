import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from controller.deploy_env.http import MANNERS
from controller.errors import Unreachable
from controller.http_calls.caller import Answer, HttpCaller, Patience, ReplyLost, Request
from controller.http_calls.retry import RetryPolicy
from controller.http_calls.secret import Redactor, Secret
from controller.testing import FakeClock, Fault
from controller.testing.fake_server import FakeServer, Received, Reply, json_reply

TOKEN = "tok_8sKq2Lm9Xw4T"
GET = Request("GET", "/thing")
POST = Request("POST", "/thing", body={"a": 1})
UNAPPLIED = [
    Fault.RATE_LIMITED,
    Fault.RATE_LIMITED_RESET,
    Fault.RATE_LIMITED_BODY,
    Fault.RATE_LIMITED_SILENT,
]
UNKNOWN = [
    Fault.SERVER_ERROR,
    Fault.BAD_GATEWAY,
    Fault.TIMEOUT,
    Fault.RESET,
    Fault.REPLY_LOST,
    Fault.GATEWAY_TIMEOUT,
    Fault.TRUNCATED,
]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@contextmanager
def _serving(
    clock: FakeClock, answer: Callable[[Received], Reply] = lambda _: json_reply(200, {"ok": True})
) -> Iterator[FakeServer]:
    server = FakeServer(lambda received, _: answer(received), clock.time, hold_seconds=0.01)
    server.start()
    with closing(server):
        yield server


def _caller(url: str, clock: FakeClock, **patience: object) -> closing[HttpCaller]:
    waits = Patience(clock=clock, timeout=5, chance=lambda: 1.0, **patience)
    return closing(
        HttpCaller("Acme", url, MANNERS, redactor=Redactor([Secret(TOKEN)]), patience=waits)
    )


@pytest.mark.parametrize("fault", UNAPPLIED + UNKNOWN)
def test_reading_is_tried_again(fault: Fault, clock: FakeClock) -> None:
    with _serving(clock) as server, _caller(server.url, clock) as caller:
        server.faults.add(fault, times=3)
        assert caller.send(GET) == Answer(200, {"ok": True})
        assert len(server.requests) == 4


@pytest.mark.parametrize("fault", UNAPPLIED)
def test_what_was_not_applied_is_tried_again(fault: Fault, clock: FakeClock) -> None:
    with _serving(clock) as server, _caller(server.url, clock) as caller:
        server.faults.add(fault, times=3)
        assert caller.send(POST).succeeded


@pytest.mark.parametrize("fault", UNKNOWN)
def test_what_may_have_been_applied_is_not(fault: Fault, clock: FakeClock) -> None:
    with _serving(clock) as server, _caller(server.url, clock) as caller:
        server.faults.add(fault)
        with pytest.raises(ReplyLost, match="Acme's reply to POST /thing was lost"):
            caller.send(POST)
        assert len(server.requests) == 1


@pytest.mark.parametrize("fault", UNKNOWN)
def test_what_may_be_repeated_is_tried_again_all_the_same(fault: Fault, clock: FakeClock) -> None:
    request = Request("PUT", "/thing", body={"a": 1}, repeatable=True)
    with _serving(clock) as server, _caller(server.url, clock) as caller:
        server.faults.add(fault, times=2)
        assert caller.send(request).succeeded
        assert len(server.requests) == 3


def test_headers_come_with_an_answer_by_any_case(clock: FakeClock) -> None:
    def answer(received: Received) -> Reply:
        return json_reply(404 if received.method == "POST" else 200, {}, Link="<x>")

    with _serving(clock, answer) as server, _caller(server.url, clock) as caller:
        assert caller.send(GET).headers["link"] == "<x>"
        assert caller.send(POST).headers["Link"] == "<x>"


def test_no_connection_means_not_applied(clock: FakeClock) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with _caller(url, clock) as caller:
            for request in (GET, POST):
                with pytest.raises(Unreachable, match="cannot be connected") as caught:
                    caller.send(request)
                assert not isinstance(caught.value, ReplyLost)
                assert "tried 6 times" in caught.value.message
                assert caught.value.__cause__ is not None


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [(Fault.RATE_LIMITED, 2), (Fault.RATE_LIMITED_RESET, 3), (Fault.RATE_LIMITED_BODY, 3)],
)
def test_a_rate_limit_is_waited_for_as_told(fault: Fault, seconds: int, clock: FakeClock) -> None:
    with _serving(clock) as server, _caller(server.url, clock) as caller:
        server.faults.add(fault)
        began = clock.time()
        caller.send(GET)
        assert clock.time() - began == seconds


def test_a_rate_limit_that_is_too_long_is_told_and_not_waited_for(clock: FakeClock) -> None:
    def answer(_: Received) -> Reply:
        return json_reply(429, {}, **{"Retry-After": "3600"})

    with _serving(clock, answer) as server, _caller(server.url, clock) as caller:
        began = clock.time()
        with pytest.raises(Unreachable, match="limits our rate") as caught:
            caller.send(POST)
        assert clock.time() == began
        assert caught.value.hint == "run the same command again after 01:00:00 UTC"


def test_one_call_takes_bounded_time(clock: FakeClock) -> None:
    policy = RetryPolicy(attempts=1_000, budget=60)
    with _serving(clock) as server, _caller(server.url, clock, policy=policy) as caller:
        server.faults.add(Fault.SERVER_ERROR, times=None)
        began = clock.time()
        with pytest.raises(Unreachable, match="answered 500"):
            caller.send(GET)
        assert 40 < clock.time() - began <= 60


def test_a_server_that_never_answers_is_left(clock: FakeClock) -> None:
    with _serving(clock) as server:
        server.hold_seconds = 0.5
        server.faults.add(Fault.SLOW, times=None)
        waits = Patience(clock=clock, timeout=0.02, policy=RetryPolicy(attempts=2))
        caller = HttpCaller("Acme", server.url, MANNERS, redactor=Redactor([]), patience=waits)
        with closing(caller), pytest.raises(Unreachable, match="did not answer in time"):
            caller.send(GET)


def test_an_endless_answer_is_left(clock: FakeClock) -> None:
    def answer(_: Received) -> Reply:
        return Reply(200, b"[" * 9_000_000)

    with (
        _serving(clock, answer) as server,
        _caller(server.url, clock) as caller,
        pytest.raises(ReplyLost, match="answered without end"),
    ):
        caller.send(POST)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_refusal_is_an_answer_with_its_code(status: int, clock: FakeClock) -> None:
    def answer(_: Received) -> Reply:
        return json_reply(status, {"error": {"code": "NO", "message": "not\x1b[31m\nso"}})

    with _serving(clock, answer) as server, _caller(server.url, clock) as caller:
        refused = caller.send(POST)
        assert not refused.succeeded
        assert str(refused) == f"{status} NO (not [31m so)"


def test_a_refusal_that_echoes_the_token_is_withheld(clock: FakeClock) -> None:
    def answer(_: Received) -> Reply:
        return json_reply(403, {"error": {"code": TOKEN, "message": f"bad {TOKEN}"}})

    with _serving(clock, answer) as server, _caller(server.url, clock) as caller:
        assert TOKEN not in repr(caller.send(GET))


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"null", b'{"error": 1}', b'{"error": {"code": 7}}', b"[" * 99_999]
)
def test_a_refusal_in_any_form_is_one(content: bytes, clock: FakeClock) -> None:
    with (
        _serving(clock, lambda _: Reply(403, content)) as server,
        _caller(server.url, clock) as caller,
    ):
        assert caller.send(GET) == Answer(403)


def test_a_redirect_is_not_followed(clock: FakeClock) -> None:
    def answer(_: Received) -> Reply:
        return Reply(302, b"", {"Location": "/elsewhere"})

    with _serving(clock, answer) as server, _caller(server.url, clock) as caller:
        assert not caller.send(GET).succeeded
        assert [request.path for request in server.requests] == ["/thing"]


def test_text_is_an_answer_where_it_may_be(clock: FakeClock) -> None:
    request = Request("GET", "", json_reply=False)
    with (
        _serving(clock, lambda _: Reply(200, b"1\xff")) as server,
        _caller(server.url, clock) as caller,
    ):
        assert caller.send(request).body == "1\ufffd"
