"""A flagd flag definition: the same truth for any OpenFeature SDK. https://flagd.dev, schema v0.

Canonical: sorted keys, sorted merchants, the same bytes for the same world. It comes in pieces,
because a list may hold a million merchants. Only keys that every evaluator knows are used: one that
it does not know makes it refuse the whole file. And only ASCII: some read it in whatever encoding
their machine prefers.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from itertools import islice
from typing import Any, Final

from controller.domain.desired import DesiredFlag
from controller.domain.resolution import ResolvedFlag
from controller.inquiry.export import Export
from controller.render.flagd.rules import (
    AGE_ATTRIBUTE,
    GENERATION,
    Rules,
    is_listed,
    rules_of,
    variant,
)

SCHEMA: Final = "https://flagd.dev/schema/v0/flags.json"

LONG_LIST: Final = 10_000
"""An evaluator goes through a list one by one; beyond this many it is worth a word."""

_PIECE: Final = 10_000
_HOLE: Final = "\0"
"""Stands for something to be put in later. No text of a file or database can hold it."""


def definition(export: Export) -> Iterator[str]:
    """The file, piece by piece."""
    flags = _resolved(export) if export.resolved is not None else _by_rules(export)
    frame = {"$schema": SCHEMA, "flags": {_HOLE: None}, "metadata": _set_metadata(export)}
    head, tail = _text(frame).split(f"{json.dumps(_HOLE)}: null")
    if not export.flags:
        yield _text({**frame, "flags": {}})
        return
    yield head
    for number, pieces in enumerate(flags):
        yield ",\n    " if number else ""
        yield from pieces
    yield tail


def caveats(export: Export) -> Iterator[str]:
    """Under which conditions the definition says what `explain` says; for people. Not escaped."""
    if not export.is_current:
        yield "the files are older than what was applied, or of another branch"
    if export.pending:
        yield f"not applied yet as the files have it: {', '.join(export.pending)}"
    if export.resolved is not None:
        for flag in export.resolved:
            if flag.count > LONG_LIST:
                yield (
                    f"{flag.desired.key} lists {flag.count:,} merchants; an evaluator goes through "
                    "them one by one, each time"
                )
        return
    rules = {flag.key: _rules(flag, export) for flag in export.flags}
    yield from _conditions(rules)


def _conditions(rules: Mapping[str, Rules]) -> Iterator[str]:
    hashing = [key for key, found in rules.items() if found.hashes]
    aged = [key for key, found in rules.items() if found.needs_age]
    if hashing:
        yield (
            f"{', '.join(hashing)}: exact only where flagd's fractional is of generation "
            f"{GENERATION}; any other one picks other merchants, see docs/openfeature.md"
        )
    if aged:
        yield (
            f"{', '.join(aged)}: the app must give {AGE_ATTRIBUTE} (seconds since 1970 UTC) with "
            "each evaluation; without it the percentage passes over the merchant"
        )


def _set_metadata(export: Export) -> dict[str, Any]:
    """Scalars only: an evaluator refuses anything else."""
    return {
        "environment": export.environment,
        "revision": export.revision or "uncommitted",
        "generation": export.generation,
        "asOf": f"{export.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "form": "fractional" if export.resolved is None else "resolved",
        "applied": export.is_current and not export.pending,
    }


def _resolved(export: Export) -> Iterator[Iterator[str]]:
    return (_listed(flag, export) for flag in export.resolved or ())


def _listed(flag: ResolvedFlag, export: Export) -> Iterator[str]:
    usual, other = variant(flag.usual), variant(not flag.usual)
    targeting = {"if": [is_listed([_HOLE]), other, usual]} if flag.count else None
    body = _flag(Rules(usual, targeting), {"listed": flag.count, **_facts(flag.desired, export)})
    text = _member(flag.desired.key, body)
    if targeting is None:
        yield text
        return
    before, after = text.split(json.dumps(_HOLE))
    yield before
    comma = "," + before[before.rindex("\n") :]
    merchants, joint = flag.exceptions, ""
    while piece := list(islice(merchants, _PIECE)):
        yield joint + json.dumps(piece, separators=(comma, ""))[1:-1]
        joint = comma
    yield after


def _by_rules(export: Export) -> Iterator[Iterator[str]]:
    for desired in export.flags:
        rules = _rules(desired, export)
        facts = _facts(desired, export)
        if rules.hashes and desired.rollout is not None:
            bucketing = desired.rollout.bucketing
            facts |= {"fractionalGeneration": GENERATION}
            facts |= {"salt": bucketing.salt, "bucketingVersion": bucketing.version}
        if rules.needs_age:
            facts["needsAttribute"] = AGE_ATTRIBUTE
        yield iter([_member(desired.key, _flag(rules, facts))])


def _rules(desired: DesiredFlag, export: Export) -> Rules:
    return rules_of(desired, export.now, halted=desired.key in export.halts)


def _facts(desired: DesiredFlag, export: Export) -> dict[str, Any]:
    facts: dict[str, Any] = {"phase": desired.phase, "halted": desired.key in export.halts}
    return facts | ({"applied": False} if desired.key in export.pending else {})


def _flag(rules: Rules, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A flag that is off is enabled, too: for a disabled one each caller's own default holds."""
    return {
        "state": "ENABLED",
        "variants": {variant(True): True, variant(False): False},
        "defaultVariant": rules.usual,
        "metadata": dict(facts),
        **({"targeting": rules.targeting} if rules.targeting else {}),
    }


def _member(key: str, body: Mapping[str, Any]) -> str:
    """One flag as it stands in the whole file, two levels deep."""
    lines = _text({"flags": {key: body}}).split("\n")
    return "\n".join(lines[2:-3]).removeprefix("    ")


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, sort_keys=True) + "\n"
