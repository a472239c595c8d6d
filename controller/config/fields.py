"""The kinds of value that the files of design.md are made of, as annotations for the models.

One alphabet a kind of name, declared once.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Final, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict

from controller.config.quantities import (
    count,
    count_or_off,
    day,
    decimal,
    duration,
    moment,
    share,
    switch,
)
from controller.config.scalars import GivenMark
from controller.config.texts import VARIABLE, choice, merchant_id, prose, secret_variable, word
from controller.domain.flag import KEY, KEY_IN_WORDS
from controller.domain.measures import Total
from controller.domain.rollout import OFF
from controller.domain.units import Percent

_LOWER: Final = "lower-case letters, digits, `_` and `-`, starting with a letter"
GATE_NAME: Final = "[a-z][a-z0-9_-]{0,62}"
"""The pattern of a gate's name, which a shared gate gets from its file."""

_IDENTIFIER: Final = "[A-Za-z_][A-Za-z0-9_]{0,62}"
_IDENTIFIER_IN_WORDS: Final = "letters, digits and `_`, at most 63, not starting with a digit"
_PHASE: Final = "[A-Za-z0-9][A-Za-z0-9_.%+-]{0,39}"
_PHASE_IN_WORDS: Final = "letters, digits and `_ . % + -`, at most 40, such as `pilot` or `10%`"
_VISIBLE: Final = "[!-~](?:[ -~]{0,198}[!-~])?"
_VISIBLE_IN_WORDS: Final = "printable ASCII characters, at most 200, without spaces around them"
_ADDRESS: Final = (
    r"(?:https://[A-Za-z0-9.-]+|http://(?:localhost|127\.0\.0\.1|\[::1\]))"
    r"(?::[0-9]{1,5})?(?:/[A-Za-z0-9_.~/?&=%+:,;@-]{0,500})?"
)
_ADDRESS_IN_WORDS: Final = "https addresses without a login in them, and http ones of this machine"

FlagKey: TypeAlias = Annotated[
    str,
    word("flag key", KEY, KEY_IN_WORDS.replace("_", "`_`")),
]
MerchantId: TypeAlias = Annotated[
    str,
    merchant_id("[A-Za-z0-9_.:-]{1,191}", "letters, digits and `_ . : -`, at most 191"),
]
PhaseName: TypeAlias = Annotated[str, word("phase name", _PHASE, _PHASE_IN_WORDS)]
NewPhaseName: TypeAlias = Annotated[
    str,
    word(
        "phase name",
        _PHASE,
        _PHASE_IN_WORDS,
        {OFF: "that is the implied phase before the first"},
    ),
]
EnvironmentName: TypeAlias = Annotated[
    str, word("environment name", "[a-z][a-z0-9_-]{0,39}", _LOWER)
]
GateName: TypeAlias = Annotated[str, word("gate name", GATE_NAME, _LOWER)]
MeasureName: TypeAlias = Annotated[str, word("measure name", "[a-z][a-z0-9_]{0,62}", _LOWER)]
TotalName: TypeAlias = Annotated[Total, choice(Total)]
Salt: TypeAlias = Annotated[
    str, word("salt", "[A-Za-z0-9_.:-]{1,64}", "letters, digits and `_ . : -`, at most 64")
]

Column: TypeAlias = Annotated[str, word("column name", _IDENTIFIER, _IDENTIFIER_IN_WORDS)]
Table: TypeAlias = Annotated[str, word("table name", _IDENTIFIER, _IDENTIFIER_IN_WORDS)]
SchemaName: TypeAlias = Annotated[str, word("schema name", _IDENTIFIER, _IDENTIFIER_IN_WORDS)]
Status: TypeAlias = Annotated[
    str,
    word(
        "status", "[A-Za-z0-9](?:[A-Za-z0-9_. -]{0,61}[A-Za-z0-9])?", "letters, digits and `_ . -`"
    ),
]

Variable: TypeAlias = Annotated[
    str,
    word("variable name", VARIABLE, "upper-case letters, digits and `_`, starting with a letter"),
]
UrlVariable: TypeAlias = Annotated[str, secret_variable("DATABASE_URL")]
TokenVariable: TypeAlias = Annotated[str, secret_variable("VERCEL_TOKEN")]
HookVariable: TypeAlias = Annotated[str, secret_variable("VERCEL_DEPLOY_HOOK")]

AdapterName: TypeAlias = Annotated[str, word("adapter name", "[a-z][a-z0-9_-]{0,62}", _LOWER)]
OptionName: TypeAlias = Annotated[str, word("option name", "[a-z][a-z0-9_]{0,62}", _LOWER)]
Target: TypeAlias = Annotated[str, word("target", "[a-z][a-z0-9_-]{0,62}", _LOWER)]
Slug: TypeAlias = Annotated[
    str, word("id or name", "[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", "letters, digits and `_ . -`")
]
WebAddress: TypeAlias = Annotated[str, word("web address", _ADDRESS, _ADDRESS_IN_WORDS)]
FilePath: TypeAlias = Annotated[str, word("file path", _VISIBLE, _VISIBLE_IN_WORDS)]
SettingText: TypeAlias = Annotated[str, word("setting", _VISIBLE, _VISIBLE_IN_WORDS)]

Sentence: TypeAlias = Annotated[str, prose()]
Who: TypeAlias = Annotated[str, prose(100)]
Statement: TypeAlias = Annotated[str, prose(4_000, title="SQL", one_line=False)]

YesNo: TypeAlias = Annotated[bool, switch()]
LastDay: TypeAlias = Annotated[date, day()]
Moment: TypeAlias = Annotated[datetime, moment()]
Wait: TypeAlias = Annotated[timedelta, duration()]
Span: TypeAlias = Annotated[timedelta, duration(above_zero=True)]
Percentage: TypeAlias = Annotated[Percent, share()]
Floor: TypeAlias = Annotated[Percent, share(hundred=False)]
PercentLimit: TypeAlias = Annotated[Percent | None, share(off=True)]
CountLimit: TypeAlias = Annotated[int | None, count_or_off(10**9)]
SmallCount: TypeAlias = Annotated[int, count(1, 1_000_000)]
BucketingVersion: TypeAlias = Annotated[int, count(1, 1)]
Ratio: TypeAlias = Annotated[float, decimal(10)]
Alpha: TypeAlias = Annotated[float, decimal(0.25)]


Value = TypeVar("Value")
Given: TypeAlias = Annotated[Value | None, GivenMark()]
"""What may be left out (None), but not left empty."""


class FileModel(BaseModel):
    """What all mappings in files share: unknown keys are problems, and values stay as read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
