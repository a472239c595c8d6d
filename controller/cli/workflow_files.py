"""Writing to the files by which a step speaks to GitHub Actions. Outside of it: nothing."""

from collections.abc import Mapping
from pathlib import Path

from controller.render.workflow_files import outputs, summary_part


def write_outputs(values: Mapping[str, str], variables: Mapping[str, str]) -> None:
    """Set outputs of this step.

    Args:
        values: By name.
        variables: The process's environment variables.

    Raises:
        ValueError: A name is none.
        OSError: The file cannot be written.
    """
    _append("GITHUB_OUTPUT", outputs(values), variables)


def write_summary(text: str, variables: Mapping[str, str]) -> None:
    """Add to the summary of this step; what GitHub would not take is cut.

    Args:
        text: Markdown, with everything foreign in it escaped.
        variables: The process's environment variables.

    Raises:
        OSError: The file cannot be written.
    """
    path = variables.get("GITHUB_STEP_SUMMARY")
    already = Path(path).stat().st_size if path and Path(path).exists() else 0
    _append("GITHUB_STEP_SUMMARY", summary_part(text, already), variables)


def _append(variable: str, text: str, variables: Mapping[str, str]) -> None:
    path = variables.get(variable)
    if path and text:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
