"""The rights that docs/prisma.md grants are enough, and its Prisma lines are the ones printed."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from controller.domain.environment import MerchantTables
from controller.domain.plan import SchemaChange, SchemaStep
from controller.errors import Refused
from controller.merchant_store.external_schema import prisma_lines
from tests.merchant_store.builders import COLUMN, FLAG, Shop, desired, group, write

DOCUMENT = (Path(__file__).parents[2] / "docs" / "prisma.md").read_text(encoding="utf-8")
CREATE = (
    SchemaStep(SchemaChange.CREATE_TABLE, "MerchantConfig"),
    SchemaStep(SchemaChange.ADD_COLUMN, COLUMN),
)


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)


def _grants(first_words: str) -> str:
    [found] = [block for block in _blocks("sql") if block.startswith(first_words)]
    return found


@pytest.fixture
def role(server) -> Iterator[str]:
    name = f"rolloutctl_test_{uuid.uuid4().hex[:8]}"
    yield name
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute(f'DROP ROLE IF EXISTS "{name}"')


def _as(role: str, shop: Shop, *grants: str) -> Shop:
    for grant in grants:
        shop.execute(re.sub(r"\brolloutctl\b", role, grant))
    return Shop(re.sub(r"//[^@/]*@", f"//{role}@", shop.url))


def _revoked(role: str, shop: Shop) -> None:
    shop.execute(f'DROP OWNED BY "{role}" CASCADE')


def test_the_role_can_do_everything_but_change_the_schema(role: str, prisma_database: str):
    shop = Shop(prisma_database)
    shop.add("m1", "m2")
    shop.configure({"m1": False})
    limited = _as(role, shop, _grants("CREATE ROLE"))
    try:
        store = limited.store()
        assert store.commit(write(group("m1", "m2"), record=(desired(),))).changed == {FLAG: 2}
        assert store.halt(FLAG, reason="r", actor="a").changed == {FLAG: 2}
        store.resume(FLAG, reason="r", actor="a")
        with pytest.raises(Refused, match="lacks a right"):
            store.commit(
                write(generation=3, schema_steps=(SchemaStep(SchemaChange.ADD_COLUMN, "x"),))
            )
    finally:
        _revoked(role, shop)


def test_the_managed_role_can_create_the_table(role: str, database: str):
    shop = Shop(database)
    shop.add("m1")
    first = _grants("CREATE ROLE").replace(
        'GRANT SELECT, INSERT, UPDATE ON "MerchantConfig" TO rolloutctl;', ""
    )
    limited = _as(role, shop, first, _grants("GRANT CREATE"))
    try:
        limited.store().commit(write(group("m1"), schema_steps=CREATE))
        assert shop.on() == {"m1"}
    finally:
        _revoked(role, shop)


def test_the_rights_for_the_gates_name_tables_that_exist(role: str, database: str):
    shop = Shop(database)
    _as(role, shop, f"CREATE ROLE {role}", _grants('GRANT SELECT ON "WorkflowExecution"'))
    _revoked(role, shop)


def test_the_prisma_lines_are_the_ones_that_plan_prints():
    assert _blocks("prisma") == [prisma_lines(CREATE, MerchantTables())]


def test_the_query_on_the_history_works(prisma_database: str):
    shop = Shop(prisma_database)
    shop.store().commit(write())
    assert shop.execute(_grants("SELECT at")) == []
