from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.deploy_env.app_check import AppCheck, values_in
from controller.errors import DeployEnvUnreachable, PartlyApplied
from controller.http_calls.caller import Patience
from controller.http_calls.secret import Redactor
from controller.testing import FakeClock
from controller.testing.fake_server import FakeServer, Reply


@contextmanager
def _app(*answers: tuple[int, bytes]) -> Iterator[tuple[FakeServer, AppCheck]]:
    """An app that gives these answers in turn, and the last one from then on."""
    clock = FakeClock()
    left = list(answers)

    def answer(*_: object) -> Reply:
        return Reply(*(left.pop(0) if len(left) > 1 else left[0]))

    server = FakeServer(answer, clock.time, hold_seconds=0)
    server.start()
    check = AppCheck(server.url, Redactor([]), Patience(clock=clock, timeout=5))
    with closing(server), closing(check):
        yield server, check


@pytest.mark.parametrize(
    "answer",
    [b'{"A": "1", "B": "x"}', b'{"A": 1, "B": "x"}', b"A=1\nB=x\n", b" A = 1 \r\nB=x\r\nC=2\r\n"],
)
def test_an_app_that_has_the_values_is_right(answer: bytes) -> None:
    with _app((200, answer)) as (server, check):
        check.check({"A": "1", "B": "x"})
        assert len(server.requests) == 1


def test_an_app_that_gets_them_soon_is_right() -> None:
    with _app((200, b"0"), (200, b"0"), (200, b"1\n")) as (server, check):
        check.check({"A": "1"})
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b'{"A": "0"}', "A is '0' there, not '1'"),
        (b'{"B": "1"}', "A is not known there"),
        (b'{"A": null}', "A is not known there"),
        (b'{"A": "\\u001b[2J\\n0"}', "A is '[2J 0' there"),
        (b"[1]", r"A is '\[1\]' there"),
        (b"", "A is '' there"),
    ],
)
def test_an_app_that_has_other_values_is_told(answer: bytes, said: str) -> None:
    with _app((200, answer)) as (_, check), pytest.raises(PartlyApplied) as caught:
        check.check({"A": "1"})
    assert said.replace("\\", "") in caught.value.message.replace("\\", "")
    assert "redeploy: hook" in caught.value.hint


@pytest.mark.parametrize("status", [401, 404, 302, 500])
def test_an_app_that_does_not_tell_is_not_right(status: int) -> None:
    with _app((status, b"1")) as (_, check), pytest.raises(DeployEnvUnreachable) as caught:
        check.check({"A": "1"})
    assert caught.value.hint


def test_a_bare_value_is_for_one_variable_only() -> None:
    assert values_in("1", ("A",)) == {"A": "1"}
    assert values_in("1", ("A", "B")) == {}
    assert values_in("true", ("A",)) == {"A": "true"}
    assert values_in('{"A": true}', ("A",)) == {"A": "true"}


@given(text=st.text(), names=st.lists(st.text(max_size=3), max_size=3).map(tuple))
def test_reads_anything(text: str, names: tuple[str, ...]) -> None:
    assert set(values_in(text, names)) <= set(names)
