"""`rolloutctl adopt`: keep values set by hand, as reviewed overrides."""

from datetime import date, datetime
from pathlib import Path
from typing import Final

import click

from controller.cli import options
from controller.cli.atomic_file import replace_file
from controller.cli.flag_key import flag_key
from controller.cli.session import Session, open_session, the_flag
from controller.config.edit import add_overrides
from controller.config.loader import load_files, read_folder
from controller.config.problems import ProblemsFound
from controller.errors import Refused, UsageError
from controller.inquiry.adoption import Adoption, Wish
from controller.inquiry.adoption import adopt as find
from controller.render import json
from controller.render.json.adopt import adopted as as_json
from controller.render.terminal.adopt import adopted_text, left_alone_text
from controller.render.terminal.diff import diff_text

_LIMIT: Final = 500


class Day(click.DateTime):
    """A day of the calendar."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read it, or say how it is written."""
        try:
            found: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value} is no day of the calendar; write it as 2026-12-31", param, ctx)
        return found


@click.command(epilog="Example: rolloutctl adopt sequential_workflow --merchant acme.myshopify.com")
@flag_key
@click.option(
    "--merchant",
    multiple=True,
    metavar="MERCHANT",
    help="Only this merchant: its id, or its shop domain. Repeat for another one.",
)
@click.option(
    "--reason",
    metavar="TEXT",
    callback=options.one_line,
    help="Why, for the file.  [default: when it was adopted]",
)
@click.option(
    "--expires",
    type=Day(["%Y-%m-%d"]),
    metavar="DATE",
    help="The last day on which the overrides count.  [default: for ever]",
)
@click.option(
    "--limit",
    type=options.Number(min=1),
    metavar="NUMBER",
    default=_LIMIT,
    show_default=True,
    help="Refuse to write more overrides than this.",
)
@click.option("--dry-run", is_flag=True, help="Show the change of the file; write nothing.")
@options.root
@options.environment
@options.output_format("text", "json")
def adopt(
    flag: str,
    merchant: tuple[str, ...],
    reason: str | None,
    expires: datetime | None,
    limit: int,
    dry_run: bool,
    root: Path,
    environment: str | None,
    output_format: str,
) -> None:
    """Turn values set by hand into reviewed overrides.

    Every value of FLAG that somebody set by hand becomes an override in flags/FLAG.yaml, which
    review then keeps or throws away. Only those lines are added; every other byte of the file stays
    as it is. If the result were not valid, nothing is written.
    """
    session = open_session(root, environment)
    wish = Wish(merchant, reason, _last_day(expires))
    with session.ports(with_deploy_env=False) as ports:
        adoption = find(ports, session.desired, the_flag(session.desired, flag), wish)
    is_json = output_format == "json"
    if not (is_json and adoption.overrides):  # the document has them, too
        click.echo(left_alone_text(adoption), nl=False, err=True)
    _refuse_none_or_too_many(adoption, limit)
    file = f"flags/{flag}.yaml"
    before, after = _edited(session, file, adoption)
    if not dry_run:
        replace_file(session.root / file, after.encode())
    if is_json:
        click.echo(json.text(as_json(adoption, file, is_written=not dry_run)), nl=False)
    elif dry_run:
        click.echo(diff_text(before, after, file), nl=False)
    else:
        click.echo(adopted_text(adoption, file), nl=False)


def _last_day(expires: datetime | None) -> date | None:
    return expires.date() if expires else None


def _refuse_none_or_too_many(adoption: Adoption, limit: int) -> None:
    count = len(adoption.overrides)
    if not count and not adoption.left_alone:
        raise UsageError(
            f"nobody has set a value of {adoption.flag} by hand: there is nothing to adopt",
            f"rolloutctl drift --flag {adoption.flag}",
        )
    if not count:
        raise Refused(
            f"none of the values of {adoption.flag} can be adopted; nothing was written",
            "see above for each of them",
        )
    if count > limit:
        raise Refused(
            f"{count:,} overrides would be written, which nobody reviews; the limit is {limit:,}",
            f"name the merchants with --merchant, change the rollout, or add --limit {count}",
        )


def _edited(session: Session, file: str, adoption: Adoption) -> tuple[str, str]:
    """The file before and after; the configuration with it is valid."""
    files = dict(read_folder(session.root).files)
    before = files[file].decode()
    after = add_overrides(before, adoption.overrides)
    try:
        load_files({**files, file: after.encode()})
    except ProblemsFound as error:
        first = next(problem for problem in error.problems if problem.is_error)
        raise Refused(
            f"with these overrides the files would not be valid, so nothing was written: "
            f"{first.message}",
            first.suggestion or "rolloutctl drift shows what could be adopted",
        ) from error
    return before, after
