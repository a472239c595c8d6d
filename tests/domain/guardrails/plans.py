"""Small worlds for the guardrails' tests, and the refusals that their plans carry."""

from collections.abc import Mapping

from controller.domain.environment import Guardrail
from controller.domain.plan import Plan, Refusal
from controller.domain.planning import World, columns_of, make_plan
from tests.domain.company import Company


def planned(world: World, company: Company) -> Plan:
    """The plan for a company."""
    return make_plan(world, company.batches(columns_of(world.desired, world.ledger)))


def company(values: Mapping[str, bool | None], column: str = "enableSeq") -> Company:
    """A company of old merchants with values in one column."""
    return Company.of(values, column=column)


def some(on: int, off: int) -> Company:
    """Merchants `on0`, `on1`, ... that have it, and `off0`, ... that do not."""
    values = {f"on{i}": True for i in range(on)} | {f"off{i}": False for i in range(off)}
    return company(values)


def found(plan: Plan, guardrail: Guardrail) -> list[Refusal]:
    """The refusals of one guardrail."""
    return [refusal for refusal in plan.refusals if refusal.guardrail is guardrail]


def names(plan: Plan) -> set[Guardrail]:
    """The guardrails that were touched."""
    return {refusal.guardrail for refusal in plan.refusals}
