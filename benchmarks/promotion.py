"""10% to 50%: a whole reconcile, ledger included, beside one raw UPDATE that knows whom to turn on.

The raw UPDATE is told the merchants beforehand and writes one history row each. Every round starts
from the same copied database, in which the first phase was applied and vacuumed, as it is in
production by the time of the second.
"""

from collections.abc import Callable

import psycopg

from benchmarks import examples
from benchmarks.reconciling import at_ten_percent, reconciled, some_merchant, surveyed
from benchmarks.result import Result, at_most
from benchmarks.timing import Run, medians, timed
from benchmarks.workbench import Workbench, execute
from controller.domain.desired import Desired

_RAW = """
    WITH changed AS (
        UPDATE "MerchantConfig" c SET "enableSequentialWorkflow" = true,
               "updatedAt" = now() AT TIME ZONE 'UTC'
        FROM benchmark_target t WHERE c."merchantId" = t.id
        RETURNING c."merchantId")
    INSERT INTO benchmark_history SELECT 2, 1, 1, true, "merchantId" FROM changed
"""


def run(bench: Workbench) -> list[Result]:
    """At every size."""
    return [_measure(bench, merchants) for merchants in bench.merchants]


def _measure(bench: Workbench, merchants: int) -> Result:
    folder = bench.folder()
    with bench.database(merchants) as url:
        at_ten_percent(url, folder)
        after = examples.desired(folder, pilot=some_merchant(url), phase="50%")
        changed = _write_target(url, after)
        execute(url, "VACUUM ANALYZE")
        found = medians(
            {
                "ours": _fresh(bench, url, lambda copy: _promote(copy, after, changed)),
                "raw": _fresh(bench, url, _raw_update),
            },
            bench.rounds(3),
            warm_up=False,
        )
    what = f"10% to 50% of {merchants:,} merchants ({changed:,} change), ledger included"
    peer = ("raw UPDATE with its history", found["raw"])
    return at_most(what, found["ours"], peer, bench.goal(merchants, 1.4))


def _fresh(bench: Workbench, url: str, action: Callable[[str], object]) -> Run:
    def once() -> float:
        with bench.copy_of(url) as copy:
            return timed(lambda: action(copy))

    return once


def _promote(url: str, desired: Desired, changed: int) -> None:
    committed = reconciled(url, desired).committed
    if committed is None or sum(committed.changed.values()) != changed:
        raise AssertionError(f"{changed} values should have changed, not {committed}")


def _raw_update(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(_RAW)


def _write_target(url: str, desired: Desired) -> int:
    merchants = [m for group in surveyed(url, desired).plan.groups() for m in group.merchants]
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_target (id text PRIMARY KEY)")
        cursor.execute(
            "CREATE TABLE benchmark_history"
            " (run int, flag int, cause smallint, value boolean, merchant text)"
        )
        with cursor.copy("COPY benchmark_target FROM STDIN") as copy:
            copy.write("".join(f"{merchant}\n" for merchant in merchants))
    return len(merchants)
