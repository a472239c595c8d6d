"""What passes validation never turns anybody off on the way up: a property, tried to break."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from controller.config.loader import examine
from controller.config.sources import from_mapping
from controller.domain.merchant import Merchant
from controller.domain.targeting import Rule, rule_at
from tests.config import strategies
from tests.config.repository import spoiled
from tests.config.writing import as_yaml

NOW = datetime(2026, 11, 23, tzinfo=UTC)
IDS = [f"m{number}" for number in range(40)]
MERCHANTS = [
    Merchant(name, f"{name}.myshopify.com", is_active=True, created_at=NOW - timedelta(days=age))
    for age, name in enumerate(IDS)
]
AUDIENCES = st.one_of(
    st.fixed_dictionaries({"percent": st.sampled_from([5, 10, "12.5%", 50, 99, "99.99%", 100])}),
    st.fixed_dictionaries(
        {"merchants": st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True)}
    ),
)
LADDERS = st.lists(AUDIENCES, min_size=1, max_size=5)


def look(ladder, eligible):
    rollout = {
        "flag": "checkout",
        "phase": "off",
        "bucketing": {"salt": "checkout", "version": 1},
        "eligible": eligible,
        "phases": [{"name": f"p{position}", **phase} for position, phase in enumerate(ladder)],
    }
    files = spoiled(
        {"rollout/checkout.yaml": as_yaml(rollout), "rollout/waivers/shop-down.yaml": None}
    )
    return examine(from_mapping(files))


ELIGIBLE = st.fixed_dictionaries(
    {
        "min_merchant_age": st.sampled_from(["0s", "10d", "1000d"]),
        "exclude": st.lists(st.sampled_from(IDS), max_size=10, unique=True),
    }
)


@settings(max_examples=100)
@given(LADDERS, ELIGIBLE)
def test_a_merchant_in_one_phase_is_in_every_later_one(ladder, eligible):
    examined = look(ladder, eligible)
    if examined.configuration is None:
        assert {p.code.id for p in examined.problems if p.is_error} == {"RC404"}
        return
    rollout = examined.configuration.rollouts["demo"]["checkout"]
    for merchant in MERCHANTS:
        on = [
            rule_at(rollout, position, merchant, NOW) is not Rule.OFF
            for position in range(rollout.last_position + 1)
        ]
        assert all(later or not earlier for earlier, later in pairwise(on)), merchant.id


@settings(max_examples=50)
@given(strategies.ladders())
def test_rising_ladders_are_never_refused(phases):
    ladder = [
        {"percent": str(phase.percent)} if phase.percent else {"merchants": list(phase.merchants)}
        for phase in phases
    ]
    examined = look(ladder, {})
    assert [problem for problem in examined.problems if problem.is_error] == []


def test_a_phase_without_audience_is_one_problem_not_two():
    examined = look([{"percent": 10}, {"soak": "1d"}], {})
    assert [p.code.id for p in examined.problems if p.is_error] == ["RC217"]
