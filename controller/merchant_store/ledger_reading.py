"""What the ledger remembers of one environment, as a value.

Gather: read inside the snapshot, so that it belongs to the same moment as the merchants' values.
"""

from collections.abc import Mapping
from typing import Final

from controller.domain.canonical import decode
from controller.domain.halt import Halt
from controller.domain.ledger import AppliedFlag, Ledger
from controller.errors import Refused
from controller.merchant_store.connection import Connection
from controller.merchant_store.ledger_schema import version
from controller.merchant_store.policy_text import decode_policy

NO_LEDGER: Final = Ledger(exists=False, generation=0, revision=None, applied={}, halts={})

_ENVIRONMENT: Final = """
    SELECT generation, revision, evaluated_at
    FROM rollout.environment WHERE name = %s
"""
_APPLIED: Final = """
    SELECT key, definition, policy, since, phase_since, generation, revision, evaluated_at,
        live_since, EXISTS (
            SELECT FROM rollout.baseline AS b
            WHERE (b.environment, b.flag, b.live_since) = (f.environment, f.key, f.live_since)
        )
    FROM rollout.flag AS f
    WHERE environment = %s AND definition IS NOT NULL AND released_at IS NULL
    ORDER BY key
"""
_HALTS: Final = """
    SELECT flag, reason, actor, since, phase
    FROM rollout.halt WHERE environment = %s AND ended_at IS NULL ORDER BY flag
"""
_RESUMED: Final = """
    SELECT DISTINCT h.flag
    FROM rollout.halt AS h
    LEFT JOIN rollout.flag AS f ON (f.environment, f.key) = (h.environment, h.flag)
    WHERE h.environment = %s AND h.ended_generation > coalesce(f.evaluated_generation, 0)
"""


def read_ledger(connection: Connection, environment: str) -> Ledger:
    """Read one environment's ledger.

    Raises:
        Refused: A newer rolloutctl has written it.
    """
    if version(connection) == 0:
        return NO_LEDGER
    row = connection.execute(_ENVIRONMENT, [environment]).fetchone()
    if row is None:
        return NO_LEDGER
    generation, revision, evaluated_at = row
    resumed = connection.execute(_RESUMED, [environment]).fetchall()
    return Ledger(
        exists=True,
        generation=generation,
        revision=revision,
        applied=_applied(connection, environment),
        halts=read_halts(connection, environment),
        resumed=frozenset(flag for (flag,) in resumed),
        evaluated_at=evaluated_at,
    )


def read_halts(connection: Connection, environment: str) -> Mapping[str, Halt]:
    """The halts in force, by flag."""
    return {row[0]: Halt(*row) for row in connection.execute(_HALTS, [environment])}


def _applied(connection: Connection, environment: str) -> Mapping[str, AppliedFlag]:
    applied = {}
    for row in connection.execute(_APPLIED, [environment]):
        key, definition, policy, since, phase_since, generation, revision, evaluated_at = row[:8]
        try:
            desired = decode(definition)
        except ValueError as error:
            raise Refused(
                f"the ledger's definition of {key} cannot be read: {error}",
                "pip install --upgrade rolloutctl",
            ) from error
        applied[key] = AppliedFlag(
            desired=desired,
            since=since,
            phase_since=phase_since,
            generation=generation,
            revision=revision,
            evaluated_at=evaluated_at,
            live_since=row[8],
            policy=decode_policy(policy),
            has_baseline=row[9],
        )
    return applied
