"""What Vercel's JSON means: variables and deployments as values, or a clear refusal to guess."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeVar

from controller.deploy_env.http import ReplyLost
from controller.domain.deploy import Deployment, Readability, Variable
from controller.http_calls.caller import RUN_AGAIN

_T = TypeVar("_T")
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


class UnexpectedShape(ReplyLost):
    """Vercel answered, but not in the form that its documentation gives."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Vercel's answer is not what it should be: {what}", RUN_AGAIN)


class VariableType(StrEnum):
    """The types whose value can be read; any other (sensitive, system, secret) cannot."""

    PLAIN = "plain"
    ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True)
class StoredVariable:
    """One entry of the project's list of variables.

    Attributes:
        kind: Vercel's type: `plain`, `encrypted`, `sensitive`, `system` or `secret`.
        targets: With the ids of custom environments, which are targets too.
        value: None where the list shows it encrypted, or not at all.
    """

    id: str
    key: str
    kind: str
    targets: frozenset[str]
    value: str | None
    branch: str | None
    updated_at: datetime | None

    @property
    def must_be_decrypted(self) -> bool:
        """Whether its value has to be asked for by its own request."""
        return self.value is None and self.kind == VariableType.ENCRYPTED

    def as_variable(self, value: str | None) -> Variable:
        """The variable as the domain knows it, with the value that was read."""
        readable = Readability.UNREADABLE if value is None else Readability.READABLE
        return Variable(
            id=self.id,
            name=self.key,
            targets=self.targets,
            value=value,
            readability=readable,
            branch=self.branch,
            updated_at=self.updated_at,
            hint="convert the variable to a readable type, see docs/vercel.md",
        )


class ReadyState(StrEnum):
    """The states of a deployment that end it, or make it ready; all others are on the way."""

    READY = "READY"
    ERROR = "ERROR"
    CANCELED = "CANCELED"
    BLOCKED = "BLOCKED"
    DELETED = "DELETED"


@dataclass(frozen=True, slots=True)
class StoredDeployment:
    """One deployment to production.

    Attributes:
        state: Vercel's `readyState`.
        aliased: Whether its aliases have been assigned.
        substate: `STAGED` (never seen production traffic), `ROLLING`, `PROMOTED`, or unknown.
        assigns_domains: Whether the production domains will be given to it without a person.
        reason: Why it failed, in Vercel's words. Untrusted.
    """

    id: str
    name: str
    created_at: datetime
    state: str
    aliased: bool
    substate: str
    assigns_domains: bool
    reason: str

    @property
    def is_live(self) -> bool:
        """Whether it is ready and people use it."""
        waiting = self.substate in {"STAGED", "ROLLING"}
        return self.state == ReadyState.READY and self.aliased and not waiting

    @property
    def has_failed(self) -> bool:
        """Whether it will never be ready."""
        return self.state in set(ReadyState) - {ReadyState.READY}

    def as_deployment(self) -> Deployment:
        """The deployment as the domain knows it."""
        return Deployment(self.id, self.created_at)


def variable_page(body: object, names: Collection[str]) -> tuple[list[StoredVariable], int | None]:
    """The variables of these names on one page, and the mark of the next page; None on the last.

    Raises:
        UnexpectedShape: It is not such a page, or not all of the variables are shown.
    """
    if _optional(body, "hiddenProductionEnvCount", int):
        raise UnexpectedShape("it hides production variables from this token")
    entries = _member(body, "envs", list)
    pages = _optional(body, "pagination", dict)
    after = _optional(pages, "next", int) if pages else None
    found = [entry for entry in entries if _member(entry, "key", str) in names]
    return [stored_variable(entry) for entry in found], after


def stored_variable(entry: object) -> StoredVariable:
    """One variable, from the list or alone.

    Raises:
        UnexpectedShape: It is not a variable.
    """
    kind = _word(entry, "type")
    updated_at = _optional(entry, "updatedAt", int)
    return StoredVariable(
        id=_word(entry, "id"),
        key=_member(entry, "key", str),
        kind=kind,
        targets=_targets(entry),
        value=_readable_value(entry, kind),
        branch=_optional(entry, "gitBranch", str),
        updated_at=None if updated_at is None else _moment(updated_at),
    )


