import pytest

from controller.testing import Fault, FaultPlan


def _struck(plan: FaultPlan, *requests: tuple[str, str]) -> list[Fault | None]:
    return [plan.strike(method, path) for method, path in requests]


GETS = [("GET", "/a")] * 4


def test_nothing_happens_by_itself() -> None:
    assert _struck(FaultPlan(), *GETS) == [None] * 4


@pytest.mark.parametrize(
    ("at", "times", "struck"),
    [
        (1, 1, [True, False, False, False]),
        (2, 1, [False, True, False, False]),
        (2, 2, [False, True, True, False]),
        (3, None, [False, False, True, True]),
        (9, 1, [False, False, False, False]),
    ],
)
def test_it_happens_when_it_was_said(at: int, times: int | None, struck: list[bool]) -> None:
    plan = FaultPlan()
    plan.add(Fault.RESET, at=at, times=times)
    assert [fault is not None for fault in _struck(plan, *GETS)] == struck
    assert plan.happened == [Fault.RESET] * sum(struck)


def test_only_requests_that_match_are_counted() -> None:
    plan = FaultPlan()
    plan.add(Fault.RESET, at=2, method="POST", path="/env")
    requests = [("POST", "/env"), ("GET", "/env"), ("POST", "/other"), ("POST", "/x/env/1")]
    assert _struck(plan, *requests) == [None, None, None, Fault.RESET]


def test_the_first_that_was_added_happens() -> None:
    plan = FaultPlan()
    plan.add(Fault.SLOW)
    plan.add(Fault.RESET, times=2)
    assert _struck(plan, *GETS[:3]) == [Fault.SLOW, Fault.RESET, None]


def test_some_happen_to_some_requests_only() -> None:
    plan = FaultPlan()
    plan.add(Fault.CREATE_FAILED, times=None)
    plan.add(Fault.DEPLOYMENT_ERROR, times=None)
    requests = [
        ("GET", "/v10/projects/shop/env"),
        ("POST", "/v10/projects/shop/env"),
        ("GET", "/v13/deployments/1"),
        ("POST", "/v13/deployments"),
        ("POST", "/v1/integrations/deploy/x"),
    ]
    assert _struck(plan, *requests) == [
        None,
        Fault.CREATE_FAILED,
        None,
        Fault.DEPLOYMENT_ERROR,
        Fault.DEPLOYMENT_ERROR,
    ]


def test_healing_ends_it() -> None:
    plan = FaultPlan()
    plan.add(Fault.RESET, times=None)
    plan.clear()
    assert _struck(plan, *GETS) == [None] * 4
