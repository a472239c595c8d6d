"""Send the wanted values to the server in one stream, for one statement a flag to work from.

Apply, its first half: COPY into a temporary table that vanishes with the transaction. An UPDATE a
merchant is 40 to 100 times slower, and one with a list of ids is replanned and resent each time.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from controller.activity import busy
from controller.domain.plan import ChangeGroup
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import Connection
from controller.merchant_store.ledger_schema import CAUSE_CODES

_LINES: Final = 10_000
_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_CREATE: Final = """
    CREATE TEMPORARY TABLE rollout_wanted ON COMMIT DROP AS
    SELECT m.{merchant_id} AS merchant_id, 0 AS flag, false AS value, 0::smallint AS cause
    FROM {merchant} m WITH NO DATA
"""


def stage(
    connection: Connection,
    tables: AppTables,
    groups: Iterable[ChangeGroup],
    flag_ids: Mapping[str, int],
) -> None:
    """Fill the temporary table `rollout_wanted(merchant_id, flag, value, cause)`.

    Args:
        connection: In a transaction that writes.
        tables: The app's; the merchant's id has the type and collation that it has there.
        groups: The values wanted.
        flag_ids: The ledger's numbers of the flags.
    """
    connection.execute(tables.sql(_CREATE))
    sent = 0
    with (
        busy("sending values") as tell,
        connection.cursor().copy("COPY rollout_wanted FROM STDIN") as copy,
    ):
        for group in groups:
            for lines in _lines(group, flag_ids[group.flag]):
                copy.write(lines)
            sent += len(group.merchants)
            tell(sent)
    # Without statistics the planner takes a million rows for a thousand.
    connection.execute("ANALYZE rollout_wanted")


def _lines(group: ChangeGroup, flag: int) -> Iterator[str]:
    end = f"\t{flag}\t{group.value:d}\t{CAUSE_CODES[group.cause]}\n"
    for start in range(0, len(group.merchants), _LINES):
        merchants: Iterable[str] = group.merchants[start : start + _LINES]
        if _needs_escape("".join(merchants)):
            merchants = [merchant.translate(_ESCAPED) for merchant in merchants]
        yield end.join(merchants) + end


def _needs_escape(text: str) -> bool:
    return any(character in text for character in "\\\t\n\r")
