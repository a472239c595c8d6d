"""The whole way: all problems at once, none hides another, and nothing else ever comes out."""

import gc
import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.config.loader import Examined, examine, load, load_files
from controller.config.problems import ProblemsFound
from controller.config.sources import from_mapping
from controller.domain.environment import Guardrail, OnRollback, SchemaOwner
from controller.domain.flag import DeployEnvHome, MerchantConfigHome, Override
from controller.domain.gate_policy import DeterministicGate, SequentialGate
from controller.domain.rollout import OFF
from controller.domain.units import Percent
from controller.errors import ExitCode, InvalidConfiguration
from tests.config.examples import EXAMPLES
from tests.config.repository import VALID, codes, look, spoiled


@pytest.fixture
def configuration():
    return load_files(spoiled({}))


def test_the_good_repository_has_no_problem():
    assert look().problems == ()
    assert look().configuration.warnings == ()


def test_a_flag_arrives_whole(configuration):
    flag = configuration.flags["checkout"]
    assert flag.merchant_config == MerchantConfigHome("enableCheckout")
    assert flag.deploy_env == DeployEnvHome("CHECKOUT", "1", "0", ("production",))
    assert flag.overrides == (
        Override("clx001", value=True, reason="asked for it", expires=date(2026, 12, 31)),
        Override("clx002", value=False, reason="custom integration"),
    )
    assert list(configuration.flags) == ["banner", "checkout"]


def test_a_rollout_is_in_its_phase_of_each_environment(configuration):
    demo, production = (configuration.desired(name, "abc") for name in ("demo", "production"))
    assert [(f.key, f.phase) for f in demo.flags] == [("banner", OFF), ("checkout", "10%")]
    assert [(f.key, f.phase) for f in production.flags] == [("banner", OFF), ("checkout", OFF)]
    rollout = demo.flags[1].rollout
    assert rollout.phases[0].merchants == ("clx007", "clx008")
    assert rollout.phases[1].percent == Percent(1_000)
    assert rollout.phases[1].soak == timedelta(days=2)
    assert rollout.eligible.exclude == {"clx009"}
    assert demo.revision == "abc"


def test_gates_come_by_flag_and_name_whether_shared_or_not(configuration):
    gates = configuration.desired("demo").gates["checkout"]
    assert isinstance(gates["smoke"], DeterministicGate)
    assert isinstance(gates["ramp"], SequentialGate)
    assert gates["smoke"].never == ("duplicate_orders", "corrupted")
    assert [criterion.name for criterion in gates["ramp"].criteria] == [
        *("completed", "on_time", "faster_than_baseline"),
    ]


def test_an_environment_arrives_whole(configuration):
    environment = configuration.environments["production"]
    assert environment.database.schema_owner is SchemaOwner.EXTERNAL
    assert environment.deploy_env.options == {
        "project": "shop",
        "team_id": "team_1",
        "token": "VERCEL_TOKEN",
        "redeploy": "auto",
        "redeploy_timeout": "10m",
    }
    assert environment.limits.max_changed_percent == Percent(5_000)
    assert environment.limits.max_changed_count is None
    assert environment.freezes[0].ends == datetime(2027, 1, 2, 23, tzinfo=UTC)
    assert environment.allowances[0].guardrail is Guardrail.SOAK_NOT_OVER
    assert environment.on_rollback is OnRollback.OPEN_REVERT
    assert environment.workflow_data.columns["run.merchant"] == "merchantId"
    assert "line_item.amount" not in environment.workflow_data.columns


def test_waivers_are_policy_of_every_environment(configuration):
    for name in ("demo", "production"):
        assert [w.criterion for w in configuration.desired(name).waivers] == ["shopify_synced"]


def test_the_order_of_files_does_not_matter():
    files = {name: text.encode() for name, text in VALID.items()}
    orders = itertools.islice(itertools.permutations(files), 0, 5_000, 700)
    loaded = [load_files({name: files[name] for name in order}) for order in orders]
    assert len({repr(one.desired("demo")) for one in loaded}) == 1


def test_a_problem_makes_everything_unusable():
    with pytest.raises(ProblemsFound) as raised:
        load_files(spoiled({"flags/banner.yaml": b"key: "}))
    assert isinstance(raised.value, InvalidConfiguration)
    assert raised.value.exit_code is ExitCode.INVALID
    assert raised.value.problems[0].place.file == "flags/banner.yaml"
    assert raised.value.message == "3 problems in 1 file; nothing was read from any of them"


def test_a_missing_folder_raises_too(tmp_path):
    with pytest.raises(ProblemsFound):
        load(tmp_path / "nowhere")


def test_warnings_never_fail():
    examined = look({"flags/checkout.yaml": ("2027-06-30", "2026-11-22")})
    assert [problem.code.id for problem in examined.problems] == ["RC311"]
    assert examined.configuration.warnings == examined.problems


