"""The app's tables under their logical names.

Below every statement: the environment's file says what they are really called.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, TableClause

from controller.domain.environment import WorkflowDataSettings
from controller.workflow_data.flavour import Flavour

_TYPES: Final[dict[str, Any]] = {
    "run.created_at": sa.DateTime,
    "run.completed_at": sa.DateTime,
    "order.total": sa.Numeric,
    "line_item.amount": sa.Numeric,
    "line_item.created_at": sa.DateTime,
}


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Where to find things.

    Attributes:
        by_name: The tables by their logical names.
    """

    settings: WorkflowDataSettings
    by_name: Mapping[str, TableClause]

    @classmethod
    def of(cls, settings: WorkflowDataSettings, schema: str, flavour: Flavour) -> Self:
        """In the app's schema on PostgreSQL; on other engines where the address points."""
        place = schema if flavour is Flavour.POSTGRESQL else None
        return cls(settings, {name: _table(settings, name, place) for name in settings.tables})

    @property
    def run(self) -> TableClause:
        """The table of runs."""
        return self.by_name["run"]

    @property
    def order(self) -> TableClause:
        """The table of orders."""
        return self.by_name["order"]

    @property
    def line_item(self) -> TableClause:
        """The table of line items."""
        return self.by_name["line_item"]

    def column(self, logical: str) -> ColumnElement[Any]:
        """A column by its logical `table.column`."""
        return self.by_name[logical.partition(".")[0]].c[self.settings.columns[logical]]

    def has(self, logical: str) -> bool:
        """Whether the environment's file says what this column is called."""
        return logical in self.settings.columns


def _table(settings: WorkflowDataSettings, name: str, schema: str | None) -> TableClause:
    types = {
        real: _TYPES.get(logical, sa.Text)
        for logical, real in settings.columns.items()
        if logical.startswith(f"{name}.")
    }
    columns = (sa.column(real, kind) for real, kind in types.items())
    return sa.table(settings.tables[name], *columns, schema=schema)
