"""Asking one statement: over the whole cohort or batch by batch, and failing as data.

Between statements and counts. Every column of a statement is a count, the smallest text, or the
longest time, so that the answers for several batches of merchants add up.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.sql.expression import FromClause, Select

from controller.domain.connection_string import without_password
from controller.domain.units import format_duration
from controller.errors import DatabaseUnreachable, Refused, RolloutError
from controller.workflow_data.flavour import Flavour
from controller.workflow_data.session import Source
from controller.workflow_data.treated import Treated

Row = Mapping[str, Any]
_MEND: Final = "name its tables, columns and statuses in workflow_data of the environment's file"


class CannotCountError(Exception):
    """A statement failed; the text says why, for the report."""


@dataclass(frozen=True, slots=True)
class Asker:
    """One session, and the runs that questions are about.

    Attributes:
        cohorts: The cohort whole, or in batches of which no merchant is in two.
        treated: The runs of a cohort.
    """

    source: Source
    connection: Connection
    cohorts: tuple[FromClause, ...]
    treated: Callable[[FromClause], Treated]

    def rows(self, statement: Select[Any]) -> list[Row]:
        """The rows of a statement that is not about a cohort.

        Raises:
            CannotCountError: It failed.
        """
        try:
            with self.source.time_limit(self.connection):
                return self._rows(statement)
        except SQLAlchemyError as error:
            raise CannotCountError(said(error, self.source)) from error

    def one(self, statement: Callable[[Treated], Select[Any]]) -> Row:
        """The single row of a statement about the cohort, batches added up.

        Raises:
            CannotCountError: It failed.
        """
        return merged(self.rows(statement(self.treated(cohort)))[0] for cohort in self.cohorts)

    def many(self, statement: Callable[[Treated], Select[Any]]) -> list[Row]:
        """The rows of a statement about the cohort, those of all batches.

        Raises:
            CannotCountError: It failed.
        """
        return [
            row for cohort in self.cohorts for row in self.rows(statement(self.treated(cohort)))
        ]

    def text(self, statement: Callable[[Treated], Select[Any]]) -> str:
        """The statement as the database sees it, for the reader; a long cohort is only named."""
        cohort = self.cohorts[0]
        if not isinstance(cohort, sa.CTE):
            columns = sa.column("merchant", sa.Text), sa.column("since", sa.DateTime)
            cohort = sa.table("cohort", *columns)
        compiled = statement(self.treated(cohort)).compile(
            self.source.engine, compile_kwargs={"literal_binds": True}
        )
        return str(compiled)

    def _rows(self, statement: Select[Any]) -> list[Row]:
        if self.source.flavour is Flavour.POSTGRESQL:
            with self.connection.begin_nested():  # a failure must not take the others with it
                return [dict(row) for row in self.connection.execute(statement).mappings()]
        return [dict(row) for row in self.connection.execute(statement).mappings()]


def merged(rows: Iterable[Row]) -> Row:
    """Counts added up; of texts the smallest, as `worst_merchant` ranks them."""
    result: dict[str, Any] = {}
    for row in rows:
        result = {name: _both(result.get(name), value) for name, value in row.items()}
    return result


def _both(one: Any, other: Any) -> Any:  # noqa: ANN401 -- a column may hold anything
    if one is None or other is None:
        return other if one is None else one
    return one + other if isinstance(other, int) else min(one, other)


def said(error: SQLAlchemyError, source: Source) -> str:
    """What a database said, in one line; where it took too long, that."""
    original = getattr(error, "orig", None)
    # PyHive's error is the server's whole answer, stack trace and all, around one sentence.
    status = getattr(next(iter(getattr(original, "args", ())), None), "status", None)
    sentence = getattr(status, "errorMessage", None) or original or error
    text = without_password(str(sentence).strip(), source.password)
    first = text.splitlines()[0] if text else type(error).__name__
    if type(original).__name__ in {"QueryCanceled", "InterruptException"}:
        return f"the database did not answer within {format_duration(source.patience)} ({first})"
    return f"the database said: {first}"


def cannot_be_read(error: SQLAlchemyError | CannotCountError, source: Source) -> RolloutError:
    """The same as an error, for those who do not count but look at single runs."""
    cause = error.__cause__ if isinstance(error, CannotCountError) else error
    what = said(error, source) if isinstance(error, SQLAlchemyError) else str(error)
    message = f"the runs cannot be read: {what}"
    if isinstance(cause, OperationalError):  # no connection, or no answer in time
        return DatabaseUnreachable(message, "run again when the database answers")
    return Refused(message, _MEND)
