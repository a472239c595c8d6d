"""`rolloutctl report`: the results document of a phase, from what the ledger keeps."""

from pathlib import Path

import click

from controller.cli import completion, options
from controller.cli.atomic_file import write_file
from controller.cli.flag_key import flag_key
from controller.cli.session import open_session
from controller.inquiry.report import Results, gather
from controller.render import escape, json
from controller.render.html.results import results_page
from controller.render.json.results import results as as_json
from controller.render.markdown.results import results_markdown
from controller.render.results.compose import compose


@click.command(epilog="Example: rolloutctl report sequential_workflow --out results.md")
@flag_key
@click.option(
    "--phase",
    metavar="PHASE",
    shell_complete=completion.phases,
    help="An earlier phase.  [default: the one that it is in]",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it there, whole or not at all.  [default: print it]",
)
@options.root
@options.environment
@options.output_format("markdown", "html", "json")
def report(
    flag: str,
    phase: str | None,
    out: Path | None,
    root: Path,
    environment: str | None,
    output_format: str,
) -> None:
    """Write the results document of a phase, from stored evidence.

    Test details, results, performance, data quality, issues, success metrics, the decision matrix
    with the row that applies, the recommendation and how the verdict came about. The last judgement
    of the phase decides. Nothing is counted anew and no gate is asked: every figure names the
    evidence that it is from, and what was never judged is said to be missing. Exits 0 whatever it
    says.
    """
    session = open_session(root, environment)
    with session.ports(with_deploy_env=False) as ports:
        found = gather(ports.store, session.desired, flag, phase=phase)
    text = _rendered(found, output_format)
    if out is None:
        click.echo(text, nl=False)
        return
    write_file(out, [text])
    told = f"wrote the results of {found.flag} in phase {found.phase} to {out}"
    click.echo(escape.terminal(told))


def _rendered(found: Results, output_format: str) -> str:
    match output_format:
        case "json":
            return json.text(as_json(found))
        case "html":
            return results_page(compose(found))
        case _:
            return results_markdown(compose(found))
