"""A file's change as a diff, for the terminal."""

from difflib import unified_diff

from controller.render.escape import terminal
from controller.render.terminal.style import bad, faint, good


def diff_text(before: str, after: str, file: str) -> str:
    """What is written, as a diff."""
    lines = unified_diff(before.splitlines(), after.splitlines(), file, file, n=2, lineterm="")
    return "".join(f"{_diff_line(line)}\n" for line in lines)


def _diff_line(line: str) -> str:
    shown = terminal(line)
    if line.startswith(("+++", "---", "@@")):
        return faint(shown)
    if line.startswith("+"):
        return good(shown)
    return bad(shown) if line.startswith("-") else shown
