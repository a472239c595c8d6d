"""Two configurations to the meaning of the change between them, environment by environment. Pure.

    base ─ Configuration ─┐
                          ├─► meaning: changes and objections for each environment
    head ─ Configuration ─┘

`comparison.py` brings both out of git; `controller.domain.changes` does the comparing.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from controller.config.configuration import Configuration
from controller.domain.change import (
    AudienceMoved,
    Change,
    PolicyPart,
    PolicyTouched,
    Touch,
    advances,
    sort_key,
)
from controller.domain.changes import changes
from controller.domain.desired import Desired
from controller.domain.difference import differences
from controller.domain.objections import Objection, objections
from controller.domain.plan import Move


@dataclass(frozen=True, slots=True)
class EnvironmentMeaning:
    """What a change means for one environment.

    Attributes:
        before: What the base says, and so the policy; None where it has no such environment.
        after: What would be applied; None where the environment is removed.
        changes: Sorted; empty where nothing changes.
        objections: What may not come together, lifted or not.
    """

    environment: str
    before: Desired | None
    after: Desired | None
    changes: tuple[Change, ...]
    objections: tuple[Objection, ...]

    @property
    def advances(self) -> tuple[AudienceMoved, ...]:
        """What must pass a gate, where the phase that is left has one."""
        return tuple(self._moved(Move.ADVANCE))

    @property
    def retreats(self) -> tuple[AudienceMoved, ...]:
        """What passes without any gate."""
        return tuple(self._moved(Move.RETREAT))

    @property
    def standing(self) -> tuple[Objection, ...]:
        """The objections that nothing lifts."""
        return tuple(found for found in self.objections if found.lifted_by is None)

    def _moved(self, move: Move) -> Iterator[AudienceMoved]:
        for change in self.changes:
            if isinstance(change, AudienceMoved) and change.move is move:
                yield change


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a change means, for every environment that the base or the head has.

    Attributes:
        environments: Sorted by name; also those in which nothing changes.
    """

    environments: tuple[EnvironmentMeaning, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both sides mean the same."""
        return not any(one.changes for one in self.environments)

    @property
    def has_advances(self) -> bool:
        """Whether anything must pass a gate."""
        return any(one.advances for one in self.environments)

    @property
    def standing(self) -> tuple[Objection, ...]:
        """The objections that nothing lifts, of every environment."""
        return tuple(found for one in self.environments for found in one.standing)


def meaning(
    before: Configuration | None,
    after: Configuration,
    now: datetime,
    rules: tuple[PolicyTouched, ...] = (),
    workflows: tuple[PolicyTouched, ...] = (),
) -> Meaning:
    """Compare two configurations.

    Args:
        before: The base's; None where the repository has had none yet. Then there is no policy that
            could be softened, and nothing may start beyond merchants that it names.
        after: What would be applied.
        now: For overrides and allowances that expire.
        rules: What changes about the company's own rules; see `rules_touched`.
        workflows: What changes about what runs the check; it concerns only what advances.
    """
    names = {*after.environments, *(before.environments if before else ())}
    return Meaning(tuple(_of(before, after, name, now, rules, workflows) for name in sorted(names)))


def _of(
    before: Configuration | None,
    after: Configuration,
    environment: str,
    now: datetime,
    rules: tuple[PolicyTouched, ...],
    workflows: tuple[PolicyTouched, ...],
) -> EnvironmentMeaning:
    old, new = _desired(before, environment), _desired(after, environment)
    found: tuple[Change, ...] = (*changes(old, new, now), *rules)
    if any(advances(change) for change in found):
        found = (*found, *workflows)
    if before is None:
        found = tuple(change for change in found if not isinstance(change, PolicyTouched))
    found = tuple(sorted(found, key=sort_key))
    allowed = old.environment.allowances if old else ()
    return EnvironmentMeaning(environment, old, new, found, objections(found, allowed, now))


def _desired(configuration: Configuration | None, environment: str) -> Desired | None:
    if configuration is None or environment not in configuration.environments:
        return None
    return configuration.desired(environment)


def rules_touched(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> tuple[PolicyTouched, ...]:
    """What changes about the company's own rules, which are policy of everything.

    Args:
        before: The base's rule files by path.
        after: The head's.
    """
    return tuple(
        PolicyTouched(None, PolicyPart.RULES, file, found, _touch(file, before, after))
        for file in sorted(before.keys() | after.keys())
        if (found := differences(_rule(before.get(file)), _rule(after.get(file))))
    )


def _touch(file: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Touch:
    if file not in before:
        return Touch.ADDED
    return Touch.CHANGED if file in after else Touch.REMOVED


def _rule(data: bytes | None) -> object:
    """A rule as nested names and texts, so that its layout is no difference."""
    if data is None:
        return None
    try:
        return _named(json.loads(data))
    except (ValueError, RecursionError):
        return {"text": data.decode("utf-8", "replace")}


def _named(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _named(item) for key, item in value.items()} or "{}"
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
