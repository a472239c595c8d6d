"""`rolloutctl init`: a working GitOps repository in an empty folder."""

import os
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from controller.config.loader import load_files
from controller.config.texts import VARIABLE
from controller.domain.flag import KEY, KEY_IN_WORDS
from controller.domain.wording import counted
from controller.errors import RolloutError, UsageError
from controller.render import escape
from controller.starting.app_names import URL_VARIABLE, read
from controller.starting.choices import (
    LIFE,
    AppNames,
    Choices,
    VercelProject,
    column_of,
    description_of,
    flag_of,
    variable_of,
)
from controller.starting.gathering import OWNER, Place, look_around, own_source
from controller.starting.placing import place
from controller.starting.repository import repository

_COLUMN: Final = "[A-Za-z_][A-Za-z0-9_]{0,62}"
_MERCHANT: Final = "[A-Za-z0-9_.:-]{1,191}"
_SLUG: Final = "[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"
_ACTION: Final = "[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}@[0-9a-f]{40}"
_CONFIGURATION: Final = ("flags/", "rollout/")

Checked = Callable[[click.Context, click.Parameter, str | None], str | None]


def _like(pattern: str, allowed: str) -> Checked:
    """A value of an option that the files take: the same alphabets hold for them."""

    def check(
        _context: click.Context, _parameter: click.Parameter, value: str | None
    ) -> str | None:
        if value is not None and re.fullmatch(pattern, value) is None:
            raise click.BadParameter(f"{value!r} does not fit: {allowed}.")
        return value

    return check


def _merchants(
    _context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    for merchant in value:
        if re.fullmatch(_MERCHANT, merchant) is None or ".myshopify." in merchant.lower():
            raise click.BadParameter(f"{merchant!r} is no merchant's id.")
    return tuple(sorted(set(value)))


@click.command(epilog="Example: rolloutctl init rollouts --flag new_checkout --owner @acme/orders")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--flag",
    metavar="KEY",
    callback=_like(KEY, KEY_IN_WORDS),
    help="Its key.  [default: as the app's only column of a flag suggests]",
)
@click.option(
    "--column",
    metavar="NAME",
    callback=_like(_COLUMN, "letters, digits and _, not starting with a digit"),
    help="Where each merchant's value lives.  [default: the app's, or enableKEY]",
)
@click.option(
    "--variable",
    metavar="NAME",
    callback=_like(VARIABLE, "upper-case letters, digits and _"),
    help="The deploy environment's variable for everyone.  [default: KEY, with --vercel]",
)
@click.option(
    "--vercel",
    metavar="TEAM/PROJECT",
    callback=_like(f"{_SLUG}/{_SLUG}", "TEAM/PROJECT, as in the project's address"),
    help="The deploy environment.",
)
@click.option(
    "--owner",
    metavar="WHO",
    callback=_like(OWNER.pattern, "@user, @org/team or an e-mail address, as CODEOWNERS has them"),
    help="Who reviews: @org/team.  [default: your e-mail address, as git knows it]",
)
@click.option(
    "--pilot",
    multiple=True,
    metavar="ID",
    callback=_merchants,
    help="A merchant of the first phase. Repeat for another one.",
)
@click.option("--staging", is_flag=True, help="A second environment, with a database of its own.")
@click.option(
    "--action",
    metavar="OWNER/NAME@COMMIT",
    callback=_like(_ACTION, "OWNER/NAME@ and the 40 digits of a commit"),
    help="The repository with rolloutctl's action.  [default: where this one was installed from]",
)
def init(
    folder: Path,
    flag: str | None,
    column: str | None,
    variable: str | None,
    vercel: str | None,
    owner: str | None,
    pilot: tuple[str, ...],
    staging: bool,
    action: str | None,
) -> None:
    """Write a working GitOps repository into an empty folder.

    Flags, a rollout at `off`, environments, workflows, CODEOWNERS and a README of its own. What can
    be found out is not asked: who you are and where the repository is, from git; what the app's
    tables and columns are called, from the database that DATABASE_URL names, if it is set. Nothing
    is overwritten; either all files are written or none.
    """
    around = look_around(folder)
    names = _app_names()
    key = flag or _only_flag(column, names)
    choices = Choices(
        flag=key,
        description=description_of(key),
        owner=owner or _owner(around),
        expires=(datetime.now(UTC) + LIFE).date(),
        column=column or column_of(key, names.flag_columns),
        variable=variable or (variable_of(key) if vercel else None),
        vercel=VercelProject(*vercel.split("/")) if vercel else None,
        pilot=pilot,
        action=action or own_source(),
        names=names,
        page=around.page,
        with_staging=staging,
    )
    files = repository(choices)
    load_files({name: text for name, text in files.items() if name.startswith(_CONFIGURATION)})
    place(folder, files)
    _say(folder, files, choices, around)


def _app_names() -> AppNames:
    """As the database has them; the usual ones where none is named. Told, because it is guessed."""
    url = os.environ.get(URL_VARIABLE)
    if not url:
        return AppNames()
    try:
        found = read(url)
    except RolloutError as error:
        click.echo(f"Prisma's names are taken: {escape.terminal(error.message)}", err=True)
        return AppNames()
    if not found.has_merchants:
        click.echo(
            f"Prisma's names are taken: the database of {URL_VARIABLE} has no table of merchants",
            err=True,
        )
    return found


def _only_flag(column: str | None, names: AppNames) -> str:
    """The flag that a column suggests: the one named, or the only one there is.

    Raises:
        UsageError: Nothing says which.
    """
    columns = (column,) if column else names.flag_columns
    if len(columns) == 1 and re.fullmatch(KEY, flag_of(columns[0])):
        return flag_of(columns[0])
    known = f"; the app has {', '.join(columns)}" if columns else ""
    raise UsageError(
        f"nobody says what the first flag is called{known}", "rolloutctl init --flag new_checkout"
    )


def _owner(around: Place) -> str:
    if around.email is None:
        raise UsageError(
            "nobody says who reviews: git knows no e-mail address here", "add --owner @org/team"
        )
    return around.email


def _say(folder: Path, files: Mapping[str, bytes], choices: Choices, around: Place) -> None:
    where = "this folder" if folder == Path() else str(folder)
    click.echo(f"wrote {counted(len(files), 'file')} into {where}")
    click.echo(f"  flag {choices.flag}, column {choices.column}, reviewed by {choices.owner}")
    for step in _next_steps(folder, choices, around):
        click.echo(f"  next: {step}")


def _next_steps(folder: Path, choices: Choices, around: Place) -> list[str]:
    steps = [] if folder == Path() else [f"cd {folder}"]
    if not around.is_under_git:
        steps.append("git init --initial-branch=main")
    steps.append("rolloutctl validate && rolloutctl plan --env production")
    steps.append("git add --all && git commit -m 'Begin'; what GitHub needs stands in README.md")
    if choices.action is None:
        steps.append("say in .github/workflows/ where rolloutctl comes from: README.md has how")
    if not choices.pilot:
        steps.append(f"rolloutctl candidates {choices.flag} --env production: choose the pilot")
    return steps