def test_without_a_day_nothing_expires():
    changes = {"flags/checkout.yaml": ("2027-06-30", "2026-11-22")}
    assert look(changes, today=None).problems == ()


def test_the_last_day_still_counts():
    changes = {"flags/checkout.yaml": ("2026-12-31", "2026-11-23")}
    assert look(changes).problems == ()


FILES_WITH_EXAMPLES = [
    (code, changes)
    for code, examples in EXAMPLES.items()
    for changes in examples.values()
    if len(changes) == 1 and code != "RC801"  # a broken rule finds nothing, and says so
]


@pytest.mark.parametrize(
    ("one", "other"),
    [(a, b) for a, b in itertools.pairwise(FILES_WITH_EXAMPLES) if a[1].keys() != b[1].keys()],
    ids=lambda example: example[0],
)
def test_a_bad_file_never_hides_another(one, other):
    found = set(codes({**one[1], **other[1]}))
    assert {one[0], other[0]} <= found


def test_reading_and_shape_problems_of_one_file_come_together():
    text = "key: checkout\nkey: x\nowner: &a ann\nglobel: true\nexpires: never\n"
    assert codes({"flags/checkout.yaml": text}) == [
        *("RC201", "RC104", "RC105", "RC202", "RC214"),
    ]


def test_an_alias_is_not_also_a_value_of_the_wrong_kind():
    assert codes({"flags/checkout.yaml": ("A new checkout.", "*text")}) == ["RC105"]


def test_a_file_that_cannot_be_read_makes_nobody_else_wrong():
    for name in VALID:
        found = {problem.place.file for problem in look({name: "%"}).problems}
        assert found == {name}


def test_the_garbage_collector_is_left_as_it_was():
    look()
    assert gc.isenabled()
    gc.disable()
    try:
        look()
        assert not gc.isenabled()
    finally:
        gc.enable()


def is_clean(examined):
    """Either usable, or with problems that are safe to print and point into known files."""
    assert isinstance(examined, Examined)
    errors = [problem for problem in examined.problems if problem.is_error]
    assert (examined.configuration is None) is bool(errors)
    for problem in examined.problems:
        assert all(line.isprintable() for line in str(problem).split("\n"))
        assert (problem.place.line == 0) is (problem.place.column == 0)
        assert problem.as_json()["code"] == problem.code.id
    if examined.configuration:
        for name in examined.configuration.environments:
            examined.configuration.desired(name)
    return True


NAMES = st.sampled_from(sorted(VALID))
TOKENS = st.sampled_from(
    [
        *("off", "true", "null", "~", "[]", "{}", "0", "-1", "010", "1e9", "100%", "0%", "10m"),
        *("2026-02-30", "9999-12-31", "&a", "*a", "!!str x", "<<: {}", ": ", "- ", "\n", "'", '"'),
        *("#", "@", "\t", "\0", "\u202e", "\ud7ff", "pilot", "demo", "checkout", "a: b", "[[[["),
    ]
)


@st.composite
def mutations(draw):
    """The good repository with pieces of one file cut, doubled, swapped or replaced."""
    name = draw(NAMES)
    text = VALID[name]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 25)))
        piece = draw(TOKENS | st.text(max_size=6) | st.just(text[start:end] * 2))
        text = text[:start] + piece + text[end:]
    return {name: text.encode("utf-8", "surrogatepass")}


@settings(max_examples=200)
@given(mutations())
def test_a_mutated_file_gives_problems_or_a_configuration(changes):
    assert is_clean(look(changes))


@given(NAMES, st.binary(max_size=300))
def test_any_bytes_give_problems_or_a_configuration(name, data):
    assert is_clean(look({name: data}))


VALUES = st.recursive(
    TOKENS | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6) | TOKENS, inner, max_size=3)
    ),
    max_leaves=8,
)


def as_flow(value):
    """A value as YAML flow text, with whatever its strings do to it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {as_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_flow, value)) + "]"
    return value


KEYS = sorted(
    {line.split(":")[0] for t in VALID.values() for line in t.splitlines() if ":" in line}
)


@settings(max_examples=100)
@given(NAMES, st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6))
def test_random_values_under_real_keys_give_problems_or_a_configuration(name, values):
    text = "".join(f"{key}: {as_flow(value)}\n" for key, value in values.items())
    assert is_clean(look({name: text.encode("utf-8", "surrogatepass")}))


@given(st.dictionaries(st.text(max_size=30), st.binary(max_size=20), max_size=4))
def test_any_file_names_give_problems_or_a_configuration(files):
    everything = {name: text.encode() for name, text in VALID.items()}
    for folder in ("", "flags/", "rollout/", "rollout/gates/"):
        everything.update({folder + name: data for name, data in files.items()})
    assert is_clean(examine(from_mapping(everything)))
