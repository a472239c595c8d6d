"""The definition is canonical, and its evaluators, Python's and Node's, say what `explain` says."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.instants import whole_seconds
from controller.domain.merchant import Merchant
from controller.domain.resolution import resolve
from controller.domain.targeting import decide
from controller.inquiry.export import Export
from controller.render.flagd import LONG_LIST, caveats, definition
from controller.render.flagd.rules import AGE_ATTRIBUTE
from tests.domain.company import Company
from tests.domain.strategies import DAY, any_id, flag, flags, ladder, override, phase
from tests.node_packages import installed

CORE, OF_ALL = "@openfeature/flagd-core@4.0.1", "@openfeature/core@1.11.0"
NOW = datetime.now(UTC)  # the evaluators read the machine's clock
YOUNG, OLD = NOW - 3 * DAY, NOW - 400 * DAY
MERCHANTS = {
    **{f"clx{number:04}": OLD for number in range(300)},
    **{f"young{number:02}": YOUNG for number in range(40)},
    "0": OLD,
    'quote"back\\slash': OLD,
    "line\nend": OLD,
    "café-müller": OLD,
    "株式会社": OLD,
}
FLAGS = (
    flag("pilot", ladder("clx0001"), key="by_name"),
    flag("off", ladder("clx0001"), key="is_off"),
    flag("100%", key="everyone", overrides=[override("clx0003", value=False)]),
    flag("off", key="globally", globally_on=True),
    flag("50%", key="halted"),
    flag(None, key="no_rollout", overrides=[override("0", value=True)]),
    flag(
        "50%",
        (
            phase("pilot", "clx0001", "young01", 'quote"back\\slash'),
            phase("50%", percent=50),
            phase("60%", "young02", percent=60),
        ),
        key="share",
        min_age=30 * DAY,
        exclude=["clx0005", "clx0006", "clx0007"],
        overrides=[
            override("clx0010", value=True),
            override("clx0011", value=False),
            override("clx0012", value=True, expires=(NOW + DAY).date()),
            override("clx0013", value=True, expires=(NOW - DAY).date()),
        ],
    ),
)


def exported(*given, ids=MERCHANTS, fractional=False, **fields: Any) -> Export:
    desired = tuple(sorted(given or FLAGS, key=lambda one: one.key))
    halts = frozenset({"halted"})
    resolved = resolve(desired, halts, NOW, Company(dict(ids)).batches([]))
    shown = None if fractional else resolved
    export = Export("test", 3, "a" * 40, NOW, desired, halts, True, (), shown)
    return replace(export, **fields)


def text(export: Export) -> str:
    return "".join(definition(export))


def questions(ids=MERCHANTS, given=FLAGS) -> list[tuple[str, str, dict[str, int]]]:
    return [
        (one.key, id_, {AGE_ATTRIBUTE: whole_seconds(created)})
        for one in given
        for id_, created in ids.items()
    ]


def told(ids=MERCHANTS, given=FLAGS) -> list[bool]:
    """What `explain` says to the questions."""
    return [
        one.flag.globally_on
        or decide(one, Merchant(id_, "", True, created), NOW, halted=one.key == "halted").value
        for one in given
        for id_, created in ids.items()
    ]


def assert_canonical(written: str) -> None:
    assert written == json.dumps(json.loads(written), indent=2, sort_keys=True) + "\n"


@given(flags("a"), flags("b"), st.lists(any_id, unique=True, max_size=9), st.booleans())
def test_it_is_canonical_whatever_it_holds(one, other, ids, fractional):
    ids = dict.fromkeys(["m1", *ids], OLD)
    assert_canonical(text(exported(one, other, ids=ids, fractional=fractional)))


def test_without_flags_it_is_a_definition_all_the_same():
    empty = text(replace(exported(), flags=(), resolved=()))
    assert_canonical(empty)
    assert json.loads(empty)["flags"] == {}


def test_long_lists_come_in_pieces():
    ids = dict.fromkeys((f"m{number:06}" for number in range(25_001)), OLD)
    export = exported(flag("50%", key="half"), ids=ids)
    assert_canonical(text(export))
    assert max(map(len, definition(export))) < 400_000
    listed = json.loads(text(export))["flags"]["half"]["targeting"]["if"][0]["in"][1]
    assert listed == sorted(listed)
    assert len(listed) > LONG_LIST
    assert f"half lists {len(listed):,} merchants" in next(caveats(export))


def test_the_metadata_are_scalars_and_say_what_it_is_of():
    for fractional in (True, False):
        found = json.loads(text(exported(fractional=fractional)))
        assert found["metadata"] == {
            "environment": "test",
            "revision": "a" * 40,
            "generation": 3,
            "asOf": f"{NOW:%Y-%m-%dT%H:%M:%SZ}",
            "form": "fractional" if fractional else "resolved",
            "applied": True,
        }
        for one in found["flags"].values():
            assert all(isinstance(value, str | bool | int) for value in one["metadata"].values())
            assert one.keys() <= {"state", "variants", "defaultVariant", "targeting", "metadata"}
    assert found["flags"]["halted"]["metadata"]["halted"] is True


def test_rules_name_their_salt_and_generation_and_what_they_need():
    found = json.loads(text(exported(fractional=True)))["flags"]
    assert found["share"]["metadata"] == {
        "phase": "50%",
        "halted": False,
        "fractionalGeneration": 2,
        "salt": "seq",
        "bucketingVersion": 1,
        "needsAttribute": AGE_ATTRIBUTE,
    }
    assert found["halted"]["metadata"] == {"phase": "50%", "halted": True}
    said = list(caveats(exported(fractional=True)))
    assert [line.split(":")[0] for line in said] == ["share", "share"]
    assert "generation 2" in said[0]
    assert AGE_ATTRIBUTE in said[1]
    assert list(caveats(exported())) == []


def test_what_is_not_applied_says_so():
    export = exported(pending=("share",))
    found = json.loads(text(export))
    assert found["metadata"]["applied"] is False
    assert found["flags"]["share"]["metadata"]["applied"] is False
    assert "applied" not in found["flags"]["halted"]["metadata"]
    assert next(caveats(export)) == "not applied yet as the files have it: share"
    older = exported(is_current=False)
    assert json.loads(text(older))["metadata"]["applied"] is False
    assert next(caveats(older)).startswith("the files are older")
    local = json.loads(text(exported(revision=None)))
    assert local["metadata"]["revision"] == "uncommitted"


# --- the evaluators -------------------------------------------------------------------------------


def python_says(written: str, ids=MERCHANTS, given=FLAGS) -> list[bool]:
    core = pytest.importorskip("openfeature.contrib.tools.flagd.core").FlagdCore()
    context = pytest.importorskip("openfeature.evaluation_context").EvaluationContext
    core.set_flags(written)
    return [
        core.resolve_boolean_value(key, not expected, context(id_, age)).value
        for (key, id_, age), expected in zip(questions(ids, given), told(ids, given), strict=True)
    ]


def node_says(written: str, ids=MERCHANTS) -> list[Any]:
    packages = installed("flagd-core-4.0.1", CORE, OF_ALL)
    script = Path(__file__).with_name("flagd_core.mjs")
    done = subprocess.run(
        ["node", str(script), str(packages)],
        input=json.dumps({"definition": written, "questions": questions(ids)}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["metadata"]["environment"] == "test"
    assert done.stderr == ""
    return answer["answers"]


def test_python_evaluates_the_lists_as_explain_does():
    assert python_says(text(exported())) == told()


def test_node_evaluates_the_lists_as_explain_does():
    assert node_says(text(exported())) == told()


def test_flagds_operators_with_the_older_hash_evaluate_the_rules_as_explain_does():
    evaluators = pytest.importorskip("tests.render.flagd.evaluators", exc_type=ImportError)
    found = json.loads(text(exported(fractional=True)))
    said = [evaluators.value(found, key, id_, NOW, **age) for key, id_, age in questions()]
    assert said == told()


def test_node_evaluates_the_rules_as_explain_does():
    """Its hash reads UTF-16: only for ids in ASCII is it flagd's second generation."""
    ascii_only = {id_: created for id_, created in MERCHANTS.items() if id_.isascii()}
    assert node_says(text(exported(fractional=True)), ascii_only) == told(ascii_only)


def test_another_generation_picks_other_merchants_and_that_is_why_the_caveat_stands():
    plain, ids = flag("50%", key="share"), dict.fromkeys(MERCHANTS, OLD)
    said = python_says(text(exported(plain, fractional=True)), ids, [plain])
    differ = [one != other for one, other in zip(said, told(ids, [plain]), strict=True)]
    assert 0.3 < sum(differ) / len(ids) < 0.7
