"""Turning 10,000 merchants on, beside the way of the scripts: an upsert and a commit for each."""

import psycopg

from benchmarks import examples
from benchmarks.reconciling import reconciled
from benchmarks.result import Result, faster
from benchmarks.timing import medians, timed
from benchmarks.workbench import Workbench
from controller.domain.desired import Desired

_MERCHANTS = 10_000
_FEW = 300
_UPSERT = """
    INSERT INTO "MerchantConfig" ("id", "merchantId", "enableSequentialWorkflow", "updatedAt")
    VALUES ('c' || substr(md5(random()::text), 1, 24), %s, true, now() AT TIME ZONE 'UTC')
    ON CONFLICT ("merchantId") DO UPDATE
    SET "enableSequentialWorkflow" = true, "updatedAt" = excluded."updatedAt"
"""


def run(bench: Workbench) -> list[Result]:
    """Both from a table without a row."""
    merchants = _FEW if bench.quick else _MERCHANTS
    desired = examples.desired(bench.folder(), ladder=(100,), phase="100%")
    found = medians(
        {
            "ours": lambda: _ours(bench, merchants, desired),
            "upserts": lambda: _upserts(bench, merchants),
        },
        bench.rounds(3),
        warm_up=False,
    )
    limit = 25 if merchants == _MERCHANTS else None
    peer = ("one upsert a merchant", found["upserts"])
    return [faster(f"turn on {merchants:,} merchants", found["ours"], peer, limit)]


def _ours(bench: Workbench, merchants: int, desired: Desired) -> float:
    with bench.database(merchants, configured=False) as url:
        return timed(lambda: reconciled(url, desired))


def _upserts(bench: Workbench, merchants: int) -> float:
    def loop() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            ids = connection.execute('SELECT "id" FROM "Merchant"').fetchall()
            for merchant in ids:
                connection.execute(_UPSERT, merchant)

    with bench.database(merchants, configured=False) as url:
        return timed(loop)
