import pytest

from controller.testing import FakeClock
from controller.testing.vercel_project import ApiError, FakeProject


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def project(clock: FakeClock) -> FakeProject:
    return FakeProject("shop", clock, build_seconds=30, alias_seconds=5)


def test_a_deployment_goes_through_its_states(project: FakeProject, clock: FakeClock) -> None:
    deployment = project.deploy()
    seen = []
    for _ in range(8):
        state = deployment.state_at(project.now())
        seen.append((state, deployment.aliased_at(project.now())))
        clock.advance(5.01)
    assert seen == [
        ("QUEUED", False),
        ("QUEUED", False),
        ("INITIALIZING", False),
        ("INITIALIZING", False),
        ("BUILDING", False),
        ("BUILDING", False),
        ("READY", False),
        ("READY", True),
    ]


@pytest.mark.parametrize("outcome", ["ERROR", "CANCELED", "BLOCKED"])
def test_a_deployment_that_fails_never_goes_live(
    project: FakeProject, clock: FakeClock, outcome: str
) -> None:
    deployment = project.deploy(outcome=outcome)
    clock.advance(60)
    assert deployment.state_at(project.now()) == outcome
    assert project.live() is None


def test_the_app_sees_what_was_stored_when_it_was_deployed(
    project: FakeProject, clock: FakeClock
) -> None:
    stored = project.put("A", "0", ["production"])
    first = project.deploy()
    project.edit(stored.id, {"value": "1"})
    clock.advance(60)
    assert project.live() is first
    assert first.variables == {"A": "0"}
    second = project.deploy(origin=first)
    assert project.live() is first
    clock.advance(60)
    assert project.live() is second
    assert second.variables == {"A": "1"}


def test_a_redeployment_may_keep_the_old_ones(project: FakeProject) -> None:
    project.keeps_variables = True
    stored = project.put("A", "0", ["production"])
    first = project.deploy()
    project.edit(stored.id, {"value": "1"})
    assert project.deploy(origin=first).variables == {"A": "0"}
    assert project.deploy().variables == {"A": "1"}


def test_after_a_rollback_nothing_goes_live_by_itself(
    project: FakeProject, clock: FakeClock
) -> None:
    first = project.deploy()
    clock.advance(60)
    second = project.deploy()
    clock.advance(60)
    project.roll_back(first.id)
    third = project.deploy()
    clock.advance(60)
    assert project.live() is first
    assert [project.substate(d) for d in (first, second, third)] == [
        "PROMOTED",
        "PROMOTED",
        "STAGED",
    ]


def test_changes_have_an_order_even_if_time_stands_still(project: FakeProject) -> None:
    stored = project.put("A", "0", ["production"])
    deployment = project.deploy()
    project.edit(stored.id, {"value": "1"})
    assert stored.created_at < deployment.created_at < stored.updated_at


def test_upsert_updates_the_same_targets_and_conflicts_with_others(project: FakeProject) -> None:
    first = project.create("A", "0", ["production", "preview"], "plain", None, upsert=True)
    same = project.create("A", "1", ["preview", "production"], "plain", None, upsert=True)
    assert (same.id, same.value) == (first.id, "1")
    with pytest.raises(ApiError) as caught:
        project.create("A", "2", ["production"], "plain", None, upsert=True)
    assert (caught.value.status, caught.value.code) == (400, "ENV_CONFLICT")
    with pytest.raises(ApiError):
        project.create("A", "1", ["preview", "production"], "plain", None, upsert=False)
    project.create("A", "2", ["development"], "plain", None, upsert=True)
    project.create("A", "2", ["preview"], "plain", "feature", upsert=True)


def test_editing_never_makes_two_of_one(project: FakeProject) -> None:
    project.put("A", "0", ["production"])
    other = project.put("A", "0", ["preview"])
    with pytest.raises(ApiError, match="already exists"):
        project.edit(other.id, {"target": ["production"]})


def test_ciphertext_tells_nothing_of_the_value(project: FakeProject) -> None:
    one, two = (project.put("A", "same", [target]) for target in ("production", "preview"))
    assert one.ciphertext != two.ciphertext
    assert "same" not in one.ciphertext


def test_what_is_not_there_is_an_error(project: FakeProject) -> None:
    for ask in (project.variable, project.remove, project.deployment, project.roll_back):
        with pytest.raises(ApiError) as caught:
            ask("nothing")
        assert caught.value.status == 404
