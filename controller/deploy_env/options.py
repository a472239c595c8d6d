"""Reading an adapter's options strictly: what is unknown, missing or malformed is said, by name.

The options come from `rollout/environments/*.yaml` as text. Adapters of other people may use this
too; it keeps their messages like ours.
"""

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from controller.domain.units import parse_duration
from controller.errors import UsageError
from controller.http_calls.address import is_safe_url
from controller.http_calls.secret import Secret

_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VISIBLE: Final = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class AdapterOptions:
    """The options of one adapter, with messages that name it.

    Args:
        adapter: The adapter's name, as the environment file gives it.
        values: The options as written.
        secrets: The process's environment variables.
        known: Every option that the adapter has.

    Raises:
        UsageError: An option is not known.
    """

    adapter: str
    values: Mapping[str, str]
    secrets: Mapping[str, str]
    known: Collection[str]

    def __post_init__(self) -> None:
        for name in sorted(self.values):
            if name not in self.known:
                close = difflib.get_close_matches(name, self.known, n=1)
                meant = f"; did you mean `{close[0]}`?" if close else ""
                raise UsageError(
                    f"the deploy environment {self.adapter} has no option `{name}`{meant}",
                    f"its options are: {', '.join(sorted(self.known))}",
                )

    def text(self, name: str) -> str | None:
        """The option as written, or None where it is not given.

        Raises:
            UsageError: It is given, but empty.
        """
        value = self.values.get(name)
        if value is not None and not value.strip():
            raise self._wrong(name, "is empty", "give it a value or leave it out")
        return value

    def required(self, name: str) -> str:
        """The option as written.

        Raises:
            UsageError: It is not given, or empty.
        """
        value = self.text(name)
        if value is None:
            raise self._wrong(name, "is missing", f"add `{name}` to the options of deploy_env")
        return value

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        """One of a closed set of words.

        Raises:
            UsageError: It is another word.
        """
        value = self.text(name) or default
        if value not in choices:
            raise self._wrong(name, f"is {value!r}", f"write one of: {', '.join(choices)}")
        return value

    def duration(self, name: str, default: timedelta) -> timedelta:
        """A duration such as `10m`.

        Raises:
            UsageError: It is not a duration.
        """
        value = self.text(name)
        if value is None:
            return default
        try:
            return parse_duration(value)
        except ValueError as error:
            raise self._wrong(name, f"is {value!r}", f"{error}") from error

    def url(self, name: str, default: str | None = None) -> str | None:
        """An https address. Plain http is allowed to this machine itself only.

        Raises:
            UsageError: It is not such an address.
        """
        value = self.text(name) or default
        if value is not None:
            self._check_url(name, value)
        return value

    def secret(self, name: str, default: str | None = None) -> Secret:
        """The secret that stands in the variable that the option names.

        Surrounding white space is dropped: a stored secret often ends with a line break.

        Args:
            name: The option.
            default: The variable's name where the option is not given.

        Raises:
            UsageError: The variable is not set, or holds something that cannot be a secret.
        """
        variable = self.text(name) or default or self.required(name)
        if not _VARIABLE.fullmatch(variable):
            raise self._wrong(
                name,
                "does not name a variable",
                "give the name of the process's variable that holds the secret, never the secret",
            )
        text = self.secrets.get(variable, "").strip()
        if not text:
            raise UsageError(
                f"the deploy environment {self.adapter} needs the variable {variable}, "
                "which is not set",
                f"set {variable}, or name another variable with the option `{name}`",
            )
        if not _VISIBLE.fullmatch(text):
            raise UsageError(
                f"the variable {variable} holds characters that no {name} can have",
                f"set {variable} anew: one line of printable ASCII without spaces",
            )
        return Secret(text)

    def secret_url(self, name: str) -> Secret:
        """An https address that is itself a secret, from the variable that the option names.

        Raises:
            UsageError: The variable is not set, or does not hold such an address.
        """
        secret = self.secret(name)
        if not is_safe_url(secret.reveal()):
            raise UsageError(
                f"the variable {self.values[name]} does not hold an https address",
                f"set {self.values[name]} to the whole address, beginning with https://",
            )
        return secret

    def _check_url(self, name: str, value: str) -> None:
        if not is_safe_url(value):
            raise self._wrong(
                name, "is not an https address", "plain http is allowed to this machine itself only"
            )

    def _wrong(self, name: str, what: str, hint: str) -> UsageError:
        message = f"the option `{name}` of the deploy environment {self.adapter} {what}"
        return UsageError(message, hint)
