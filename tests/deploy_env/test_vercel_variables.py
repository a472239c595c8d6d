import pytest

from controller.domain.deploy import Readability
from controller.errors import DeployEnvUnreachable, Refused, UsageError
from controller.testing import FakeVercel, Fault
from controller.testing.deploy_env_contract import NAME, change

TARGETS = ("development", "preview", "production")


def _writes(vercel: FakeVercel) -> list[tuple[str, str]]:
    return [(r.method, r.path) for r in vercel.requests if r.method != "GET"]


def test_a_variable_for_several_targets_is_patched_once(vercel: FakeVercel, open_vercel) -> None:
    identifier = vercel.set_variable(NAME, "0", TARGETS)
    env = open_vercel()
    for target in TARGETS:
        env.write(change(target, "1", TARGETS))
    assert _writes(vercel) == [("PATCH", f"/v9/projects/shop/env/{identifier}")]
    assert [vercel.stored_value(NAME, target) for target in TARGETS] == ["1", "1", "1"]


def test_each_target_is_created_by_its_own_request(vercel: FakeVercel, open_vercel) -> None:
    env = open_vercel()
    for target in TARGETS:
        env.write(change(target, "1", TARGETS))
    bodies = [request.body for request in vercel.requests if request.method == "POST"]
    assert [body["target"] for body in bodies] == [[target] for target in TARGETS]


def test_a_variable_that_covers_foreign_targets_is_refused(vercel: FakeVercel, open_vercel) -> None:
    vercel.set_variable(NAME, "0", ("production", "preview"))
    with pytest.raises(Refused, match="also the one for preview") as caught:
        open_vercel().write(change("production", "1", ("production",)))
    assert "a variable of its own" in caught.value.hint
    assert "sequential_workflow" in caught.value.hint
    assert _writes(vercel) == []


def test_but_it_may_hold_the_value_already(vercel: FakeVercel, open_vercel) -> None:
    vercel.set_variable(NAME, "1", ("production", "preview"))
    open_vercel().write(change("production", "1", ("production",)))
    assert _writes(vercel) == []


@pytest.mark.parametrize("kind", ["sensitive", "system", "secret"])
def test_what_cannot_be_read_back_is_not_managed(
    vercel: FakeVercel, open_vercel, kind: str
) -> None:
    vercel.set_variable(NAME, "1", ("production",), type=kind)
    env = open_vercel()
    (variable,) = env.read({NAME: TARGETS}).variables
    assert (variable.value, variable.readability) == (None, Readability.UNREADABLE)
    assert "docs/vercel.md" in variable.hint
    with pytest.raises(Refused, match=f"of the type {kind}") as caught:
        env.write(change("production", "1", TARGETS))
    assert "docs/vercel.md" in caught.value.hint
    assert _writes(vercel) == []


def test_plain_values_need_no_request_of_their_own(vercel: FakeVercel, open_vercel) -> None:
    vercel.set_variable(NAME, "1", ("production",), type="plain")
    (variable,) = open_vercel().read({NAME: TARGETS}).variables
    assert variable.value == "1"
    assert not any(request.path.startswith("/v1/") for request in vercel.requests)


def test_a_variable_of_a_branch_is_left_alone(vercel: FakeVercel, open_vercel) -> None:
    vercel.set_variable(NAME, "branch's own", ("preview",), branch="feature")
    env = open_vercel()
    env.write(change("preview", "1", TARGETS))
    assert vercel.stored_value(NAME, "preview") == "1"
    assert sorted((v.value, v.branch) for v in vercel.variables if v.key == NAME) == [
        ("1", None),
        ("branch's own", "feature"),
    ]
    shown = {variable.branch for variable in env.read({NAME: TARGETS}).variables}
    assert shown == {None, "feature"}


def test_two_variables_for_one_target_are_refused(vercel: FakeVercel, open_vercel) -> None:
    for _ in range(2):
        vercel.set_variable(NAME, "0")
    with pytest.raises(Refused, match="holds 2 variables"):
        open_vercel().write(change("production", "1", TARGETS))


def test_a_variable_that_appears_meanwhile_is_updated(vercel: FakeVercel, open_vercel) -> None:
    """Its creation answers with a conflict; the next look finds it."""
    vercel.fail(Fault.CREATE_FAILED)
    open_vercel().write(change("production", "1", TARGETS))
    assert vercel.stored_value(NAME) == "1"


def test_a_creation_that_always_fails_is_refused(vercel: FakeVercel, open_vercel) -> None:
    vercel.fail(Fault.CREATE_FAILED, times=None)
    with pytest.raises(Refused, match="ENV_ALREADY_EXISTS"):
        open_vercel().write(change("production", "1", TARGETS))
    assert len(_writes(vercel)) == 5


def test_a_write_that_may_not_be_is_not_repeated(vercel: FakeVercel, open_vercel) -> None:
    vercel.fail(Fault.FORBIDDEN, method="POST")
    with pytest.raises(Refused, match="403"):
        open_vercel().write(change("production", "1", TARGETS))
    assert len(_writes(vercel)) == 1


def test_a_write_that_never_arrives_is_an_error(vercel: FakeVercel, open_vercel) -> None:
    vercel.fail(Fault.RESET, method="POST", times=None)
    with pytest.raises(DeployEnvUnreachable, match="was lost"):
        open_vercel().write(change("production", "1", TARGETS))
    assert len(_writes(vercel)) == 5


@pytest.mark.parametrize("target", ["staging", "Production", "", "production,preview"])
def test_a_target_that_vercel_does_not_have_is_refused(
    vercel: FakeVercel, open_vercel, target: str
) -> None:
    env = open_vercel()
    with pytest.raises(UsageError, match="which Vercel does not have"):
        env.read({NAME: (target,)})
    with pytest.raises(UsageError):
        env.write(change(target, "1"))
    assert vercel.requests == ()


def test_a_hostile_name_or_value_is_only_text(vercel: FakeVercel, open_vercel) -> None:
    value = '{"x": 1}\r\nX-Injected: 1\x00 ünï ?&#%2f..'
    open_vercel().write(change("production", value, TARGETS, "A/../B?x=1#"))
    assert vercel.stored_value("A/../B?x=1#") == value
