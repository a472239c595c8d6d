"""The app's tables as they are called in SQL: every name quoted, none assumed.

Around every step. Statements are written with the words of `MerchantTables` in braces, so that they
read alike whatever the company calls its tables.
"""

from dataclasses import asdict, dataclass
from typing import LiteralString

from psycopg import sql

from controller.domain.environment import DatabaseSettings, MerchantTables


@dataclass(frozen=True, slots=True)
class AppTables:
    """The app's schema and the names in it.

    Attributes:
        schema: The PostgreSQL schema of the tables.
    """

    schema: str
    names: MerchantTables

    @classmethod
    def of(cls, settings: DatabaseSettings) -> "AppTables":
        """As the environment's file names them."""
        return cls(settings.schema, settings.tables)

    def sql(self, template: LiteralString, **more: sql.Composable) -> sql.Composed:
        """A statement with the names filled in.

        Args:
            template: `{merchant}` and `{merchant_config}` are the tables with their schema; every
                other field of `MerchantTables` is a column.
            more: Further placeholders of the template.
        """
        columns = {field: sql.Identifier(name) for field, name in asdict(self.names).items()}
        tables = {
            "merchant": sql.Identifier(self.schema, self.names.merchant),
            "merchant_config": sql.Identifier(self.schema, self.names.merchant_config),
        }
        return sql.SQL(template).format(**{**columns, **tables, **more})
