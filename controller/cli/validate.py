"""`rolloutctl validate`: check every file and report every problem with its place."""

from datetime import UTC, datetime
from pathlib import Path

import click

from controller.cli import options
from controller.cli.root import find_root
from controller.config.loader import Examined, examine, read_folder
from controller.config.problems import Problem
from controller.domain.wording import counted
from controller.errors import ExitCode


@click.command(epilog="Example: rolloutctl validate --format github")
@options.root
@options.output_format("text", "json", "github")
@click.pass_context
def validate(context: click.Context, root: Path, output_format: str) -> None:
    """Check every file and report every problem with its place.

    All problems of all files are shown in one run; docs/problems.md explains each code. Nothing but
    files is read: no database, no network.
    """
    examined = examine(read_folder(find_root(root)), datetime.now(UTC).date())
    click.echo(_rendered(examined, output_format), nl=False)
    context.exit(ExitCode.DONE if examined.configuration else ExitCode.INVALID)


def _rendered(examined: Examined, output_format: str) -> str:
    match output_format:
        case "json":
            return _as_json(examined.problems)
        case "github":
            from controller.render.annotations import annotations  # noqa: PLC0415 -- one format needs it

            return annotations(examined.problems)
        case _:
            return _as_text(examined)


def _as_json(problems: tuple[Problem, ...]) -> str:
    import json  # noqa: PLC0415 -- one format needs it

    document = {
        "format": "rolloutctl-problems/1",
        "valid": not any(problem.is_error for problem in problems),
        "problems": [problem.as_json() for problem in problems],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _as_text(examined: Examined) -> str:
    from controller.render.terminal.problems import problems  # noqa: PLC0415 -- one format needs it

    text = problems(examined.problems)
    configuration = examined.configuration
    if configuration is None:
        errors = sum(problem.is_error for problem in examined.problems)
        return f"{text}\n{counted(errors, 'problem')}; nothing is applied while a file is wrong\n"
    parts = (
        counted(len(configuration.flags), "flag"),
        counted(len(configuration.environments), "environment"),
        counted(len(configuration.documents), "file"),
    )
    return f"{text}valid: {', '.join(parts)}\n"
