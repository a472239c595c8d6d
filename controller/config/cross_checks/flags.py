"""What flag files mean, each for itself and beside each other."""

from collections.abc import Iterator
from typing import Final

from controller.config import meaning_codes as codes
from controller.config.facts import Facts, Item, repeated
from controller.config.flag_file import FlagFile
from controller.config.problems import Code, Problem, Related, shown
from controller.config.reading_codes import DUPLICATE_ITEM


def homes(facts: Facts) -> Iterator[Problem]:
    """A flag lives somewhere, and has the home that its values need."""
    for flag in facts.flags.values():
        model, place = flag.model, flag.document.place
        if model.merchant_config is None and model.deploy_env is None:
            advice = "add `merchant_config: {column: …}` or `deploy_env: {variable: …}`"
            yield Problem(
                place("key"), codes.NO_HOME, f"flag {shown(model.key)} lives nowhere", advice
            )
        elif model.merchant_config is None and model.overrides:
            message = "overrides need a value for each merchant, and the flag has none"
            advice = "add `merchant_config: {column: …}`, or remove the overrides"
            yield Problem(place("overrides"), codes.OVERRIDES_WITHOUT_HOME, message, advice)
        if model.globally_on and model.deploy_env is None:
            message = "on for everyone, but the flag has no variable to say so"
            advice = "add `deploy_env: {variable: …}`, or write `global: false`"
            yield Problem(place("global"), codes.GLOBAL_WITHOUT_HOME, message, advice)


def values(facts: Facts) -> Iterator[Problem]:
    """On and off differ, and each target is named once."""
    for flag in facts.flags.values():
        home, document = flag.model.deploy_env, flag.document
        if home and home.enabled == home.disabled:
            message = f"enabled and disabled are both {shown(home.enabled)}"
            advice = 'write two different values, for example "1" and "0"'
            yield Problem(document.place("deploy_env"), codes.SAME_VALUES, message, advice)
        yield from repeated(document, ("deploy_env", "targets"), DUPLICATE_ITEM, "target")


def overrides(facts: Facts) -> Iterator[Problem]:
    """One override a merchant, none out of reach, none forgotten."""
    for flag in facts.flags.values():
        first: dict[str, int] = {}
        for position, override in enumerate(flag.model.overrides):
            if override.merchant in first:
                yield _second_override(flag, first[override.merchant], position)
            first.setdefault(override.merchant, position)
            if flag.model.globally_on and not override.value:
                yield _unreachable(flag, position)
            if facts.is_over(override.expires):
                message = f"the override ended on {override.expires}"
                place = flag.document.place("overrides", position, "expires")
                yield Problem(place, codes.OVERRIDE_EXPIRED, message, "remove it")


def _second_override(flag: Item[FlagFile], first: int, second: int) -> Problem:
    merchant = shown(flag.model.overrides[second].merchant)
    place = flag.document.place("overrides", second)
    related = (Related(flag.document.place("overrides", first), "the first one"),)
    message = f"merchant {merchant} has two overrides"
    return Problem(place, codes.DUPLICATE_OVERRIDE, message, "keep one of them", related)


def _unreachable(flag: Item[FlagFile], position: int) -> Problem:
    merchant = shown(flag.model.overrides[position].merchant)
    related = (Related(flag.document.place("global"), "on for everyone"),)
    return Problem(
        flag.document.place("overrides", position, "value"),
        codes.UNREACHABLE_OVERRIDE,
        f"merchant {merchant} cannot be off while the flag is on for everyone",
        "write `global: false`, or remove the override",
        related,
    )


def columns(facts: Facts) -> Iterator[Problem]:
    """No column is shared, and none belongs to the app."""
    homes = {
        name: flag.model.merchant_config.column
        for name, flag in facts.flags.items()
        if flag.model.merchant_config
    }
    yield from _shared(facts, homes, ("merchant_config", "column"), codes.SHARED_COLUMN)
    for name, column in homes.items():
        for environment in facts.environments.values():
            if column in environment.model.database.tables.config_columns:
                tables = environment.document.place("database", "tables")
                yield Problem(
                    facts.flags[name].document.place("merchant_config", "column"),
                    codes.RESERVED_COLUMN,
                    f"column {shown(column)} belongs to the app",
                    "give the flag a column of its own",
                    (Related(tables, "the environment whose table has it"),),
                )
                break


def variables(facts: Facts) -> Iterator[Problem]:
    """No variable is shared."""
    homes = {
        name: flag.model.deploy_env.variable
        for name, flag in facts.flags.items()
        if flag.model.deploy_env
    }
    yield from _shared(facts, homes, ("deploy_env", "variable"), codes.SHARED_VARIABLE)


def _shared(
    facts: Facts, homes: dict[str, str], path: tuple[str, str], code: Code
) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, home in homes.items():
        if home in first:
            other = facts.flags[first[home]].document
            message = f"{path[1]} {shown(home)} is the home of flag {shown(first[home])} already"
            related = (Related(other.place(*path), "the other flag"),)
            place = facts.flags[name].document.place(*path)
            yield Problem(place, code, message, "give each flag a home of its own", related)
        first.setdefault(home, name)


def ends(facts: Facts) -> Iterator[Problem]:
    """A release flag says by when it is gone; one that should be gone is pointed out."""
    for name, flag in facts.flags.items():
        rollout = facts.rollouts.get(name)
        if rollout and flag.model.expires is None:
            message = "the flag has a rollout, but no day by which it is gone"
            related = (Related(rollout.document.place("flag"), "the rollout"),)
            advice = "add `expires: YYYY-MM-DD`"
            yield Problem(flag.document.place("key"), codes.NO_EXPIRY, message, advice, related)
        if facts.is_over(flag.model.expires):
            message = f"the flag should have been gone on {flag.model.expires}"
            advice = "remove it from app and repository, or set a new day"
            yield Problem(flag.document.place("expires"), codes.FLAG_EXPIRED, message, advice)


def everywhere(facts: Facts) -> Iterator[Problem]:
    """What is on for everyone is so in every environment, which needs a place to write it."""
    for flag in facts.flags.values():
        for environment in facts.environments.values() if flag.model.globally_on else ():
            if environment.model.deploy_env is None:
                name = shown(environment.model.name)
                yield Problem(
                    flag.document.place("global"),
                    codes.NO_DEPLOY_ENVIRONMENT,
                    f"on for everyone, but environment {name} has no deploy environment",
                    "add `deploy_env` to the environment, or write `global: false`",
                    (Related(environment.document.place("name"), "the environment"),),
                )


CHECKS: Final = (homes, values, overrides, columns, variables, ends, everywhere)
