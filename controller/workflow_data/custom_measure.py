"""A company's own measure: one SELECT, checked by parsing, read as a row a run.

Before it is counted. It is reviewed policy and runs read-only, but a typing error must not become a
statement of another kind, and a function must not reach out of the database.
"""

from typing import Final

import sqlalchemy as sa
import sqlglot
from sqlalchemy.sql.expression import Subquery
from sqlglot import expressions as exp
from sqlglot.errors import ParseError, SqlglotError

from controller.workflow_data.flavour import Flavour

_DIALECTS: Final = {
    Flavour.POSTGRESQL: "postgres",
    Flavour.DUCKDB: "duckdb",
    Flavour.SPARK: "spark",
}
_HARMLESS: Final = frozenset(
    {"btrim", "date_part", "nullif", "starts_with", "jsonb_extract_path_text", "json_value"}
)
"""Functions that sqlglot has no class for and that only compute."""

_FORBIDDEN: Final[tuple[type[exp.Expr], ...]] = (
    exp.DML,
    exp.DDL,
    exp.Command,
    exp.Into,
    exp.Lock,
    exp.Placeholder,
    exp.Parameter,
    exp.NextValueFor,
    exp.ReadCSV,
    exp.ReadParquet,
)


def checked(sql: str, flavour: Flavour) -> str:
    """The measure as a SELECT with the columns `run` and `good`.

    Args:
        sql: As the environment's file has it.
        flavour: The engine it is for.

    Raises:
        ValueError: It is not exactly one harmless SELECT of two columns; the text says why.
    """
    dialect = _DIALECTS.get(flavour)
    statements = _parsed(sql, dialect)
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise ValueError("it must be exactly one SELECT")
    select = statements[0]
    for node in select.walk():
        _refuse(node, select)
    if len(select.selects) != len(_COLUMNS) or select.is_star:
        raise ValueError("it must select two columns: the run's id, and whether it is good")
    named = [
        exp.alias_(one.unalias(), name) for one, name in zip(select.selects, _COLUMNS, strict=True)
    ]
    return select.select(*named, append=False).sql(dialect=dialect, comments=False)


_COLUMNS: Final = ("run", "good")


def _parsed(sql: str, dialect: str | None) -> list[exp.Expr]:
    try:
        return [one for one in sqlglot.parse(sql, read=dialect) if one is not None]
    except SqlglotError as error:
        # Its message has the terminal's escape sequences in it.
        where = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
        place = f" in line {where['line']}" if where.get("line") else ""
        raise ValueError(f"it cannot be read as SQL{place}") from error


def _refuse(node: exp.Expr, whole: exp.Select) -> None:
    if isinstance(node, _FORBIDDEN) and node is not whole and not isinstance(node, exp.Query):
        raise ValueError(f"{node.key.upper()} is not allowed in it")
    if isinstance(node, exp.Anonymous) and node.name.lower() not in _HARMLESS:
        raise ValueError(f"the function {node.name} is not known to be harmless")


def facts(sql: str) -> Subquery:
    """The measure's answers as one row a run: `run`, and `good` as 0 or 1.

    Args:
        sql: As `checked` returned it. A run with several rows is good when all of them are.
    """
    columns = sa.column("run", sa.Text), sa.column("good", sa.Boolean)
    rows = sa.text(sql.replace(":", r"\:")).columns(*columns).subquery("measure")
    good = sa.func.min(sa.case((rows.c.good, 1), else_=0)).label("good")
    return sa.select(rows.c.run, good).group_by(rows.c.run).subquery("facts")
