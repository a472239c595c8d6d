"""Canonical JSON: the same bytes for the same values, and back again."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from controller.domain.units import Percent
from controller.gate import codec
from controller.gate.counts import RateCount, Tally, Uncounted
from controller.gate.report import CheckName
from controller.gate.verdict import Verdict
from tests.gate.builders import rate


@dataclass(frozen=True, slots=True)
class Everything:
    text: str
    number: int
    share: float
    yes: bool
    percent: Percent
    at: datetime
    day: date
    span: timedelta
    verdict: Verdict
    check: CheckName
    items: tuple[Tally, ...]
    union: RateCount | Uncounted
    maybe: Tally | None
    mapping: Mapping[str, RateCount | Uncounted]


WHOLE = Everything(
    text="naïve \u2028 <b>",
    number=-3,
    share=0.1,
    yes=True,
    percent=Percent(1250),
    at=datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2))),
    day=date(2026, 2, 28),
    span=timedelta(days=1, microseconds=1),
    verdict=Verdict.FIX_MINOR,
    check=CheckName.SOAK,
    items=(Tally(1, 2), Tally(3, 4)),
    union=Uncounted("why"),
    maybe=None,
    mapping={"b": rate(1, 2), "a": Uncounted("gone")},
)


def test_every_kind_of_value_comes_back():
    document = json.loads(codec.canonical(WHOLE))
    assert codec.from_json(Everything, document) == WHOLE
    assert document["at"] == "2026-11-20T07:30:00.123456+00:00"
    assert document["span"] == 86_400_000_001
    assert document["percent"] == 1250
    assert document["verdict"] == "fix_minor"
    assert document["check"] == "soak"
    assert document["items"][0] == {"is": "Tally", "good": 1, "matured": 2}
    assert document["maybe"] is None


def test_the_text_is_canonical():
    assert codec.canonical({"b": 1, "a": (True, None)}) == '{"a":[true,null],"b":1}'
    same = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    other = same.astimezone(timezone(timedelta(hours=-7)))
    assert codec.canonical(same) == codec.canonical(other)
    assert codec.canonical("é") == '"é"'


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_json_has_no_nan_and_no_infinity(number):
    text = codec.canonical({"x": number})
    assert json.loads(text) == {"x": str(number)}
    back = codec.from_json(float, json.loads(text)["x"])
    assert back == number or (math.isnan(back) and math.isnan(number))


@pytest.mark.parametrize(
    "value",
    [Decimal(1), b"bytes", {1, 2}, object(), Tally, datetime(2026, 1, 1)],  # noqa: DTZ001
)
def test_what_evidence_does_not_know_is_refused(value):
    with pytest.raises(TypeError, match="evidence cannot hold"):
        codec.canonical(value)


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (Tally, {"is": "Uncounted", "reason": "x"}),
        (Tally, {"is": "Tally", "good": 1}),
        (Tally, {"is": "Tally", "good": 1, "matured": 2, "more": 3}),
        (Tally, {"good": 1, "matured": 2}),
        (Tally, [1, 2]),
        (Tally, None),
        (Verdict, "perhaps"),
        (Percent, 10_001),
        (Everything, {"is": "Everything", "union": {"is": "Tally"}}),
        (Everything, {"is": "Everything", "union": None}),
        (Everything, {"is": "Everything", "items": 3}),
        (Everything, {"is": "Everything", "mapping": []}),
        (Everything, {"is": "Everything", "at": "yesterday"}),
    ],
)
def test_another_shape_is_refused(kind, document):
    with pytest.raises(ValueError, match=r".+"):
        codec.from_json(kind, document)
