"""The table, on the terminal and in RESULTS.md."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.result import Result

_RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = ("measured", "ours", "compared with", "result", "goal", "")


def table(results: Iterable[Result]) -> str:
    """All results as an aligned Markdown table."""
    rows = [_HEAD, *map(_row, results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _row(result: Result) -> tuple[str, ...]:
    shown = f"{result.figure:,.3g}" if result.figure < 100 else f"{result.figure:,.0f}"  # noqa: PLR2004
    goal = ""
    if result.goal:
        bound = "at most" if result.goal.at_most else "at least"
        goal = f"{bound} {result.goal.figure:g}{result.unit.removesuffix(' faster')}"
    met = {True: "met", False: "MISSED", None: ""}[result.met]
    return (result.what, result.ours, result.peer, f"{shown}{result.unit}", goal, met)


def listing(facts: Mapping[str, str]) -> str:
    """Facts as a Markdown list."""
    return "\n".join(f"- {name}: {value}" for name, value in facts.items())


def write(results: Sequence[Result], facts: Mapping[str, str], notes: str) -> Path:
    """Rewrite RESULTS.md and return its path."""
    day = datetime.now(UTC).date().isoformat()
    text = (
        "# Benchmark results\n\n"
        f"Written by `make bench ARGS=--write` on {day}. Medians; the things compared ran in "
        "turns, in one run of the benchmarks. Absolute times belong to this machine:\n\n"
        f"{listing(facts)}\n\n{table(results)}\n\n"
        f"## How to read it\n\n{notes}"
    )
    _RESULTS.write_text(text, encoding="utf-8")
    return _RESULTS
