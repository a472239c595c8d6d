"""What is printed for the app's migration: exact lines, and SQL that works."""

from controller.domain.environment import MerchantTables
from controller.domain.plan import SchemaChange, SchemaStep
from controller.merchant_store.external_schema import prisma_lines, sql_statements
from tests.merchant_store.builders import COLUMN, Shop, group, write

STEPS = (
    SchemaStep(SchemaChange.CREATE_TABLE, "MerchantConfig"),
    SchemaStep(SchemaChange.ADD_COLUMN, COLUMN),
    SchemaStep(SchemaChange.ADD_COLUMN, "fast"),
)

RELATION = "fields: [merchantId], references: [id], onDelete: Cascade"
MODEL = f"""\
model MerchantConfig {{
  id                       String   @id @default(cuid())
  merchantId               String   @unique
  enableSequentialWorkflow Boolean  @default(false)
  fast                     Boolean  @default(false)
  createdAt                DateTime @default(now())
  updatedAt                DateTime @updatedAt
  merchant                 Merchant @relation({RELATION})
}}
// in model Merchant:
  merchantConfig MerchantConfig?
"""
CREATE = """\
CREATE TABLE "public"."MerchantConfig" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "merchantId" TEXT NOT NULL UNIQUE,
  "enableSequentialWorkflow" BOOLEAN NOT NULL DEFAULT false,
  "fast" BOOLEAN NOT NULL DEFAULT false,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMP(3) NOT NULL,
  CONSTRAINT "MerchantConfig_merchantId_fkey"
    FOREIGN KEY ("merchantId") REFERENCES "public"."Merchant"("id")
    ON DELETE CASCADE ON UPDATE CASCADE
);"""


def test_a_new_table():
    assert prisma_lines(STEPS, MerchantTables()) == MODEL
    assert sql_statements(STEPS, MerchantTables()) == [CREATE]


def test_a_new_column():
    steps = STEPS[2:]
    assert prisma_lines(steps, MerchantTables()) == (
        "// in model MerchantConfig:\n  fast Boolean @default(false)\n"
    )
    assert sql_statements(steps, MerchantTables(), "shop") == [
        'ALTER TABLE "shop"."MerchantConfig" ADD COLUMN "fast" BOOLEAN NOT NULL DEFAULT false;'
    ]


def test_nothing_missing_needs_nothing():
    assert prisma_lines((), MerchantTables()) == ""
    assert sql_statements((), MerchantTables()) == []


def test_the_printed_statements_make_what_a_run_needs(young_shop: Shop):
    young_shop.add("m1")
    for statement in sql_statements(STEPS, MerchantTables()):
        young_shop.execute(statement)
    young_shop.store().commit(write(group("m1")))
    assert young_shop.on() == {"m1"}
