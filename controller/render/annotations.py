"""Problems as GitHub workflow commands: annotations on the lines of a pull request."""

from collections.abc import Iterable

from controller.config.problems import Problem
from controller.render.escape import workflow_data, workflow_property


def annotations(found: Iterable[Problem]) -> str:
    """One workflow command a problem."""
    return "".join(f"{_annotation(problem)}\n" for problem in found)


def _annotation(problem: Problem) -> str:
    place = problem.place
    level = "error" if problem.is_error else "warning"
    properties = [f"file={workflow_property(place.file)}"]
    if place.line:
        properties += [f"line={place.line}", f"col={place.column}"]
    properties.append(f"title={workflow_property(f'{problem.code.id} {problem.code.title}')}")
    text = problem.message + (f"\n{problem.suggestion}" if problem.suggestion else "")
    return f"::{level} {','.join(properties)}::{workflow_data(text)}"
