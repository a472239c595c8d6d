"""The connection to PostgreSQL is cut at every protocol step, or the process is killed there."""

from contextlib import suppress
from multiprocessing.synchronize import Event
from pathlib import Path

from controller.errors import RolloutError, Unreachable
from controller.merchant_store.postgres import PostgresMerchantStore
from tests.faults.conftest import Step, disturb_at_every_step
from tests.faults.proxy import Proxy, killer
from tests.faults.scene import processes, run
from tests.workshop import FLAG

_PAUSES = (0.0, 0.05, 0.2, 1.0)


def test_a_connection_cut_at_any_step_is_healed_by_the_next_run(step: Step):
    def cut(at: int) -> bool:
        with Proxy(step.url, harm_at=at) as proxy, suppress(Unreachable):
            assert run(step.workshop.folder, proxy.proxied_url, step.env_file) == 0
        return proxy.harmed

    disturb_at_every_step(step, cut)


def _child(gate: Event, repository: Path, url: str, env_file: Path) -> None:
    gate.wait()
    with suppress(RolloutError):
        run(repository, url, env_file)


def test_a_process_killed_at_any_step_is_healed_by_the_next_run(step: Step):
    context = processes()

    def kill(at: int) -> bool:
        gate = context.Event()
        with Proxy(step.url, harm_at=at) as proxy:
            arguments = (gate, step.workshop.folder, proxy.proxied_url, step.env_file)
            child = context.Process(target=_child, args=arguments)
            child.start()
            assert child.pid
            proxy.harm = killer(child.pid)
            gate.set()
            child.join(60)
            assert child.exitcode == (-9 if proxy.harmed else 0)
        return proxy.harmed

    disturb_at_every_step(step, kill)


def test_a_halt_cut_at_any_step_is_done_or_not_done_and_can_be_repeated(step: Step):
    environment = step.workshop.desired().environment
    direct = PostgresMerchantStore(environment, step.url)
    for at in range(1, 1_000):
        step.put_back()
        step.run()
        said_so = False
        with Proxy(step.url, harm_at=at) as proxy, suppress(Unreachable):
            store = PostgresMerchantStore(environment, proxy.proxied_url, pauses=_PAUSES)
            store.halt(FLAG, reason="harm", actor="tester")
            said_so = True
        on = step.workshop.on()
        assert on in (set(), set(step.after.on))
        assert not on or not said_so
        step.run()  # a halt that was lost before it was done does not hold; one that was done does
        assert step.workshop.on() == on
        if on:
            direct.halt(FLAG, reason="again", actor="tester")
        assert step.workshop.on() == set()
        if not proxy.harmed:
            return
    raise AssertionError("the halt never got through")
