"""Nothing to do: a whole reconcile of a database that is in sync, beside the bare reading of it."""

import sys
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks import examples
from benchmarks.reconciling import at_ten_percent, reconciled
from benchmarks.result import Result, at_most, below
from benchmarks.timing import medians, output_of, timed
from benchmarks.workbench import REPOSITORY, Workbench, execute
from controller.domain.desired import Desired

_FLAGS = (1, 10)
_BATCH = 10_000
_MEMORY_MIB = 120
_SELECT = sql.SQL(
    'SELECT m."id", {values} FROM "Merchant" m '
    'LEFT JOIN "MerchantConfig" c ON c."merchantId" = m."id"'
)


def run(bench: Workbench) -> list[Result]:
    """At every size, with one flag and with ten."""
    results = []
    for merchants in bench.merchants:
        with bench.database(merchants) as url:
            for flags in _FLAGS:
                results += _measure(bench, url, merchants, flags)
    return results


def _measure(bench: Workbench, url: str, merchants: int, flags: int) -> list[Result]:
    folder = bench.folder()
    desired = at_ten_percent(url, folder, flags=flags)
    execute(url, "VACUUM ANALYZE")
    found = medians(
        {
            "ours": lambda: timed(lambda: _nothing(url, desired)),
            "select": lambda: timed(lambda: _stream(url, flags)),
        },
        bench.rounds(7),
    )
    what = f"nothing to do, {merchants:,} merchants, {flags} flag{'s' if flags > 1 else ''}"
    peer = ("streaming SELECT of the same rows", found["select"])
    limit = bench.goal(merchants, 1.7) if flags == 1 else None
    peak = _peak_mib(folder, url)
    return [
        at_most(what, found["ours"], peer, limit),
        below(f"{what}: memory", peak, " MiB", bench.goal(merchants, _MEMORY_MIB)),
    ]


def _nothing(url: str, desired: Desired) -> None:
    if reconciled(url, desired).committed is not None:
        raise AssertionError("there was something to do")


def _stream(url: str, flags: int) -> None:
    values = sql.SQL(", ").join(sql.Identifier("c", examples.column(n)) for n in range(flags))
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for _ in cursor.stream(_SELECT.format(values=values), size=_BATCH):
            pass


def _peak_mib(folder: Path, url: str) -> float:
    command = [sys.executable, "-m", "benchmarks.memory", "reconcile", "-C", str(folder)]
    return float(output_of(command, DATABASE_URL=url, PYTHONPATH=str(REPOSITORY)).split()[-1])
