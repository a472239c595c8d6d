"""The JSON Schemas accept whatever the strict reader accepts, as editors' readers see it."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from controller.config.layout import Kind, Located, locate
from controller.config.model_schema import schema_of
from tests.config import strategies, writing
from tests.config.examples import EXAMPLES
from tests.config.repository import VALID, look, spoiled
from tests.config.writing import as_yaml

KINDS = [kind for kind in Kind if kind is not Kind.RULE]
VALIDATORS = {kind: Draft202012Validator(schema_of(kind)) for kind in KINDS}


def as_editors_see_it(text):
    """YAML 1.2; dates as text, which is what schemas can speak about."""
    loaded = YAML(typ="safe", pure=True).load(text)
    return json.loads(
        json.dumps(loaded, default=lambda value: value.isoformat() if is_day(value) else None)
    )


def is_day(value):
    return isinstance(value, date | datetime)


def errors(file, text):
    located = locate(file)
    assert isinstance(located, Located)
    found = VALIDATORS[located.kind].iter_errors(as_editors_see_it(text))
    return [f"{file}: {list(error.absolute_path)}: {error.message}" for error in found]


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_are_schemas(kind):
    Draft202012Validator.check_schema(schema_of(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_explained(kind):
    schema = schema_of(kind)
    for model in [schema, *schema.get("$defs", {}).values()]:
        for key, part in model.get("properties", {}).items():
            assert part["description"].endswith("."), key


@pytest.mark.parametrize("name", [name for name in VALID if name.endswith(".yaml")])
def test_the_good_repository_fits(name):
    assert errors(name, VALID[name]) == []


WARNED = [
    pytest.param(name, changes, id=f"{code}-{title}")
    for code, examples in EXAMPLES.items()
    for title, changes in examples.items()
    for name in changes
    if name in VALID and changes[name] is not None and look(changes).configuration is not None
]


@pytest.mark.parametrize(("name", "changes"), WARNED)
def test_what_only_has_warnings_fits(name, changes):
    assert errors(name, spoiled(changes)[name].decode()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"flags/checkout.yaml": ("clx001", "0123")},
        {"flags/checkout.yaml": ("clx001", "true")},
        {"flags/checkout.yaml": ("clx001", "1e5")},
        {"flags/checkout.yaml": ('enabled: "1"', "enabled: yes")},
        {"flags/checkout.yaml": ("A new checkout.", "2026")},
        {"flags/checkout.yaml": ("asked for it", "2026-01-01")},
        {"flags/checkout.yaml": ("A new checkout.", ">\n  folded\n  text\n")},
        {"rollout/checkout.yaml": ("percent: 10,", "percent: 10.5,")},
        {"rollout/checkout.yaml": ("percent: 10,", 'percent: "10.5%",')},
        {"rollout/checkout.yaml": ("{demo: 10%, production: off}", "off")},
        {"rollout/checkout.yaml": ("name: 100%", "name: 100")},
        {"rollout/checkout.yaml": ("salt: checkout", "salt: 12")},
        {
            "rollout/environments/demo.yaml": (
                "managed}",
                "managed}\nguardrails: {max_changed_percent: off}",
            )
        },
        {
            "rollout/environments/demo.yaml": (
                "managed}",
                "managed}\nguardrails: {max_changed_count: 7}",
            )
        },
        {"rollout/environments/demo.yaml": ("adapter: dotenv", "adapter: acme")},
    ],
    ids=lambda changes: next(iter(changes.values()))[1][:30],
)
def test_forms_that_the_reader_accepts_fit(changes):
    examined = look(changes)
    assert examined.problems == ()
    for name in changes:
        assert errors(name, spoiled(changes)[name].decode()) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("flags/checkout.yaml", ("global:", "globel:")),
        ("flags/checkout.yaml", ("clx001", "clx 001")),
        ("flags/checkout.yaml", ("expires: 2027-06-30", "expires:")),
        ("rollout/checkout.yaml", ("percent: 10,", "percent: 10, merchants: [a],")),
        ("rollout/checkout.yaml", ("method: deterministic", "method: fisher")),
        ("rollout/environments/production.yaml", ("project: shop", "projct: shop")),
        ("rollout/environments/production.yaml", (", team_id: team_1", "")),
        ("rollout/environments/demo.yaml", ("margin_kept", "Margin")),
    ],
)
def test_editors_see_common_mistakes_too(name, change):
    assert errors(name, spoiled({name: change})[name].decode()) != []


@settings(max_examples=30)
@given(strategies.flags())
def test_every_flag_fits(flag):
    assert errors("flags/feature.yaml", as_yaml(writing.flag(flag))) == []


@settings(max_examples=20)
@given(strategies.rollouts(), strategies.deterministic_gates(), strategies.sequential_gates())
def test_every_rollout_and_gate_fits(rollout, smoke, ramp):
    document = writing.rollout(rollout, {"demo": rollout.phase}, {"smoke": smoke, "ramp": ramp})
    assert errors("rollout/feature.yaml", as_yaml(document)) == []
    assert errors("rollout/gates/ramp.yaml", as_yaml(writing.gate(ramp))) == []


@settings(max_examples=20)
@given(strategies.environments())
def test_every_environment_fits(environment):
    text = as_yaml(writing.environment(environment))
    assert errors("rollout/environments/demo.yaml", text) == []
