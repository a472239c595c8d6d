"""Which commands there are, and the one line that `--help` says of each.

The line stands here so that listing the commands imports none of them; a test holds that it is the
first line of the command's own help.
"""

import gc
from importlib import import_module
from typing import Final, cast

import click
from click.shell_completion import CompletionItem

GROUPS: Final = {
    "Begin": {
        "demo": "Live through a whole rollout on an embedded PostgreSQL.",
        "init": "Write a working GitOps repository into an empty folder.",
        "doctor": "Check everything that must be in place before the first rollout.",
        "validate": "Check every file and report every problem with its place.",
    },
    "Choose and apply": {
        "candidates": "Find merchants that are fit for the pilot.",
        "plan": "Show what a reconcile would change, and for whom.",
        "reconcile": "Make the database and the deploy environment match the files.",
    },
    "Watch": {
        "status": "Show where every rollout stands, most urgent first.",
        "monitor": "Watch the runs of a cohort, or of one merchant, as they come.",
        "explain": "Say why one merchant has a feature or not.",
        "analyze": "Show everything about one run of the workflow.",
        "drift": "Show what somebody else changed.",
        "history": "Show who changed what, when and why.",
        "dashboard": "Write one page that shows every rollout, most urgent first.",
    },
    "Go on, or not": {
        "gate": "Say whether a rollout may go one step further, by what really happened.",
        "report": "Write the results document of a phase, from stored evidence.",
        "promote": "Propose the next phase of a rollout, as one commit on a branch.",
        "check": "Say whether a pull request may merge, and what it would do to whom.",
        "recheck": "Judge every open pull request again, and show it there.",
        "guard": "Judge every live phase, and act on harm as the environment says.",
    },
    "Take back": {
        "halt": "Turn a flag off for everyone, now, and keep it off.",
        "resume": "End a halt; the next reconcile brings back what the files say.",
        "rollback": "Propose to take back a rollout's last advance, as one commit on a branch.",
    },
    "Keep in order": {
        "adopt": "Turn values set by hand into reviewed overrides.",
        "stale": "List the flags that should go away, and where the code still names them.",
        "export": "Write what others read: the flags for OpenFeature.",
        "schema": "Write the JSON Schemas and the file reference for editors and docs.",
    },
}
"""In the order of a rollout; `--help` keeps it."""

COMMANDS: Final = {name: line for group in GROUPS.values() for name, line in group.items()}


class LazyGroup(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """The commands, in the order of a rollout."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import `controller.cli.NAME` and take the command out of it."""
        if cmd_name not in COMMANDS:
            return None
        gc.disable()  # importing makes a hundred thousand objects and no garbage
        try:
            module = import_module(f"controller.cli.{cmd_name}")
        finally:
            gc.freeze()
            gc.enable()
        return cast("click.Command", getattr(module, cmd_name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Like click's, with a suggestion for a mistyped name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]}{_suggestion(args[0])}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, importing none; and options, as click has them."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        found = ((name, line) for name, line in COMMANDS.items() if name.startswith(incomplete))
        return [CompletionItem(name, help=line) for name, line in found]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the registry, importing none."""
        width = max(map(len, COMMANDS))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:{width}}", line) for name, line in commands.items()])


def _suggestion(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 -- costs start-up and is needed for typos only

    close = get_close_matches(name, COMMANDS, n=1)
    return f"; did you mean {close[0]}?" if close else ""
