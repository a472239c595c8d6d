"""What environment files mean."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from controller.config import meaning_codes as codes
from controller.config import reading_codes
from controller.config.deploy_env_keys import BUILT_IN, OtherKeys, Redeploy, VercelKeys
from controller.config.facts import Facts, repeated
from controller.config.layout import Kind
from controller.config.problems import Place, Problem, Related, closest, shown
from controller.domain.measures import DURATION, WORST_MERCHANT, Rate, Total

_ENVIRONMENTS: Final = "rollout/environments"
_SELECT: Final = re.compile(r"(?:SELECT|WITH)\b[^;]*", re.IGNORECASE)
_TAKEN: Final = frozenset({*Rate, *Total, DURATION, WORST_MERCHANT})


def existence(facts: Facts) -> Iterator[Problem]:
    """There is somewhere to apply anything."""
    if not facts.names[Kind.ENVIRONMENT]:
        message = "there is no environment"
        advice = f"add {_ENVIRONMENTS}/NAME.yaml"
        yield Problem(Place(_ENVIRONMENTS), codes.NO_ENVIRONMENT, message, advice)


def freezes(facts: Facts) -> Iterator[Problem]:
    """A freeze starts before it ends."""
    for environment in facts.environments.values():
        for position, freeze in enumerate(environment.model.freezes):
            if freeze.starts >= freeze.ends:
                path = ("freezes", position)
                start = environment.document.place(*path, "starts")
                message = "the freeze ends before it starts"
                related = (Related(start, "the start"),)
                place = environment.document.place(*path, "ends")
                yield Problem(place, codes.FREEZE_REVERSED, message, "swap them", related)


def vercel(facts: Facts) -> Iterator[Problem]:
    """One team, and a deploy hook exactly where one is called."""
    for environment in facts.environments.values():
        keys, document = environment.model.deploy_env, environment.document
        if not isinstance(keys, VercelKeys):
            continue
        options, place = keys.options, document.place("deploy_env", "options")
        if (options.team_id is None) is (options.team_slug is None):
            message = "both `team_id` and `team_slug` are given"
            if options.team_id is None:
                message = "neither `team_id` nor `team_slug` is given"
            advice = "give exactly one of them; the team's settings at Vercel show both"
            yield Problem(place, reading_codes.NOT_EXACTLY_ONE, message, advice)
        calls_hook = options.redeploy is Redeploy.HOOK
        if calls_hook and options.deploy_hook is None:
            message = "`redeploy: hook` needs a deploy hook"
            advice = "add `deploy_hook: VERCEL_DEPLOY_HOOK`, the variable that holds its address"
            yield Problem(place, codes.OPTIONS_CONTRADICT, message, advice)
        if options.deploy_hook is not None and not calls_hook:
            message = f"`deploy_hook` is not called with `redeploy: {options.redeploy}`"
            where = document.key_place("deploy_env", "options", "deploy_hook")
            advice = "write `redeploy: hook`, or remove it"
            yield Problem(where, codes.OPTIONS_CONTRADICT, message, advice)


def adapters(facts: Facts) -> Iterator[Problem]:
    """An adapter from elsewhere does not look like a misspelt built-in one."""
    for environment in facts.environments.values():
        keys = environment.model.deploy_env
        close = closest(keys.adapter, BUILT_IN) if isinstance(keys, OtherKeys) else None
        if isinstance(keys, OtherKeys) and close:
            place = environment.document.place("deploy_env", "adapter")
            message = f"adapter {shown(keys.adapter)} is not built in"
            yield Problem(place, codes.ADAPTER_MISSPELT, message, f"did you mean `{close}`?")


def measures(facts: Facts) -> Iterator[Problem]:
    """A company's own measure has a name of its own and only reads."""
    for environment in facts.environments.values():
        for name, measure in environment.model.workflow_data.measures.items():
            path = ("workflow_data", "measures", name)
            if name in _TAKEN:
                message = f"{shown(name)} is built in"
                place = environment.document.key_place(*path)
                yield Problem(place, codes.MEASURE_NAME_TAKEN, message, "choose another name")
            if _SELECT.fullmatch(measure.sql) is None:
                message = f"measure {shown(name)} is not one SELECT"
                place = environment.document.place(*path, "sql")
                advice = "begin it with SELECT or WITH, and remove every semicolon"
                yield Problem(place, codes.NOT_A_SELECT, message, advice)


def statuses(facts: Facts) -> Iterator[Problem]:
    """Each status means one thing and is listed once."""
    for environment in facts.environments.values():
        data, document = environment.model.workflow_data, environment.document
        runs = {"completed": data.completed, "failed": data.failed, "running": data.running}
        for one, other in combinations(runs, 2):
            for status in sorted(set(runs[one]) & set(runs[other])):
                message = f"status {shown(status)} means both {one} and {other}"
                related = (Related(document.place("workflow_data", one), f"`{one}`"),)
                place = document.place("workflow_data", other)
                yield Problem(place, codes.STATUS_AMBIGUOUS, message, "remove it from one", related)
        for key in (*runs, "synced"):
            path = ("workflow_data", key)
            yield from repeated(document, path, reading_codes.DUPLICATE_ITEM, "status")


CHECKS: Final = (existence, freezes, vercel, adapters, measures, statuses)
