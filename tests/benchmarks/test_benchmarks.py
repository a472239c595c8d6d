from collections.abc import Iterator
from importlib import import_module

import pytest

from benchmarks.__main__ import NAMES, main
from benchmarks.report import table
from benchmarks.workbench import Workbench
from controller.demo.postgres_server import PostgresServer


@pytest.fixture
def bench(server: PostgresServer) -> Iterator[Workbench]:
    with Workbench(merchants=(200,), goals_at=1_000_000, quick=True, server=server) as found:
        yield found


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_works_on_a_tiny_size(name: str, bench: Workbench):
    if name == "bucketing":
        pytest.importorskip("openfeature", reason="requirements/bench.txt is not installed")
    results = import_module(f"benchmarks.{name}").run(bench)
    assert results
    assert all(result.figure > 0 for result in results)
    assert len(table(results).splitlines()) == len(results) + 2


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["no_such_thing"])
    assert "no_such_thing" in capsys.readouterr().err
