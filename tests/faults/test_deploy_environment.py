"""Vercel fails in every way, at every request of a reconcile; the database never waits for it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from controller.deploy_env.vercel import VercelDeployEnv
from controller.deploy_env.vercel_options import VercelOptions
from controller.domain.desired import Desired
from controller.errors import ExitCode
from controller.http_calls.caller import Patience
from controller.reconcile import reconcile
from controller.testing import FakeVercel, Fault
from tests.faults.scene import ALLOWED
from tests.workshop import VARIABLE, Workshop

MERCHANTS = ("m0001", "m0002", "m0003")
PERSISTENT = 12  # so many requests fail in a row: more than any client tries again
LASTING = [Fault.SERVER_ERROR, Fault.TIMEOUT, Fault.REPLY_LOST]
FAULTS = [(True, fault, 1) for fault in Fault if fault is not Fault.SLOW]
FAULTS += [(True, fault, PERSISTENT) for fault in LASTING]
FAULTS += [(False, fault, 1) for fault in LASTING]
UNFINISHED = {ExitCode.DONE, ExitCode.PARTLY_APPLIED, ExitCode.UNREACHABLE}


@pytest.fixture
def vercel() -> Iterator[FakeVercel]:
    with FakeVercel() as vercel:
        yield vercel


@pytest.fixture
def workshop(tmp_path: Path, database: str, vercel: FakeVercel) -> Iterator[Workshop]:
    workshop = Workshop.create(tmp_path / "repository", database)
    workshop.merchants(*MERCHANTS)
    workshop.phase("100%")
    vercel.deploy()
    patience = Patience(clock=vercel.clock, timeout=10, chance=lambda: 0.5)
    options = VercelOptions.parse(vercel.options(), vercel.secrets)
    workshop.deploy_env = VercelDeployEnv(options, patience)
    assert workshop.reconcile(allowances=ALLOWED).exit_code is ExitCode.DONE
    yield workshop
    workshop.deploy_env.close()


@pytest.mark.parametrize(("turned_on", "fault", "times"), FAULTS)
def test_every_fault_at_every_request_is_healed_by_the_next_run(
    workshop: Workshop, vercel: FakeVercel, fault: Fault, times: int, *, turned_on: bool
):
    ports, desired = workshop.ports(), workshop.desired()
    before, after = _globally(desired, on=not turned_on), _globally(desired, on=turned_on)
    at, happened = 0, True
    while happened:
        at += 1
        assert reconcile(ports, before, actor="tester").exit_code is ExitCode.DONE
        vercel.fail(fault, at=at, times=times)
        faulted = len(vercel.faults_happened)

        disturbed = reconcile(ports, after, actor="tester")

        happened = len(vercel.faults_happened) > faulted
        vercel.heal()
        assert disturbed.exit_code in UNFINISHED
        assert disturbed.committed is not None, "the database waited for Vercel"
        assert all(problem.hint for problem in disturbed.deploy.problems)
        assert reconcile(ports, after, actor="tester").exit_code is ExitCode.DONE
        assert vercel.live_value(VARIABLE) == ("1" if turned_on else "0")


def _globally(desired: Desired, *, on: bool) -> Desired:
    (flag,) = desired.flags
    return replace(desired, flags=(replace(flag, flag=replace(flag.flag, globally_on=on)),))


def test_a_retreat_reaches_the_database_while_vercel_is_down(
    workshop: Workshop, vercel: FakeVercel
):
    vercel.fail(Fault.TIMEOUT, times=None)
    workshop.phase("off")
    outcome = workshop.reconcile()
    assert outcome.exit_code is ExitCode.PARTLY_APPLIED
    assert workshop.on() == set()


def test_only_an_unreachable_vercel_and_nothing_else_to_do_is_unreachable(
    workshop: Workshop, vercel: FakeVercel
):
    vercel.fail(Fault.RESET, times=None)
    outcome = workshop.reconcile()
    assert outcome.committed is None
    assert outcome.exit_code is ExitCode.UNREACHABLE
