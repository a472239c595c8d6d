"""The reviews of a gate that `rolloutctl gate` offers: recounting, replaying, looking ahead."""

import json as plain_json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from controller.cli import options
from controller.cli.session import Session
from controller.domain.desired import DesiredFlag
from controller.errors import DatabaseUnreachable, ExitCode, Refused, UsageError
from controller.gate import evidence as evidences
from controller.gate.characteristics import FlawKind, Traffic
from controller.gate.counts import Uncounted
from controller.gate.evidence import Evidence
from controller.inquiry import gate_review
from controller.render import json
from controller.render.json import gate_review as as_json
from controller.render.json.gate import GATE_FORMAT
from controller.render.markdown import gate_review as as_markdown
from controller.render.terminal import gate_review as as_text

_REPLAYED: Final = 1_000
"""The newest judgements of a flag that a backtest looks at."""

_EVENLY: Final = (
    "Traffic is that of the last 30 days, as if all merchants were equally busy and eligible."
)
_ALIKE: Final = (
    "As if runs did not depend on one another; the worst merchant and what must never happen are "
    "left out."
)


def recompute(evidence: str, open_it: Callable[[], Session], output_format: str) -> ExitCode:
    """Judge stored evidence again; a verdict that is another one now is a gate error.

    Args:
        evidence: The beginning of an id in the ledger, or a file.
        open_it: Opens the repository; a file needs none.
        output_format: `text`, `json` or `markdown`.

    Raises:
        UsageError: There is no such evidence, it was changed, or it cannot be read.
    """
    stored = _read_file(Path(evidence)) if _is_file(evidence) else _fetch(evidence, open_it)
    found = evidences.recompute(stored)
    match output_format:
        case "json":
            text = json.text(as_json.recomputation(stored, found))
        case "markdown":
            text = as_markdown.recomputation_markdown(stored, found)
        case _:
            text = as_text.recomputation_text(stored, found, width=options.terminal_width())
    click.echo(text, nl=False)
    return ExitCode.DONE if found.same_decision else ExitCode.GATE_ERROR


def characteristics(session: Session, flag: DesiredFlag, output_format: str) -> ExitCode:
    """Show what the files' gates would do; a gate of no use makes the files invalid.

    Raises:
        UsageError: No phase of the flag has a gate.
    """
    everyone, remarks = _traffic(session, flag)
    found = gate_review.previews(session.desired, flag, everyone)
    match output_format:
        case "json":
            text = json.text(as_json.previews(found, remarks=remarks))
        case "markdown":
            text = as_markdown.previews_markdown(found, remarks=remarks)
        case _:
            width = options.terminal_width()
            text = as_text.previews_text(found, remarks=remarks, width=width)
    click.echo(text, nl=False)
    flaws = [flaw.kind for preview in found for flaw in preview.characteristics.flaws]
    # How long a phase takes is an estimate, and too long a wait is not wrong in the files.
    return ExitCode.INVALID if set(flaws) - {FlawKind.TOO_SLOW} else ExitCode.DONE


def backtest(session: Session, flag: DesiredFlag, output_format: str) -> ExitCode:
    """Show what the files' gates would have said to the judgements that the ledger keeps.

    Raises:
        UsageError: No phase of the flag has a gate.
        DatabaseUnreachable: The database did not answer.
    """
    with session.ports(with_deploy_env=False) as ports:
        stored = ports.store.evidence_of(flag.key, limit=_REPLAYED)
    found = gate_review.replay(session.desired, flag, stored)
    match output_format:
        case "json":
            text = json.text(as_json.replays(found))
        case "markdown":
            text = as_markdown.replays_markdown(found)
        case _:
            text = as_text.replays_text(found, width=options.terminal_width())
    click.echo(text, nl=False)
    return ExitCode.DONE


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # no name that a file can have
        return False


def _read_file(path: Path) -> Evidence:
    """Evidence as it is stored, or what `gate --format json` printed."""
    try:
        text = path.read_text(encoding="utf-8")
        document = plain_json.loads(text)
        if isinstance(document, dict) and document.get("format") == GATE_FORMAT:
            text = plain_json.dumps(document["evidence"]["document"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise UsageError(
            f"{path} holds no evidence of a gate",
            "rolloutctl gate FLAG --format json writes a file that does",
        ) from problem
    return evidences.read(text)


def _fetch(prefix: str, open_it: Callable[[], Session]) -> Evidence:
    with open_it().ports(with_deploy_env=False) as ports:
        found = ports.store.evidence(prefix)
    if found is None:
        raise UsageError(
            f"there is no file {prefix}, and no evidence in the ledger begins so",
            "rolloutctl gate FLAG prints the id of what it stores",
        )
    return evidences.read(found.text)


def _traffic(session: Session, flag: DesiredFlag) -> tuple[Traffic | None, tuple[str, ...]]:
    """The company's traffic, where there is a database to ask, and what to say about it."""
    try:
        with session.ports(with_deploy_env=False) as ports:
            found = gate_review.traffic(ports, session.desired, flag)
    except (UsageError, Refused, DatabaseUnreachable) as problem:
        found = Uncounted(problem.message)
    if isinstance(found, Uncounted):
        missing = (
            f"Without traffic there are no times, and a phase that is too small does not show: "
            f"{found.reason}"
        )
        return None, (missing, _ALIKE)
    return found, (_EVENLY, _ALIKE)
