"""Evidence and baselines: what the ledger keeps of the gate's questions, and never changes.

Beside the commit, in transactions of their own: a verdict is kept although nothing was applied. The
tables are append-only, the database sees to that.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from controller.errors import UsageError
from controller.gate import codec
from controller.gate.counts import Baseline
from controller.merchant_store.connection import Connection, fetch_one
from controller.merchant_store.interface import StoredEvidence
from controller.merchant_store.ledger_schema import version
from controller.merchant_store.plain_text import storable, storable_text

_KEEP: Final = """
    INSERT INTO rollout.evidence
        (environment, id, flag, phase, verdict, judged_at, revision, actor, document)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (id) DO NOTHING
"""
_EVIDENCE: Final = """
    SELECT id, flag, phase, verdict, judged_at, revision, actor, document
    FROM rollout.evidence WHERE environment = %(environment)s
"""
_BY_ID: Final = _EVIDENCE + " AND starts_with(id, %(prefix)s) ORDER BY id LIMIT 2"
_OF_FLAG: Final = (
    _EVIDENCE
    + " AND flag = %(flag)s AND (%(phase)s::text IS NULL OR phase = %(phase)s)"
    + " ORDER BY seq DESC LIMIT %(limit)s"
)
_NEWEST: Final = """
    SELECT found.* FROM unnest(%(flags)s::text[]) AS wanted (key) CROSS JOIN LATERAL (
        SELECT id, flag, phase, verdict, judged_at, revision, actor, document
        FROM rollout.evidence WHERE environment = %(environment)s AND flag = wanted.key
        ORDER BY seq DESC LIMIT %(limit)s
    ) AS found
"""
_KEEP_BASELINE: Final = """
    INSERT INTO rollout.baseline (environment, flag, live_since, hash, document)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING
"""
_BASELINE: Final = """
    SELECT document FROM rollout.baseline WHERE (environment, flag, live_since) = (%s, %s, %s)
"""


def keep_evidence(connection: Connection, environment: str, evidence: StoredEvidence) -> bool:
    """Keep a judgement; whether there is a ledger of this environment to keep it in."""
    if not _knows(connection, environment):
        return False
    connection.execute(
        _KEEP,
        [
            environment,
            evidence.id,
            evidence.flag,
            evidence.phase,
            evidence.verdict,
            evidence.judged_at,
            evidence.revision,
            storable_text(evidence.actor),
            evidence.text,
        ],
    )
    return True


def find_evidence(connection: Connection, environment: str, prefix: str) -> StoredEvidence | None:
    """The evidence whose id begins so; None where there is none.

    Raises:
        UsageError: Several begin so.
    """
    if version(connection) == 0 or not storable(prefix):
        return None
    found = connection.execute(_BY_ID, {"environment": environment, "prefix": prefix}).fetchall()
    if len(found) > 1:
        raise UsageError(f"several pieces of evidence begin with {prefix}", "give more of the id")
    return StoredEvidence(*found[0]) if found else None


def evidence_of(
    connection: Connection, environment: str, flag: str, limit: int, phase: str | None
) -> tuple[StoredEvidence, ...]:
    """The newest evidence about a flag first, optionally only that about one phase."""
    if version(connection) == 0 or not storable(flag) or not storable(phase or ""):
        return ()
    wanted = {"environment": environment, "flag": flag, "limit": limit, "phase": phase}
    return tuple(StoredEvidence(*row) for row in connection.execute(_OF_FLAG, wanted))


def newest_evidence(
    connection: Connection, environment: str, flags: Iterable[str], limit: int
) -> tuple[StoredEvidence, ...]:
    """The newest evidence about each flag, in one query; flags that have none are left out.

    That of one flag stands together, the newest first.
    """
    wanted = [flag for flag in flags if storable(flag)]
    (exists,) = fetch_one(connection, "SELECT to_regclass('rollout.evidence') IS NOT NULL")
    if not wanted or not exists:
        return ()
    given = {"environment": environment, "flags": wanted, "limit": limit}
    rows = connection.execute(_NEWEST, given)
    return tuple(StoredEvidence(*row) for row in rows)


def keep_baseline(
    connection: Connection, environment: str, flag: str, live_since: datetime, baseline: Baseline
) -> None:
    """Freeze how it was; where that was frozen already, it stays."""
    connection.execute(
        _KEEP_BASELINE, [environment, flag, live_since, baseline.hash, codec.canonical(baseline)]
    )


def read_baseline(
    connection: Connection, environment: str, flag: str, live_since: datetime
) -> Baseline | None:
    """How it was before a flag left off; None where nobody has measured it.

    Raises:
        ValueError: What is stored there is no baseline.
    """
    if version(connection) == 0:
        return None
    row = connection.execute(_BASELINE, [environment, flag, live_since]).fetchone()
    if row is None:
        return None
    return codec.from_json(Baseline, json.loads(row[0]))


def _knows(connection: Connection, environment: str) -> bool:
    if version(connection) == 0:
        return False
    known = "SELECT EXISTS (SELECT FROM rollout.environment WHERE name = %s)"
    row = connection.execute(known, [environment]).fetchone()
    return row is not None and bool(row[0])
