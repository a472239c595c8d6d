"""Turning 10,000 merchants on, beside the way of the scripts: one merchant after the other.

The script that people run today looks the merchant up, asks whether the table is there, and upserts
one row, each in a transaction of its own. Here it does so over one connection that stays open: the
start of a Node process for each merchant, which a person would wait for as well, is left out.
"""

import psycopg

from benchmarks import examples
from benchmarks.reconciling import reconciled
from benchmarks.result import Result, faster
from benchmarks.timing import medians, timed
from benchmarks.workbench import Workbench
from controller.domain.desired import Desired

_MERCHANTS = 10_000
_FEW = 300
_GOAL = 25
_FIND = 'SELECT "id", "shopDomain" FROM "Merchant" WHERE "id" = %s'
_IS_THERE = """
    SELECT EXISTS (SELECT FROM information_schema.tables WHERE table_name = 'MerchantConfig')
"""
_UPSERT = """
    INSERT INTO "MerchantConfig" ("id", "merchantId", "enableSequentialWorkflow", "updatedAt")
    VALUES ('c' || substr(md5(random()::text), 1, 24), %s, true, now() AT TIME ZONE 'UTC')
    ON CONFLICT ("merchantId") DO UPDATE
    SET "enableSequentialWorkflow" = true, "updatedAt" = excluded."updatedAt"
    RETURNING "id", "updatedAt"
"""


def run(bench: Workbench) -> list[Result]:
    """All from a table without a row."""
    merchants = _FEW if bench.quick else _MERCHANTS
    desired = examples.desired(bench.folder(), ladder=(100,), phase="100%")
    found = medians(
        {
            "ours": lambda: _ours(bench, merchants, desired),
            "script": lambda: _one_by_one(bench, merchants, with_questions=True),
            "upserts": lambda: _one_by_one(bench, merchants, with_questions=False),
        },
        bench.rounds(3),
        warm_up=False,
    )
    script = ("the script's three statements a merchant", found["script"])
    upserts = ("its upsert alone", found["upserts"])
    what = f"turn on {merchants:,} merchants"
    return [
        faster(what, found["ours"], script, _GOAL if merchants == _MERCHANTS else None),
        faster(what, found["ours"], upserts, None),
    ]


def _ours(bench: Workbench, merchants: int, desired: Desired) -> float:
    with bench.database(merchants, configured=False) as url:
        return timed(lambda: reconciled(url, desired))


def _one_by_one(bench: Workbench, merchants: int, *, with_questions: bool) -> float:
    def loop() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for merchant in connection.execute('SELECT "id" FROM "Merchant"').fetchall():
                if with_questions:
                    connection.execute(_FIND, merchant).fetchone()
                    connection.execute(_IS_THERE).fetchone()
                connection.execute(_UPSERT, merchant).fetchone()

    with bench.database(merchants, configured=False) as url:
        return timed(loop)
