"""Starting: `--help` beside the one import it needs, and `validate` on the shipped files."""

import sys
from pathlib import Path

from benchmarks.result import Result, at_most, below
from benchmarks.timing import medians, process
from benchmarks.workbench import REPOSITORY, Workbench

ROLLOUTCTL = Path(sys.executable).with_name("rolloutctl")


def run(bench: Workbench) -> list[Result]:
    """Whole processes."""
    found = medians(
        {
            "help": process([ROLLOUTCTL, "--help"]),
            "click": process([sys.executable, "-c", "import click"]),
            "validate": process([ROLLOUTCTL, "validate", "-C", REPOSITORY]),
        },
        bench.rounds(21),
    )
    return [
        at_most(
            "`rolloutctl --help`",
            found["help"],
            ('`python -c "import click"`', found["click"]),
            1.5,
        ),
        below("`rolloutctl validate` on the shipped files", found["validate"], " s", 0.25),
    ]
