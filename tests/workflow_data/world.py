"""A small app to count in: rows by hand, the same in every engine, and the question about them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from controller.config.app_names import RunColumnKeys, RunTableKeys
from controller.domain.environment import (
    CustomMeasure,
    DatabaseSettings,
    Environment,
    GuardrailLimits,
    MerchantTables,
    OnRollback,
    SchemaOwner,
    WorkflowDataSettings,
)
from controller.domain.gate_policy import (
    Criterion,
    DeterministicGate,
    GatePolicy,
    GateTiming,
    SequentialGate,
    WorstMerchant,
)
from controller.domain.units import Percent
from controller.gate.counts import Uncounted
from controller.workflow_data.interface import Cohort, Question

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=3)
TIMING = GateTiming(timedelta(0), timedelta(minutes=30), timedelta(hours=24), timedelta(days=14))
ORDER_RATES = ("purchase_order_created", "line_items_extracted", "data_complete", "shopify_synced")


def minutes(amount: float) -> timedelta:
    return timedelta(minutes=amount)


@dataclass(frozen=True)
class Run:
    id: str
    merchant: str
    status: str | None = "completed"
    created: datetime | None = SINCE + timedelta(hours=1)
    completed: datetime | None = SINCE + timedelta(hours=1, minutes=4)


@dataclass(frozen=True)
class Order:
    id: str
    run: str | None
    merchant: str | None = "m1"
    number: str | None = "PO-1"
    supplier: str | None = "s1"
    total: str | None = "30.00"
    shopify: str | None = "gid-1"
    sync: str | None = "synced"


@dataclass(frozen=True)
class Item:
    id: str
    order: str
    amount: str | None = "30.00"


@dataclass
class World:
    runs: list[Run] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def run(
        self,
        key: str,
        merchant: str = "m1",
        *,
        after: timedelta = timedelta(hours=1),
        took: timedelta | None = timedelta(minutes=4),
        status: str | None = "completed",
    ) -> Run:
        created = SINCE + after
        run = Run(key, merchant, status, created, None if took is None else created + took)
        self.runs.append(run)
        return run

    def order(self, run: str | None, **fields: Any) -> Order:
        order = Order(f"o{len(self.orders)}", run, **fields)
        self.orders.append(order)
        return order

    def item(self, order: Order, amount: str | None = "30.00") -> None:
        self.items.append(Item(f"i{len(self.items)}", order.id, amount))


def environment(
    *,
    amounts: bool = True,
    schema: str = "public",
    measures: Iterable[CustomMeasure] = (),
    **changes: Any,
) -> Environment:
    columns = RunColumnKeys().model_dump(by_alias=True, exclude_none=True)
    if amounts:
        columns["line_item.amount"] = "totalCost"
    settings = WorkflowDataSettings(
        "WORKFLOW_DATABASE_URL",
        RunTableKeys().model_dump(),
        columns,
        ("completed",),
        ("failed",),
        ("synced",),
        timedelta(days=60),
        tuple(measures),
    )
    database = DatabaseSettings(
        "DATABASE_URL",
        schema,
        SchemaOwner.MANAGED,
        MerchantTables(),
        timedelta(minutes=1),
        timedelta(seconds=5),
    )
    return Environment(
        "production",
        database,
        None,
        replace(settings, **changes),
        GuardrailLimits(None, None, never_to_empty=True),
        (),
        (),
        OnRollback.REPORT,
    )


def percent(number: float) -> Percent:
    return Percent(round(number * 100))


def criterion(name: str, **more: Any) -> Criterion:
    return Criterion(name, percent(95), percent(85), **more)


RAMP = SequentialGate(
    "ramp",
    TIMING,
    20,
    4,
    3,
    (
        criterion("completed"),
        criterion("on_time", within=minutes(10)),
        *(criterion(name) for name in ORDER_RATES),
    ),
    ("duplicate_orders", "corrupted"),
    WorstMerchant("completed", 2, percent(70)),
    0.05,
    0.05,
)
PILOT = DeterministicGate(
    "pilot",
    TIMING,
    1,
    minutes(10),
    minutes(30),
    1,
    1,
    ORDER_RATES,
    ("duplicate_orders", "corrupted"),
)


def question(
    policy: GatePolicy = RAMP,
    cohort: Mapping[str, datetime] | Iterable[str] | None = None,
    **more: Any,
) -> Question:
    given = None
    if cohort is not None:
        since = cohort if isinstance(cohort, Mapping) else dict.fromkeys(cohort, SINCE)
        given = Cohort(since)
    values: dict[str, Any] = {
        "environment": "production",
        "flag": "sequential_workflow",
        "phase": "10%",
        "policy": policy,
        "applied": "10%",
        "since": SINCE,
        "halted": None,
        "column": "enableSequentialWorkflow",
        "now": NOW,
        "baseline": Uncounted("not measured"),
        "cohort": given,
    }
    return Question(**{**values, **more})