def decrypted_value(entry: object) -> str | None:
    """The value of a variable that was asked for alone; None where it cannot be read."""
    if _optional(entry, "decrypted", bool) is False:
        return None
    return _text_value(entry)


def failures(body: object) -> list[tuple[str, str]]:
    """The code and message of every variable that a successful creation did not create.

    Raises:
        UnexpectedShape: It is not the answer to a creation.
    """
    errors = [_member(entry, "error", dict) for entry in _member(body, "failed", list)]
    return [
        (_optional(error, "code", str) or "", _optional(error, "message", str) or "")
        for error in errors
    ]


def deployment_page(body: object) -> list[StoredDeployment]:
    """The newest deployments, newest first.

    Raises:
        UnexpectedShape: It is not a list of deployments.
    """
    found = [stored_deployment(entry) for entry in _member(body, "deployments", list)]
    return sorted(found, key=lambda deployment: deployment.created_at, reverse=True)


def stored_deployment(entry: object) -> StoredDeployment:
    """One deployment, from a list or alone.

    Raises:
        UnexpectedShape: It is not a deployment.
    """
    told = (
        _optional(entry, name, str) for name in ("errorCode", "errorMessage", "readyStateReason")
    )
    return StoredDeployment(
        id=_word(entry, "uid" if _optional(entry, "uid", str) else "id"),
        name=_optional(entry, "name", str) or "",
        created_at=_moment(_member(entry, "createdAt", int)),
        state=_word(entry, "readyState" if _optional(entry, "readyState", str) else "state"),
        aliased=bool(_optional(entry, "aliasAssigned", (int, bool))),
        substate=_optional(entry, "readySubstate", str) or "",
        assigns_domains=_optional(entry, "autoAssignCustomDomains", bool) is not False,
        reason=": ".join(filter(None, told)),
    )


def project_in_production(body: object) -> tuple[str, StoredDeployment | None]:
    """A project's name and the deployment that its production domains point to.

    Raises:
        UnexpectedShape: It is not a project.
    """
    targets = _optional(body, "targets", dict)
    production = _optional(targets, "production", dict) if targets else None
    return _member(body, "name", str), stored_deployment(production) if production else None


def _targets(entry: object) -> frozenset[str]:
    target = _optional(entry, "target", (list, str)) or []
    custom = _optional(entry, "customEnvironmentIds", list) or []
    named = [target] if isinstance(target, str) else target
    if not all(isinstance(name, str) and _WORD.fullmatch(name) for name in (*named, *custom)):
        raise UnexpectedShape("a variable's targets are not names")
    return frozenset((*named, *custom))


def _readable_value(entry: object, kind: str) -> str | None:
    """The value that the list itself shows in clear."""
    decrypted = kind == VariableType.ENCRYPTED and _optional(entry, "decrypted", bool)
    return _text_value(entry) if kind == VariableType.PLAIN or decrypted else None


def _text_value(entry: object) -> str | None:
    """The value, unless it is missing or no text that could be written again."""
    value = _optional(entry, "value", str)
    if value is None or any("\ud800" <= character <= "\udfff" for character in value):
        return None
    return value


def _word(entry: object, name: str) -> str:
    """A name or identifier: safe to show, and to be a part of a path."""
    text = _member(entry, name, str)
    if not _WORD.fullmatch(text):
        raise UnexpectedShape(f"`{name}` is not an identifier")
    return text


def _moment(milliseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnexpectedShape("a time stamp is out of range") from error


def _member(container: object, name: str, kind: type[_T]) -> _T:
    value = _optional(container, name, kind)
    if value is None:
        raise UnexpectedShape(f"`{name}` is missing")
    return value


def _optional(container: object, name: str, kind: type[_T] | tuple[type[_T], ...]) -> _T | None:
    """The member; None where it is missing or null."""
    if not isinstance(container, dict):
        raise UnexpectedShape("it is not an object")
    value = container.get(name)
    if value is None:
        return None
    is_bool_for_number = isinstance(value, bool) and kind is int
    if not isinstance(value, kind) or is_bool_for_number:
        raise UnexpectedShape(f"`{name}` is of another type")
    return value
