"""Asking the app itself which values it runs with, at the address that `verify_url` gives.

The app may answer with a JSON object from variable to value, with lines `VARIABLE=value`, or, where
one variable is asked for, with the bare value. Its text is untrusted.
"""

import json
from collections.abc import Mapping
from typing import Final

from controller.deploy_env.http import MANNERS
from controller.errors import DeployEnvUnreachable, PartlyApplied
from controller.http_calls.caller import HttpCaller, Patience, Request
from controller.http_calls.secret import Redactor

_LOOKS: Final = 5
_BETWEEN_LOOKS: Final = 4.0


class AppCheck:
    """The app's own word on what it runs with. The deploy environment's token never goes there."""

    def __init__(self, url: str, redactor: Redactor, patience: Patience) -> None:
        self._url = url
        self._clock = patience.clock
        self._http = HttpCaller(
            "the app",
            url,
            MANNERS,
            redactor=redactor,
            patience=patience,
            headers={"Cache-Control": "no-cache", "Accept": "application/json, text/plain"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def check(self, expected: Mapping[str, str]) -> None:
        """Compare; a few times, because a new deployment does not reach every edge at once.

        Args:
            expected: The value that the app should have, by the variable's name.

        Raises:
            PartlyApplied: It runs with another value.
            DeployEnvUnreachable: It did not answer, or not with values.
        """
        wrong: list[str] = []
        for look in range(_LOOKS):
            if look:
                self._clock.sleep(_BETWEEN_LOOKS)
            reported = values_in(self._ask(), tuple(expected))
            wrong = [
                f"{name} is {self._shown(reported.get(name))} there, not {value!r}"
                for name, value in sorted(expected.items())
                if reported.get(name) != value
            ]
            if not wrong:
                return
        raise PartlyApplied(
            f"the app at {self._url} does not run with what is stored: {'; '.join(wrong)}",
            "its deployment did not take the new value: deploy it anew, for example with "
            "`vercel --prod`, use `redeploy: hook` from now on (docs/vercel.md), then run "
            "`rolloutctl reconcile` again",
        )

    def _ask(self) -> str:
        request = Request("GET", "", label=f"GET {self._url}", json_reply=False)
        answer = self._http.send(request)
        if not answer.succeeded or not isinstance(answer.body, str):
            raise DeployEnvUnreachable(
                f"the app did not say what it runs with: {request} was answered {answer}",
                "check `verify_url` in rollout/environments/; it must be reachable without login",
            )
        return answer.body

    def _shown(self, value: str | None) -> str:
        return "not known" if value is None else repr(self._http.redactor.quote(value))


def values_in(text: str, names: tuple[str, ...]) -> dict[str, str]:
    """The values of these variables in the app's answer; one that it does not give is missing."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict):
        return {name: _text(told[name]) for name in names if told.get(name) is not None}
    lines = [line.partition("=") for line in text.splitlines()]
    found = {name.strip(): value.strip() for name, equals, value in lines if equals}
    if not found and len(names) == 1:
        return {names[0]: text.strip()}
    return {name: found[name] for name in names if name in found}


def _text(value: object) -> str:
    """A JSON value as the text that a variable can hold."""
    return value if isinstance(value, str) else json.dumps(value)
