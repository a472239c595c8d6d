"""The page of a company with five hundred flags: from files, database and ledger to HTML.

Its size is a goal, too. Beside it stand the questions to the ledger alone, and the same answers
asked for one flag at a time, over one open connection.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from benchmarks import examples
from benchmarks.gate_verdict import NOW, POLICY, counts
from benchmarks.reconciling import reconciled
from benchmarks.result import Result, below, faster
from benchmarks.timing import medians, timed
from benchmarks.workbench import Workbench
from controller.domain.desired import Desired
from controller.domain.staleness import Patience
from controller.gate import evidence as evidences
from controller.inquiry.dashboard import gather
from controller.merchant_store.postgres import PostgresMerchantStore
from controller.ports import Ports
from controller.render.html.page import page

_FLAGS = 500
_FEW = 20
_JUDGEMENTS = 10
_MEGABYTE = 1_000_000
_PATIENCE = Patience(timedelta(days=30), timedelta(days=90))
_KEEP: LiteralString = """
    INSERT INTO rollout.evidence
        (environment, id, flag, phase, verdict, judged_at, revision, actor, document)
    SELECT %(environment)s, encode(sha256((flag || n)::bytea), 'hex'), flag, '10%%', %(verdict)s,
           %(at)s - n * interval '1 hour', NULL, 'bench', %(document)s
    FROM unnest(%(flags)s::text[]) AS flag, generate_series(%(each)s, 1, -1) AS n
"""
_ONE: LiteralString = """
    SELECT id, flag, phase, verdict, judged_at, revision, actor, document FROM rollout.evidence
    WHERE environment = %s AND flag = %s ORDER BY seq DESC LIMIT 1
"""


def run(bench: Workbench) -> list[Result]:
    """At the smallest number of merchants: what grows with them is measured with reconcile."""
    merchants, flags = bench.merchants[0], _FEW if bench.quick else _FLAGS
    with bench.database(merchants) as url:
        desired = _company(url, bench.folder(), flags)
        keys = [flag.key for flag in desired.flags]
        store = PostgresMerchantStore(desired.environment, url)
        found = medians(
            {
                "page": lambda: timed(lambda: _page(url, desired)),
                "ledger": lambda: timed(lambda: store.newest_evidence(keys)),
                "one by one": lambda: timed(lambda: _one_by_one(url, keys)),
            },
            bench.rounds(5),
        )
        size = len(_page(url, desired).encode())
        store.close()
    what = f"dashboard of {flags} flags"
    alone = ("a query a flag", found["one by one"])
    return [
        below(f"{what}, {merchants:,} merchants", found["page"], " s", None),
        below(f"{what}: the page", size / _MEGABYTE, " MB", None if bench.quick else 1.0),
        faster(f"{what}: what each gate said last", found["ledger"], alone, None),
    ]


def _company(url: str, folder: Path, flags: int) -> Desired:
    desired = examples.desired(folder, phase="off", flags=flags)
    reconciled(url, desired)
    evidence = evidences.gather(POLICY, replace(counts(), flag=desired.flags[0].key), (), NOW)
    given: dict[str, Any] = {
        "environment": desired.environment.name,
        "verdict": str(evidence.report.verdict),
        "at": NOW,
        "document": evidences.write(evidence),
        "flags": [flag.key for flag in desired.flags],
        "each": _JUDGEMENTS,
    }
    with psycopg.connect(url) as connection:
        connection.execute(_KEEP, given)
    return desired


def _page(url: str, desired: Desired) -> str:
    store = PostgresMerchantStore(desired.environment, url)
    try:
        return page(gather(Ports(store, None, None), desired, _PATIENCE))
    finally:
        store.close()


def _one_by_one(url: str, keys: list[str]) -> None:
    with psycopg.connect(url) as connection:
        for key in keys:
            connection.execute(_ONE, [examples.ENVIRONMENT, key]).fetchall()
