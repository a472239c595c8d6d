"""`rolloutctl candidates`: merchants fit for the pilot."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from controller.cli import options
from controller.cli.atomic_file import replace_file
from controller.cli.candidate_options import candidate_rules
from controller.cli.flag_key import flag_key
from controller.cli.session import Session, open_session, the_flag
from controller.config.loader import load_files, read_folder
from controller.config.merchants_edit import name_merchants
from controller.config.problems import ProblemsFound
from controller.domain.candidates import Candidate, CandidateRules
from controller.domain.desired import DesiredFlag
from controller.errors import Refused, UsageError
from controller.inquiry.candidates import Candidates, find_candidates, live_in
from controller.render import json
from controller.render.json import candidates as as_json
from controller.render.terminal.candidates import candidates_text, named_text

_SHOWN: Final = 5
_NAMED: Final = 1


@click.command(epilog="Example: rolloutctl candidates sequential_workflow --limit 10")
@flag_key
@click.option(
    "--limit",
    type=options.Number(min=1, max=1_000),
    metavar="NUMBER",
    help="How many to show, or to name.  [default: 5; with --write 1]",
)
@click.option(
    "--write", is_flag=True, help="Name the best in the first phase of the rollout's file."
)
@candidate_rules
@options.root
@options.environment
@options.output_format("text", "json")
def candidates(
    flag: str,
    limit: int | None,
    write: bool,
    rules: CandidateRules,
    root: Path,
    environment: str | None,
    output_format: str,
) -> None:
    """Find merchants that are fit for the pilot.

    By what they did in the last 30 days and by what the files say: active, reliable, neither idle
    nor busy, not new, not among the busiest, without recent trouble, not excluded and not chosen
    yet. Ranked, with everything that speaks for each and against it; where fewer are fit than
    wanted, the nearest follow. --write adds the best to the first phase of rollout/FLAG.yaml and
    changes nothing else in it.
    """
    session = open_session(root, environment)
    wanted = the_flag(session.desired, flag)
    if write:
        _refuse_without_names(wanted)
    with session.ports(with_deploy_env=False) as ports:
        found = find_candidates(ports, session.desired, wanted, rules)
    if write:
        _name(session, found, limit or _NAMED, output_format)
        return
    shown = found.ranked[: limit or _SHOWN]
    if output_format == "json":
        click.echo(json.text(as_json.candidates(found, shown)), nl=False)
    else:
        click.echo(candidates_text(found, shown, width=options.terminal_width()), nl=False)


def _refuse_without_names(flag: DesiredFlag) -> None:
    """There must be a phase that works by names to put one more into."""
    if flag.rollout is None:
        raise UsageError(
            f"{flag.key} has no rollout: there is no phase to name a merchant in",
            f"write rollout/{flag.key}.yaml; see docs/files.md",
        )
    first = flag.rollout.phases[0]
    if first.percent is not None:
        raise UsageError(
            f"the first phase of {flag.key}, {first.name}, goes by percentage and names nobody",
            f"put a phase before it in rollout/{flag.key}.yaml: "
            "{name: pilot, merchants: [ID]}; rolloutctl candidates shows who is fit",
        )


def _name(session: Session, found: Candidates, count: int, output_format: str) -> None:
    chosen = found.fit[:count]
    if len(chosen) < count:
        click.echo(candidates_text(found, found.ranked[:_SHOWN], with_next=False), err=True)
        raise Refused(
            f"{len(chosen)} of the {count} merchants wanted are fit; nothing was written",
            f"--limit {len(chosen)} names those that are, or loosen a rule"
            if chosen
            else "loosen a rule (rolloutctl candidates --help), or name a merchant by hand",
        )
    file = f"rollout/{found.flag}.yaml"
    _write(session, file, chosen)
    live = live_in(session.configuration, found.flag)
    if output_format == "json":
        document = as_json.candidates(found, chosen)
        document["written"] = as_json.written(file, chosen, live)
        click.echo(json.text(document), nl=False)
        return
    width = options.terminal_width()
    click.echo(candidates_text(found, chosen, width=width, with_next=False))
    click.echo(named_text(file, str(found.phase), chosen, live), nl=False)


def _write(session: Session, file: str, chosen: Sequence[Candidate]) -> None:
    """Write the file with the merchants in it; the configuration with it is valid."""
    files = dict(read_folder(session.root).files)
    after = name_merchants(
        files[file].decode(), [candidate.activity.merchant for candidate in chosen]
    )
    try:
        load_files({**files, file: after.encode()})
    except ProblemsFound as error:
        first = next(problem for problem in error.problems if problem.is_error)
        raise Refused(
            "with these merchants the files would not be valid, so nothing was written: "
            f"{first.message}",
            first.suggestion,
        ) from error
    replace_file(session.root / file, after.encode())
