"""What is known after every file has been read: the models of the right shape, and all names.

The input of the cross checks. A file that could not be read is missing among the models, but its
name is known, so that nothing is said about it that is not true.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from controller.config.document import Document, Path
from controller.config.environment_file import EnvironmentFile
from controller.config.flag_file import FlagFile
from controller.config.gate_file import DeterministicKeys, SequentialKeys
from controller.config.layout import Kind
from controller.config.problems import Code, Place, Problem, Related, shown
from controller.config.rollout_file import RolloutFile
from controller.config.waiver_file import WaiverFile

Model = TypeVar("Model")
GateModel = DeterministicKeys | SequentialKeys


@dataclass(frozen=True, slots=True)
class Item(Generic[Model]):
    """A file with the right shape, and where everything in it stands."""

    model: Model
    document: Document


@dataclass(frozen=True, slots=True)
class GateItem:
    """A gate, and the path of its document at which it stands: the root, or below `gates`."""

    name: str
    model: GateModel
    document: Document
    path: Path

    def place(self, *path: str | int) -> Place:
        """Where a value of the gate stands."""
        return self.document.place(*self.path, *path)

    def key_place(self, *path: str | int) -> Place:
        """Where a key of the gate stands."""
        return self.document.key_place(*self.path, *path)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was read.

    Attributes:
        flags: By the file's name, like the others.
        names: The names of all files of a kind, those with problems included.
        today: For what expires; None where that is not asked.
    """

    flags: Mapping[str, Item[FlagFile]]
    rollouts: Mapping[str, Item[RolloutFile]]
    environments: Mapping[str, Item[EnvironmentFile]]
    gates: Mapping[str, Item[GateModel]]
    waivers: Mapping[str, Item[WaiverFile]]
    names: Mapping[Kind, frozenset[str]]
    today: date | None

    def all_gates(self) -> Iterator[GateItem]:
        """The shared gates, then every rollout's own."""
        for name, gate in self.gates.items():
            yield GateItem(name, gate.model, gate.document, ())
        for rollout in self.rollouts.values():
            for name, own in rollout.model.gates.items():
                yield GateItem(name, own, rollout.document, ("gates", name))

    def gate_of(self, rollout: Item[RolloutFile], name: str) -> GateItem | None:
        """The gate that a rollout's phase means; None where it is not defined or has problems."""
        own = rollout.model.gates.get(name)
        if own is not None:
            return GateItem(name, own, rollout.document, ("gates", name))
        shared = self.gates.get(name)
        return GateItem(name, shared.model, shared.document, ()) if shared else None

    def is_over(self, last_day: date | None) -> bool:
        """Whether a last day has passed."""
        return self.today is not None and last_day is not None and last_day < self.today

    def all_read(self, kind: Kind) -> bool:
        """Whether every file of the kind has the right shape."""
        read: Mapping[Kind, Mapping[str, object]] = {
            Kind.FLAG: self.flags,
            Kind.ROLLOUT: self.rollouts,
            Kind.ENVIRONMENT: self.environments,
            Kind.GATE: self.gates,
            Kind.WAIVER: self.waivers,
        }
        return read[kind].keys() == self.names[kind]


def repeated(document: Document, path: Path, code: Code, what: str) -> Iterator[Problem]:
    """A problem for each item of a list of texts that stands there for the second time."""
    items = document.value_at(*path)
    first: dict[str, int] = {}
    for position, item in enumerate(items if isinstance(items, list) else ()):
        text = str(item)
        if text in first:
            place = document.place(*path, position)
            related = (Related(document.place(*path, first[text]), "the first one"),)
            yield Problem(
                place, code, f"{what} {shown(text)} is listed twice", "remove one", related
            )
        first.setdefault(text, position)
