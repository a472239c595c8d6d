"""The kinds of value that the files of design.md are made of, as annotations for the models.

One alphabet a kind of name, declared once.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict

from controller.config.quantities import (
    Count,
    CountOrOff,
    Day,
    Decimal,
    Duration,
    Instant,
    Share,
    Switch,
)
from controller.config.scalars import (
    VARIABLE,
    Choice,
    MerchantIdWord,
    Prose,
    SecretVariable,
    Word,
)
from controller.domain.measures import Total
from controller.domain.rollout import OFF
from controller.domain.units import Percent

_LOWER: Final = "lower-case letters, digits, `_` and `-`, starting with a letter"
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
    Word(
        "flag key",
        "[a-z][a-z0-9_]{0,62}",
        "lower-case letters, digits and `_`, at most 63, starting with a letter",
    ),
]
MerchantId: TypeAlias = Annotated[
    str,
    MerchantIdWord(
        "merchant id", "[A-Za-z0-9_.:-]{1,191}", "letters, digits and `_ . : -`, at most 191"
    ),
]
PhaseName: TypeAlias = Annotated[str, Word("phase name", _PHASE, _PHASE_IN_WORDS)]
NewPhaseName: TypeAlias = Annotated[
    str,
    Word(
        "phase name",
        _PHASE,
        _PHASE_IN_WORDS,
        {OFF: "that is the implied phase before the first"},
    ),
]
EnvironmentName: TypeAlias = Annotated[
    str, Word("environment name", "[a-z][a-z0-9_-]{0,39}", _LOWER)
]
GateName: TypeAlias = Annotated[str, Word("gate name", "[a-z][a-z0-9_-]{0,62}", _LOWER)]
MeasureName: TypeAlias = Annotated[str, Word("measure name", "[a-z][a-z0-9_]{0,62}", _LOWER)]
TotalName: TypeAlias = Annotated[Total, Choice(Total)]
Salt: TypeAlias = Annotated[
    str, Word("salt", "[A-Za-z0-9_.:-]{1,64}", "letters, digits and `_ . : -`, at most 64")
]

Column: TypeAlias = Annotated[str, Word("column name", _IDENTIFIER, _IDENTIFIER_IN_WORDS)]
Table: TypeAlias = Annotated[str, Word("table name", _IDENTIFIER, _IDENTIFIER_IN_WORDS)]
SchemaName: TypeAlias = Annotated[str, Word("schema name", _IDENTIFIER, _IDENTIFIER_IN_WORDS)]
Status: TypeAlias = Annotated[
    str,
    Word(
        "status", "[A-Za-z0-9](?:[A-Za-z0-9_. -]{0,61}[A-Za-z0-9])?", "letters, digits and `_ . -`"
    ),
]

Variable: TypeAlias = Annotated[
    str,
    Word("variable name", VARIABLE, "upper-case letters, digits and `_`, starting with a letter"),
]
UrlVariable: TypeAlias = Annotated[str, SecretVariable("DATABASE_URL")]
TokenVariable: TypeAlias = Annotated[str, SecretVariable("VERCEL_TOKEN")]
HookVariable: TypeAlias = Annotated[str, SecretVariable("VERCEL_DEPLOY_HOOK")]

AdapterName: TypeAlias = Annotated[str, Word("adapter name", "[a-z][a-z0-9_-]{0,62}", _LOWER)]
OptionName: TypeAlias = Annotated[str, Word("option name", "[a-z][a-z0-9_]{0,62}", _LOWER)]
Target: TypeAlias = Annotated[str, Word("target", "[a-z][a-z0-9_-]{0,62}", _LOWER)]
Slug: TypeAlias = Annotated[
    str, Word("id or name", "[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", "letters, digits and `_ . -`")
]
WebAddress: TypeAlias = Annotated[str, Word("web address", _ADDRESS, _ADDRESS_IN_WORDS)]
FilePath: TypeAlias = Annotated[str, Word("file path", _VISIBLE, _VISIBLE_IN_WORDS)]
SettingText: TypeAlias = Annotated[str, Word("setting", _VISIBLE, _VISIBLE_IN_WORDS)]

Sentence: TypeAlias = Annotated[str, Prose()]
Who: TypeAlias = Annotated[str, Prose(longest=100)]
Statement: TypeAlias = Annotated[str, Prose(longest=4_000, one_line=False)]

YesNo: TypeAlias = Annotated[bool, Switch()]
LastDay: TypeAlias = Annotated[date, Day()]
Moment: TypeAlias = Annotated[datetime, Instant()]
Wait: TypeAlias = Annotated[timedelta, Duration()]
Span: TypeAlias = Annotated[timedelta, Duration(above_zero=True)]
Percentage: TypeAlias = Annotated[Percent, Share()]
Floor: TypeAlias = Annotated[Percent, Share(hundred=False)]
PercentLimit: TypeAlias = Annotated[Percent | None, Share(off=True)]
CountLimit: TypeAlias = Annotated[int | None, CountOrOff()]
SmallCount: TypeAlias = Annotated[int, Count(1, 1_000_000)]
BucketingVersion: TypeAlias = Annotated[int, Count(1, 1)]
Ratio: TypeAlias = Annotated[float, Decimal(10)]
Alpha: TypeAlias = Annotated[float, Decimal(0.25)]


class FileModel(BaseModel):
    """What all mappings in files share: unknown keys are problems, and values stay as read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
