"""The kinds of YAML file: the model of each, and how a file's name belongs to what it defines."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from controller.config import reading_codes as codes
from controller.config.document import Document
from controller.config.environment_file import EnvironmentFile
from controller.config.fields import GATE_NAME
from controller.config.flag_file import FlagFile
from controller.config.gate_file import GateKeys
from controller.config.layout import Kind, Located
from controller.config.problems import Place, Problem, shown
from controller.config.rollout_file import RolloutFile
from controller.config.shapes import Shape
from controller.config.waiver_file import WaiverFile

KINDS: Final[Mapping[Kind, Shape[Any]]] = {
    Kind.FLAG: Shape(FlagFile),
    Kind.ROLLOUT: Shape(RolloutFile),
    Kind.ENVIRONMENT: Shape(EnvironmentFile),
    Kind.GATE: Shape(GateKeys),
    Kind.WAIVER: Shape(WaiverFile),
}

_NAMED_BY: Final = {Kind.FLAG: "key", Kind.ROLLOUT: "flag", Kind.ENVIRONMENT: "name"}


def name_problem(located: Located, model: Any, document: Document) -> Iterator[Problem]:  # noqa: ANN401 -- one of the models above
    """Whether the file is called after what it defines."""
    key = _NAMED_BY.get(located.kind)
    stem = located.stem
    if key:
        name = str(getattr(model, key))
        if name != stem:
            message = f"the file is called {shown(stem)}, but its `{key}` is {shown(name)}"
            advice = f"rename the file to {name}.yaml, or write `{key}: {stem}`"
            yield Problem(document.place(key), codes.NAME_MISMATCH, message, advice)
    elif located.kind is Kind.GATE and re.fullmatch(GATE_NAME, stem) is None:
        message = f"the file gives the gate its name, and {shown(stem)} cannot be one"
        advice = "allowed are lower-case letters, digits, `_` and `-`, starting with a letter"
        yield Problem(Place(located.file), codes.NAME_MISMATCH, message, advice)
