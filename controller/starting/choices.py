"""What a new repository is made from, and the names that follow from other names. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

LIFE: Final = timedelta(days=180)
"""How long a new flag may live, unless somebody says otherwise."""

_ENABLE: Final = re.compile(r"(?:enabled?|is|has|use)(?=[A-Z_])")


@dataclass(frozen=True, slots=True)
class AppNames:
    """What the app's database calls the things that we need.

    Attributes:
        schema: The PostgreSQL schema of the app's tables.
        tables: Only the names that differ from Prisma's, as `database.tables` spells its keys.
        flag_columns: The boolean columns of the table of per-merchant values, sorted.
        has_merchants: Whether there is a table of merchants at all.
    """

    schema: str = "public"
    tables: Mapping[str, str] = field(default_factory=dict)
    flag_columns: tuple[str, ...] = ()
    has_merchants: bool = False


@dataclass(frozen=True, slots=True)
class VercelProject:
    """A project of Vercel, by the words in its address."""

    team: str
    project: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that the files of a new repository say.

    Attributes:
        owner: A team, a user or an e-mail address, as CODEOWNERS takes it.
        variable: The deploy environment's variable; None for a flag without a global value.
        pilot: The merchants of the first phase; without any, that phase waits in a comment.
        action: `owner/name@commit` of the repository with the action; None where it is not known.
        page: The new repository's address on the web; None where there is no remote yet.
        with_staging: Whether there is a second environment.
    """

    flag: str
    description: str
    owner: str
    expires: date
    column: str
    variable: str | None = None
    vercel: VercelProject | None = None
    pilot: tuple[str, ...] = ()
    action: str | None = None
    names: AppNames = field(default_factory=AppNames)
    page: str | None = None
    with_staging: bool = False


def flag_of(column: str) -> str:
    """The key that a column's name suggests: `sequential_workflow` for enableSequentialWorkflow."""
    bare = _ENABLE.sub("", column, count=1) if _ENABLE.match(column) else column
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", bare)
    return words.strip("_").lower()


def column_of(flag: str, existing: tuple[str, ...] = ()) -> str:
    """The column for a flag: the one that is there for it, or the name that people would give."""
    for column in existing:
        if flag_of(column).replace("_", "") == flag.replace("_", ""):
            return column
    return "enable" + "".join(word.capitalize() for word in flag.split("_"))


def variable_of(flag: str) -> str:
    """The deploy environment's variable for a flag."""
    return flag.upper()


def description_of(flag: str) -> str:
    """What stands in a new flag's file until somebody says it better."""
    return f"{flag.replace('_', ' ').capitalize()}. Say here what merchants get when it is on."
