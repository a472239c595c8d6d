"""The command line: one small file a command, and the only place that prints, prompts or exits.

Commands are imported when they are called: `rolloutctl --help` must not pay for a database driver.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Final, NoReturn

import click

from controller import __version__
from controller.cli.colour import wanted
from controller.cli.registry import LazyGroup
from controller.errors import ExitCode

_READER_LEFT: Final = 141  # 128 + SIGPIPE, as shells have it


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: docs/exit-codes.md. About a command: rolloutctl COMMAND --help",
)
@click.version_option(__version__, prog_name="rolloutctl")
def cli() -> None:
    """Turn features on step by step, from reviewed YAML, and off at once.

    flags/ and rollout/ say who should have what; rolloutctl makes the app's database and its
    deploy environment match, and refuses what is unsafe.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and turn every error into text and an exit code.

    Args:
        arguments: Without the program's name; None for those of this process.
    """
    # Its plugins would run in our models, and looking for them opens every package installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    colour = wanted(os.environ)
    with click.Context(cli, color=colour):  # for what is said when a command has ended already
        return _run(arguments, colour)


def _run(arguments: Sequence[str] | None, colour: bool | None) -> int:
    try:
        with _watched():
            code = cli.main(arguments, prog_name="rolloutctl", standalone_mode=False, color=colour)
    except Exception as error:  # noqa: BLE001 -- the last resort: nothing may leave as a traceback
        from controller.cli.failure import report  # noqa: PLC0415 -- only needed when something failed

        return report(error)
    except KeyboardInterrupt:
        from controller.cli.failure import interrupted  # noqa: PLC0415 -- only needed when something failed

        return interrupted()
    except SystemExit:  # click's answer to `| head`, which would read as a bug of ours
        return _READER_LEFT
    return code if isinstance(code, int) else ExitCode.DONE


def _watched() -> AbstractContextManager[None]:
    if not sys.stderr.isatty():
        return nullcontext()
    from controller.cli.progress import watched  # noqa: PLC0415 -- only for a terminal

    return watched()


def main() -> NoReturn:
    """The `rolloutctl` command."""
    sys.exit(run())
