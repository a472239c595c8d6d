"""What the app's own migration must add, as Prisma lines and as SQL, for `schema: external`.

Shown beside a plan; nothing is executed. The SQL is the one that `schema: managed` would run.
"""

from collections.abc import Iterable, Sequence

from controller.domain.environment import MerchantTables
from controller.domain.plan import SchemaChange, SchemaStep
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.schema_steps import schema_statements


def sql_statements(
    steps: Iterable[SchemaStep], tables: MerchantTables, schema: str = "public"
) -> list[str]:
    """The statements, each with its semicolon."""
    app = AppTables(schema, tables)
    return [statement.as_string() + ";" for statement in schema_statements(steps, app)]


def prisma_lines(steps: Iterable[SchemaStep], tables: MerchantTables) -> str:
    """The lines for schema.prisma, ready to paste; every line ends with a line feed."""
    steps = tuple(steps)
    columns = [step.name for step in steps if step.kind is SchemaChange.ADD_COLUMN]
    flags = [(column, "Boolean", "@default(false)") for column in columns]
    if not any(step.kind is SchemaChange.CREATE_TABLE for step in steps):
        added = _aligned(flags)
        return "".join([f"// in model {tables.merchant_config}:\n", *added]) if added else ""
    back = tables.merchant_config[:1].lower() + tables.merchant_config[1:]
    return "".join(
        [
            f"model {tables.merchant_config} {{\n",
            *_aligned(_fields(flags, tables)),
            "}\n",
            f"// in model {tables.merchant}:\n",
            f"  {back} {tables.merchant_config}?\n",
        ]
    )


def _fields(
    flags: Sequence[tuple[str, str, str]], tables: MerchantTables
) -> list[tuple[str, str, str]]:
    relation = (
        f"@relation(fields: [{tables.config_merchant_id}], references: [{tables.merchant_id}], "
        "onDelete: Cascade)"
    )
    return [
        (tables.config_id, "String", "@id @default(cuid())"),
        (tables.config_merchant_id, "String", "@unique"),
        *flags,
        (tables.config_created_at, "DateTime", "@default(now())"),
        (tables.config_updated_at, "DateTime", "@updatedAt"),
        (tables.merchant[:1].lower() + tables.merchant[1:], tables.merchant, relation),
    ]


def _aligned(fields: Sequence[tuple[str, str, str]]) -> list[str]:
    """As `prisma format` would leave them."""
    name = max((len(field[0]) for field in fields), default=0)
    kind = max((len(field[1]) for field in fields), default=0)
    return [f"  {field[0]:<{name}} {field[1]:<{kind}} {field[2]}\n" for field in fields]
