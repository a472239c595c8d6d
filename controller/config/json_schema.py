"""What is made from the code and committed: JSON Schemas, docs/files.md, docs/problems.md."""

import json
from pathlib import Path
from typing import Final

from controller.config import codes, file_reference
from controller.config.layout import Kind
from controller.config.model_schema import schema_of

FILES: Final = {
    Kind.FLAG: "flag.schema.json",
    Kind.ROLLOUT: "rollout.schema.json",
    Kind.GATE: "gate.schema.json",
    Kind.ENVIRONMENT: "environment.schema.json",
    Kind.WAIVER: "waiver.schema.json",
}


def schemas() -> dict[str, str]:
    """The text of each schema file, by its name in `docs/schema/`."""
    return {
        name: json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"
        for kind, name in FILES.items()
    }


def texts() -> dict[str, str]:
    """The text of every generated file, by its path in this project's repository."""
    return {
        **{f"docs/schema/{name}": text for name, text in schemas().items()},
        "docs/files.md": file_reference.reference(),
        "docs/problems.md": codes.reference(),
    }


def stale(root: Path) -> list[str]:
    """The generated files that are missing or do not say what the code says, sorted."""
    return sorted(name for name, text in texts().items() if _current(root / name) != text)


def write(root: Path) -> list[str]:
    """Write the generated files that are stale; returns their names."""
    names = stale(root)
    for name, text in texts().items():
        if name in names:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8", newline="\n")
    return names


def _current(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
