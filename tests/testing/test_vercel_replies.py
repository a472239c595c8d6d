import pytest

from controller.testing import FakeClock
from controller.testing import vercel_replies as replies
from controller.testing.vercel_project import FakeProject


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def project(clock: FakeClock) -> FakeProject:
    return FakeProject("shop", clock, build_seconds=10, alias_seconds=5)


def test_a_variable_shows_only_what_it_has(project: FakeProject) -> None:
    plain = replies.variable(project.put("A", "1", ["preview"], "plain"), decrypted=False)
    assert (plain["value"], plain["decrypted"]) == ("1", True)
    assert not {"gitBranch", "comment", "system"} & set(plain)
    stored = project.put("A", "1", ["preview"], "system", "feature")
    stored.comment = "why"
    system = replies.variable(stored, decrypted=True)
    assert (system["gitBranch"], system["comment"], system["system"]) == ("feature", "why", True)
    assert system["value"] != "1"


def test_a_secret_value_is_not_there_at_all(project: FakeProject) -> None:
    shown = replies.one_variable(project.put("A", "1", ["production"], "sensitive"))
    assert "value" not in shown
    assert shown["decrypted"] is False


def test_a_deployment_says_when_it_was_aliased(project: FakeProject, clock: FakeClock) -> None:
    deployment = project.deploy()
    seen = []
    for _ in range(3):
        listed = replies.listed_deployment(project, deployment)
        alone = replies.deployment(project, deployment)
        assert listed["readyState"] == alone["readyState"] == alone["status"]
        assert bool(listed["aliasAssigned"]) == alone["aliasAssigned"]
        seen.append((alone["readyState"], alone["aliasAssigned"], alone.get("readySubstate")))
        clock.advance(11)
    assert seen == [
        ("QUEUED", False, None),
        ("READY", False, "STAGED"),
        ("READY", True, "PROMOTED"),
    ]


def test_a_failed_deployment_says_why(project: FakeProject, clock: FakeClock) -> None:
    deployment = project.deploy(outcome="ERROR")
    clock.advance(60)
    assert replies.deployment(project, deployment)["errorCode"] == "BUILD_FAILED"


def test_a_preview_has_no_target(project: FakeProject) -> None:
    deployment = project.deploy(target="preview")
    assert replies.deployment(project, deployment)["target"] is None
    assert replies.listed_deployment(project, deployment)["target"] is None


def test_a_project_without_deployments_has_no_targets(project: FakeProject) -> None:
    assert replies.project(project)["targets"] == {}


def test_a_creation_that_failed_names_its_variable() -> None:
    (failed,) = replies.not_created("A", ["production"])["failed"]
    assert (failed["error"]["envVarKey"], failed["error"]["target"]) == ("A", ["production"])
