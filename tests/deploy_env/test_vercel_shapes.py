import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.deploy_env.vercel_shapes import (
    StoredVariable,
    UnexpectedShape,
    decrypted_value,
    deployment_page,
    failures,
    project_in_production,
    stored_deployment,
    stored_variable,
    variable_page,
)

VARIABLE = {"id": "env1", "key": "A", "type": "plain", "value": "1", "target": ["production"]}
DEPLOYMENT = {"uid": "dpl_1", "name": "shop", "createdAt": 1_000, "readyState": "READY"}


def _variable(**more: object) -> StoredVariable:
    return stored_variable({**VARIABLE, **more})


@pytest.mark.parametrize(
    ("more", "value", "must_be_decrypted"),
    [
        ({}, "1", False),
        ({"type": "encrypted", "decrypted": True}, "1", False),
        ({"type": "encrypted", "decrypted": False}, None, True),
        ({"type": "encrypted"}, None, True),
        ({"type": "sensitive"}, None, False),
        ({"type": "sensitive", "decrypted": True}, None, False),
        ({"type": "system"}, None, False),
        ({"type": "secret"}, None, False),
        ({"type": "invented"}, None, False),
        ({"value": None}, None, False),
        ({"value": "\ud800"}, None, False),
    ],
)
def test_a_value_is_what_is_shown_in_clear(
    more: dict[str, object], value: str | None, must_be_decrypted: object
) -> None:
    assert _variable(**more).value == value
    assert _variable(**more).must_be_decrypted is must_be_decrypted


@pytest.mark.parametrize(
    ("more", "targets"),
    [
        ({"target": ["production", "preview"]}, {"production", "preview"}),
        ({"target": "preview"}, {"preview"}),
        ({"target": None}, set()),
        ({"target": [], "customEnvironmentIds": ["env_staging"]}, {"env_staging"}),
        ({"customEnvironmentIds": ["env_staging"]}, {"production", "env_staging"}),
    ],
)
def test_custom_environments_are_targets_too(more: dict[str, object], targets: set[str]) -> None:
    assert _variable(**more).targets == targets


def test_times_are_milliseconds() -> None:
    assert _variable(updatedAt=1_500).updated_at == datetime(1970, 1, 1, 0, 0, 1, 500_000, UTC)
    assert _variable().updated_at is None


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        "text",
        {},
        {**VARIABLE, "id": None},
        {**VARIABLE, "id": "../escape"},
        {**VARIABLE, "id": 7},
        {**VARIABLE, "type": "a\nb"},
        {**VARIABLE, "value": 1},
        {**VARIABLE, "target": [1]},
        {**VARIABLE, "target": ["\x1b[2J"]},
        {**VARIABLE, "updatedAt": True},
        {**VARIABLE, "updatedAt": 10**30},
        {**VARIABLE, "updatedAt": "today"},
    ],
)
def test_what_is_no_variable_is_refused(entry: object) -> None:
    with pytest.raises(UnexpectedShape):
        stored_variable(entry)


def test_a_page_tells_of_the_wanted_ones_only() -> None:
    odd = {"key": "ODD", "type": 7}
    body = {"envs": [VARIABLE, odd], "pagination": {"count": 2, "next": 5, "prev": None}}
    found, after = variable_page(body, {"A"})
    assert ([variable.key for variable in found], after) == (["A"], 5)
    assert variable_page({"envs": []}, {"A"}) == ([], None)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"envs": None},
        {"envs": {}},
        {"envs": [], "pagination": []},
        {"envs": [], "pagination": {"next": "later"}},
        {"envs": [{}]},
        {"envs": [], "hiddenProductionEnvCount": 3},
        VARIABLE,
    ],
)
def test_a_list_that_is_not_complete_is_refused(body: object) -> None:
    with pytest.raises(UnexpectedShape):
        variable_page(body, {"A"})


def test_a_value_that_was_asked_for() -> None:
    assert decrypted_value({"value": "1", "decrypted": True}) == "1"
    assert decrypted_value({"value": "1"}) == "1"
    assert decrypted_value({"value": "cipher", "decrypted": False}) is None
    assert decrypted_value({"decrypted": False}) is None
    assert decrypted_value({}) is None


def test_failures_of_a_creation() -> None:
    assert failures({"created": VARIABLE, "failed": []}) == []
    error = {"error": {"code": "NO", "message": "not so"}}
    assert failures({"failed": [error, {"error": {}}]}) == [("NO", "not so"), ("", "")]
    for body in ({}, {"failed": None}, {"failed": [7]}, {"failed": [{}]}):
        with pytest.raises(UnexpectedShape):
            failures(body)


@pytest.mark.parametrize(
    ("more", "is_live", "has_failed"),
    [
        ({"aliasAssigned": True}, True, False),
        ({"aliasAssigned": 1_767_225_600_000}, True, False),
        ({"aliasAssigned": True, "readySubstate": "PROMOTED"}, True, False),
        ({"aliasAssigned": True, "readySubstate": "STAGED"}, False, False),
        ({"aliasAssigned": True, "readySubstate": "ROLLING"}, False, False),
        ({"aliasAssigned": False}, False, False),
        ({"aliasAssigned": None}, False, False),
        ({}, False, False),
        ({"readyState": "BUILDING", "aliasAssigned": True}, False, False),
        ({"readyState": "INVENTED"}, False, False),
        ({"readyState": "ERROR"}, False, True),
        ({"readyState": "CANCELED"}, False, True),
        ({"readyState": "BLOCKED"}, False, True),
        ({"readyState": "DELETED"}, False, True),
    ],
)
def test_live_is_ready_and_aliased(
    more: dict[str, object], is_live: object, has_failed: object
) -> None:
    found = stored_deployment({**DEPLOYMENT, **more})
    assert (found.is_live, found.has_failed) == (is_live, has_failed)


def test_a_deployment_in_a_list_or_alone() -> None:
    alone = {**DEPLOYMENT, "id": "dpl_2", "createdAt": 2_000}
    del alone["uid"]
    found = deployment_page({"deployments": [DEPLOYMENT, alone]})
    assert [deployment.id for deployment in found] == ["dpl_2", "dpl_1"]
    older = {**DEPLOYMENT, "state": "ERROR", "errorCode": "X", "errorMessage": "broke"}
    del older["readyState"]
    assert stored_deployment(older).reason == "X: broke"


def test_the_deployment_in_production() -> None:
    project = {"name": "shop", "targets": {"production": DEPLOYMENT}}
    name, live = project_in_production(project)
    assert live
    assert (name, live.id) == ("shop", "dpl_1")
    for targets in (None, {}, {"production": None}):
        assert project_in_production({"name": "shop", "targets": targets}) == ("shop", None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        [*VARIABLE, *DEPLOYMENT, "envs", "pagination", "failed", "deployments", "targets"]
    ),
    JSON,
)


@given(body=JSON | FIELDS | st.fixed_dictionaries({"envs": st.lists(FIELDS)}))
def test_nonsense_is_refused_and_never_a_bug(body: object) -> None:
    for read in (
        stored_variable,
        decrypted_value,
        failures,
        stored_deployment,
        deployment_page,
        project_in_production,
        lambda page: variable_page(page, {"A"}),
    ):
        with contextlib.suppress(UnexpectedShape):
            read(body)
