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

NO_LEDGER: Final = Ledger(exists=False, generation=0, revision=None, applied={}, halts={})

_ENVIRONMENT: Final = """
    SELECT generation, revision, evaluated_at, evaluated_generation
    FROM rollout.environment WHERE name = %s
"""
_APPLIED: Final = """
    SELECT key, definition, since, phase_since, generation, revision, evaluated_at
    FROM rollout.flag
    WHERE environment = %s AND definition IS NOT NULL AND released_at IS NULL
    ORDER BY key
"""
_HALTS: Final = """
    SELECT flag, reason, actor, since, phase
    FROM rollout.halt WHERE environment = %s AND ended_at IS NULL ORDER BY flag
"""
_RESUMED: Final = """
    SELECT DISTINCT flag FROM rollout.halt WHERE environment = %s AND ended_generation > %s
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
    generation, revision, evaluated_at, evaluated_generation = row
    resumed = connection.execute(_RESUMED, [environment, evaluated_generation]).fetchall()
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
    for key, definition, *rest in connection.execute(_APPLIED, [environment]):
        try:
            desired = decode(definition)
        except ValueError as error:
            raise Refused(
                f"the ledger's definition of {key} cannot be read: {error}",
                "pip install --upgrade rolloutctl",
            ) from error
        applied[key] = AppliedFlag(desired, *rest)
    return applied
