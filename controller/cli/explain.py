"""`rolloutctl explain`: why one merchant has a feature or not."""

from dataclasses import replace
from pathlib import Path

import click

from controller.cli import options
from controller.cli.session import open_session, the_flag
from controller.inquiry.merchant import inquire
from controller.render import json
from controller.render.json.explain import inquiry as as_json
from controller.render.terminal.explain import explain_text


@click.command(epilog="Example: rolloutctl explain acme.myshopify.com --env production")
@click.argument("merchant")
@options.flag
@options.root
@options.environment
@options.output_format("text", "json")
def explain(
    merchant: str,
    flag: str | None,
    root: Path,
    environment: str | None,
    output_format: str,
) -> None:
    """Say why one merchant has a feature or not.

    MERCHANT is an id or a shop domain. For every flag: the rule that decided, what each later phase
    would do, what the database and the deploy environment really hold, since when, and whether they
    agree. If the deploy environment cannot be read it says so, shows the rest and exits 9 or 5.
    """
    session = open_session(root, environment)
    desired = session.desired
    if flag is not None:
        desired = replace(desired, flags=(the_flag(desired, flag),))
    with session.ports() as ports:
        found = inquire(ports, desired, merchant)
    if output_format == "json":
        click.echo(json.text(as_json(found)), nl=False)
    else:
        click.echo(explain_text(found), nl=False)
    if found.deploy_problem is not None:
        raise found.deploy_problem
