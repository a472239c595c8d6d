"""A document to a model: what pydantic finds wrong, told with our codes, places and suggestions.

The step after `yaml_reader.py`. What a file means is checked later, in `cross_checks/`.
"""

from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Annotated, Any, Final, Generic, TypeAlias, TypeVar, get_args, get_origin

from pydantic import BaseModel, Tag, TypeAdapter, ValidationError

from controller.config import reading_codes as codes
from controller.config.document import Document, Path
from controller.config.problems import Code, Place, Problem, did_you_mean, shown
from controller.config.scalars import PROBLEM

Model = TypeVar("Model")
Annotation: TypeAlias = Any
"""What stands behind the colon of a field: a class, or one of `typing`'s forms."""

_KEY: Final = "[key]"  # how pydantic's paths say that a mapping's key is meant, not its value
_A_LIST: Final = (
    codes.LIST_EXPECTED,
    "a list is expected here",
    "write `- item` lines, or `[item]`",
)
_A_MAPPING: Final = (
    codes.MAPPING_EXPECTED,
    "`key: value` pairs are expected here",
    "write indented `key: value` lines, or `{key: value}`",
)
_SOMETHING: Final = (
    codes.EMPTY_LIST,
    "nothing is listed here",
    "list something, or remove the key",
)
_FORMS: Final[Mapping[str, tuple[Code, str, str]]] = {
    "tuple_type": _A_LIST,
    "model_type": _A_MAPPING,
    "dict_type": _A_MAPPING,
    "too_short": _SOMETHING,
}
_MISFIT: Final = (codes.NOT_ALLOWED_TEXT, "this cannot stand here", "compare docs/files.md")
_NO_VALUE: Final = (codes.NO_VALUE, "there is no value here", "write a value, or remove the line")

_CONTAINERS: Final[Mapping[object, tuple[int, int]]] = {
    Annotated: (0, 0),
    tuple: (0, 1),
    dict: (1, 1),
}
"""Which argument of a form is about what it holds, and how many elements of a path lead there."""


class Shape(Generic[Model]):
    """What one kind of file must look like.

    Args:
        annotation: A model, or a union of models that is told apart by a key.
    """

    def __init__(self, annotation: Annotation) -> None:
        self.annotation = annotation
        self.adapter: TypeAdapter[Model] = TypeAdapter(annotation)

    def fit(self, document: Document) -> tuple[Model | None, list[Problem]]:
        """Read a document as the model.

        Returns:
            The model, or None with at least one problem.
        """
        try:
            return self.adapter.validate_python(document.value), []
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            return None, [self._problem(d, document) for d in found if not _echoes(d, document)]

    def _problem(self, details: Mapping[str, Any], document: Document) -> Problem:
        kind, loose = details["type"], details["loc"]
        path = document.follow(loose)
        if kind == PROBLEM:
            context = details["ctx"]
            place = document.place(*path, *context["at"])
            if loose and loose[-1] == _KEY:
                place = document.key_place(*path)
            return Problem(place, context["code"], context["message"], context["suggestion"])
        if kind == "missing":
            return self._missing(loose, document.place(*path))
        if kind == "extra_forbidden":
            return self._unknown(loose, document.key_place(*path))
        empty = document.value_at(*path) is None
        code, message, advice = _NO_VALUE if empty else _FORMS.get(kind, _MISFIT)
        return Problem(document.place(*path), code, message, advice)

    def _missing(self, loose: Path, place: Place) -> Problem:
        key = str(loose[-1])
        meaning = dict(_keys(_model_at(self.annotation, loose[:-1]))).get(key, "")
        advice = f"add `{key}: …`. {meaning}"
        return Problem(place, codes.MISSING_KEY, f"key {shown(key)} is missing", advice.strip())

    def _unknown(self, loose: Path, place: Place) -> Problem:
        key = str(loose[-1])
        known = [name for name, _ in _keys(_model_at(self.annotation, loose[:-1]))]
        advice = did_you_mean(key, known)
        return Problem(place, codes.UNKNOWN_KEY, f"unknown key {shown(key)}", advice)


def _echoes(details: Mapping[str, Any], document: Document) -> bool:
    """Whether it only follows from others: pydantic leaves wrong items out when it counts."""
    return details["type"] == "too_short" and bool(
        document.value_at(*document.follow(details["loc"]))
    )


def _keys(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """The keys of a model's mapping, each with its description."""
    for name, field in model.model_fields.items():
        yield field.alias or name, field.description or ""


def _model_at(annotation: Annotation, loose: Path) -> type[BaseModel]:
    """The model at a path of pydantic's, which holds tags of unions besides keys and positions."""
    origin: object = get_origin(annotation)
    arguments = get_args(annotation)
    if origin in _CONTAINERS:
        inner, elements = _CONTAINERS[origin]
        return _model_at(arguments[inner], loose[elements:])
    if arguments:
        return _member_at(arguments, loose)
    if not loose:
        model: type[BaseModel] = annotation
        return model
    fields = annotation.model_fields
    field = next(field for name, field in fields.items() if (field.alias or name) == loose[0])
    return _model_at(field.annotation, loose[1:])


def _member_at(union: tuple[Annotation, ...], loose: Path) -> type[BaseModel]:
    """The same for a union: of models with tags, or of one model and None."""
    members = [member for member in union if member is not NoneType]
    for member in members:
        if loose and Tag(str(loose[0])) in get_args(member):
            return _model_at(member, loose[1:])
    return _model_at(members[0], loose)
