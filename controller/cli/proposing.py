"""Showing a proposal: what `promote` and `rollback` print at their end."""

from pathlib import Path

import click

from controller.render import json
from controller.render.json.proposal import proposal as as_json
from controller.render.terminal.proposal import proposal_text
from controller.source_control import git
from controller.source_control.proposal import Proposal


def show(proposal: Proposal, root: Path, output_format: str) -> None:
    """Print a proposal in the format asked for.

    Args:
        proposal: What was made.
        root: The folder it was made in; local changes there are pointed out.
        output_format: `text` or `json`.
    """
    if output_format == "json":
        click.echo(json.text(as_json(proposal)), nl=False)
        return
    click.echo(proposal_text(proposal, is_dirty=git.revision(root) is None), nl=False)
