"""Ids as Prisma's client makes them, for rows that the app has not made yet.

Apply: the database has no default for them. A cuid is `c`, the time in milliseconds, a counter, a
fingerprint of the writer and chance, in base 36: 25 characters. Here time and fingerprint come from
this process and the rest from the server, so that no id travels.
"""

import secrets
from datetime import datetime
from typing import Final

from psycopg import sql

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_TIME_DIGITS: Final = 8
_FINGERPRINT_DIGITS: Final = 4
_COUNTER_PLACES: Final = (46_656, 1_296, 36, 1)
_CHANCE: Final = "lpad(to_hex((random() * 4294967295)::bigint), 8, '0')"


def cuid_expression(counter: sql.Composable, now: datetime) -> sql.Composed:
    """A SQL expression that yields a new cuid for each row.

    Args:
        counter: A SQL expression that counts the rows of the statement, of type bigint.
        now: The time that the ids carry.
    """
    digits = sql.SQL(" || ").join(
        sql.SQL("substr({digits}, mod({counter} / {place}, 36)::integer + 1, 1)").format(
            digits=sql.Literal(_DIGITS), counter=counter, place=sql.Literal(place)
        )
        for place in _COUNTER_PLACES
    )
    # A random UUID a row costs the server a system call, and more than all the rest of the row.
    return sql.SQL("({time} || {digits} || {fingerprint} || {chance})").format(
        chance=sql.SQL(_CHANCE),
        time=sql.Literal("c" + _base36(round(now.timestamp() * 1000), _TIME_DIGITS)),
        digits=digits,
        fingerprint=sql.Literal(
            "".join(secrets.choice(_DIGITS) for _ in range(_FINGERPRINT_DIGITS))
        ),
    )


def _base36(number: int, width: int) -> str:
    text = ""
    for _ in range(width):
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text
