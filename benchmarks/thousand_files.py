"""Validating 1,000 flag files, beside check-jsonschema with the same schema on the same files.

Each is the shipped flag under a name of its own, with two overrides.
"""

import sys
from pathlib import Path

from benchmarks import examples
from benchmarks.result import Result, faster
from benchmarks.start_up import ROLLOUTCTL
from benchmarks.timing import medians, process
from benchmarks.workbench import REPOSITORY, Workbench

_FILES = 1_000
_SHIPPED = REPOSITORY / "flags" / "sequential_workflow.yaml"
_OVERRIDES = """\
overrides:
  - {merchant: clx8f3k1p0000qz6d2m7r4t9aa, value: false, reason: custom ERP integration}
  - {merchant: clx8f3k1p0001qz6d2m7r4t9bb, value: true, reason: asked for it, expires: 2099-12-31}
"""
_CHECKER = Path(sys.executable).with_name("check-jsonschema")
_SCHEMA = REPOSITORY / "docs" / "schema" / "flag.schema.json"


def run(bench: Workbench) -> list[Result]:
    """Whole processes."""
    files = 20 if bench.quick else _FILES
    folder = bench.folder()
    examples.write(folder, flags=0)
    flags = [_write_flag(folder / "flags", number) for number in range(files)]
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


def _write_flag(folder: Path, number: int) -> Path:
    text = _SHIPPED.read_text(encoding="utf-8")
    for name in ("sequential_workflow", "enableSequentialWorkflow", "SEQUENTIAL_WORKFLOW"):
        text = text.replace(name, f"{name}_{number}")
    path = folder / f"sequential_workflow_{number}.yaml"
    path.write_text(text.replace("overrides: []\n", _OVERRIDES), encoding="utf-8")
    return path
