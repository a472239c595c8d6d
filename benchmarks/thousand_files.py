"""Validating 1,000 flag files, beside check-jsonschema with the same schema on the same files."""

import sys
from pathlib import Path

from benchmarks import examples
from benchmarks.result import Result, faster
from benchmarks.start_up import ROLLOUTCTL
from benchmarks.timing import medians, process
from benchmarks.workbench import REPOSITORY, Workbench

_FILES = 1_000
_CHECKER = Path(sys.executable).with_name("check-jsonschema")
_SCHEMA = REPOSITORY / "docs" / "schema" / "flag.schema.json"


def run(bench: Workbench) -> list[Result]:
    """Whole processes."""
    files = 20 if bench.quick else _FILES
    folder = bench.folder()
    examples.write(folder, flags=files)
    flags = sorted((folder / "flags").glob("*.yaml"))
    found = medians(
        {
            "ours": process([ROLLOUTCTL, "validate", "-C", folder]),
            "checker": process([_CHECKER, "--schemafile", _SCHEMA, *flags]),
        },
        bench.rounds(7),
    )
    limit = 5 if files == _FILES else None
    return [
        faster(
            f"validate {files:,} flag files",
            found["ours"],
            ("check-jsonschema", found["checker"]),
            limit,
        )
    ]
