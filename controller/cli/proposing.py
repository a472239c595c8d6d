"""Showing a proposal: what `promote` and `rollback` print at their end."""

from pathlib import Path

import click

from controller.cli.pull_requests import forge_of_this_job, propose
from controller.forge.interface import Opened
from controller.render import json
from controller.render.escape import terminal
from controller.render.json.proposal import proposal as as_json
from controller.render.terminal.proposal import proposal_text
from controller.source_control import git
from controller.source_control.proposal import Proposal


def open_for(made: Proposal, root: Path, base_branch: str, actor: str) -> Opened | None:
    """Push a proposal's branch, open its pull request and judge it.

    Raises:
        UsageError: A variable of the forge is missing or malformed.
    """
    with forge_of_this_job() as forge:
        return propose(root, forge, made, base_branch, actor)


def show(proposal: Proposal, root: Path, output_format: str, opened: Opened | None = None) -> None:
    """Print a proposal in the format asked for.

    Args:
        proposal: What was made.
        root: The folder it was made in; local changes there are pointed out.
        output_format: `text` or `json`.
        opened: Its pull request, where one was asked for.
    """
    if output_format == "json":
        url = opened.pull_request.url if opened else None
        click.echo(json.text(as_json(proposal) | {"pull_request": url}), nl=False)
        return
    click.echo(proposal_text(proposal, is_dirty=git.revision(root) is None), nl=False)
    if opened is not None:
        how = "brought up to date" if opened.was_open else "opened"
        click.echo(f"pull request {how}: {terminal(opened.pull_request.url)}")
