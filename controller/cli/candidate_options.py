"""The rules of `candidates` as options; their defaults are those of the domain."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final, TypeVar

import click

from controller.cli import options
from controller.domain.candidates import CandidateRules
from controller.domain.units import Percent, parse_duration, parse_percent
from controller.errors import UsageError

Function = TypeVar("Function", bound=Callable[..., Any])

_DEFAULTS: Final = CandidateRules()
_OPTIONS: Final = (
    ("--active-within", "active_within", "The newest run is at most this old."),
    ("--success-above", "success_above", "More than this share of the month's runs were good."),
    ("--min-runs", "runs_min", "The fewest runs of the last 30 days."),
    ("--max-runs", "runs_max", "The most runs of the last 30 days."),
    ("--busiest", "busiest", "Leave out this share of merchants, those with the most runs."),
    ("--min-age", "age_min", "How long the merchant has been there."),
    ("--trouble-free", "trouble_free", "No run of this time failed or got stuck."),
    ("--stuck-after", "stuck_after", "A run that has not ended by then is stuck."),
)


class _Duration(click.ParamType[timedelta]):
    """`7d`, `4h`."""

    name = "duration"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read it as files are read."""
        try:
            return parse_duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _Share(click.ParamType[Percent]):
    """`80%`."""

    name = "percent"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Percent:
        """Read it as files are read."""
        try:
            return parse_percent(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def candidate_rules(function: Function) -> Function:
    """An option for each rule; the command is given them together, as `rules`."""

    @wraps(function)
    def with_rules(**given: object) -> object:
        values = {field: given.pop(field) for _, field, _ in _OPTIONS}
        return function(rules=_rules(values), **given)

    command: Any = with_rules
    for option, field, text in reversed(_OPTIONS):
        kind, default = _kind(getattr(_DEFAULTS, field))
        command = click.option(
            option,
            field,
            type=kind,
            default=default,
            show_default=True,
            metavar=kind.name.upper(),
            help=text,
        )(command)
    found: Function = command
    return found


def _kind(default: object) -> tuple[click.ParamType[Any], str]:
    if isinstance(default, timedelta):
        hours = int(default / timedelta(hours=1))
        return _Duration(), f"{hours}h" if hours % 24 else f"{hours // 24}d"
    return (_Share() if isinstance(default, Percent) else options.Number(min=1)), str(default)


def _rules(values: dict[str, Any]) -> CandidateRules:
    rules = CandidateRules(**values)
    if rules.runs_min > rules.runs_max:
        raise UsageError(
            f"nobody has at least {rules.runs_min} and at most {rules.runs_max} runs",
            "--min-runs must not be above --max-runs",
        )
    if max(rules.active_within, rules.trouble_free) > rules.month:
        raise UsageError(
            f"runs are counted for {rules.month.days} days only",
            f"--active-within and --trouble-free may be up to {rules.month.days}d",
        )
    return rules
