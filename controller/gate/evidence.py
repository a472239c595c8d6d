"""Evidence: everything a verdict was computed from, with the verdict, so that it can be recomputed.

Stored append-only by whoever asked; `rolloutctl gate --recompute` reads it back years later. The
text is canonical JSON with a hash over the rest, so a changed byte shows. The format carries a
version; a newer reader goes on reading older ones.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from controller.domain.gate_policy import GatePolicy, Waiver
from controller.errors import UsageError
from controller.gate import codec, waiving
from controller.gate.counts import GateCounts
from controller.gate.judge import judge
from controller.gate.report import GateReport
from controller.gate.soundness import vetted

VERSION: Final = 2
"""Since 2 a pilot's counts say how long half of the runs took, and what all of them produced."""
_READABLE: Final = (1, VERSION)
_HINT: Final = (
    "Take it from the ledger again: `rolloutctl gate FLAG --format json` writes it whole."
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One judgement with all that went into it.

    Attributes:
        counts: As they were judged: what cannot be true is an `Uncounted` already.
        waivers: Those in force for the flag and phase.
        now: The database's clock when it was judged.
    """

    policy: GatePolicy
    counts: GateCounts
    waivers: tuple[Waiver, ...]
    now: datetime
    phase_soak: timedelta
    report: GateReport


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a recomputed report is not the stored one.

    Attributes:
        path: Such as `criteria[2].verdict`.
        stored: As JSON text.
        recomputed: As JSON text.
    """

    path: str
    stored: str
    recomputed: str

    def __str__(self) -> str:
        return f"{self.path}: {self.stored} -> {self.recomputed}"


@dataclass(frozen=True, slots=True)
class Recomputation:
    """What today's program makes of stored evidence."""

    report: GateReport
    differences: tuple[Difference, ...]

    @property
    def same_decision(self) -> bool:
        """Whether every verdict is the same; sentences may be worded anew by a newer version."""
        return not any(d.path.endswith("verdict") for d in self.differences)


def gather(
    policy: GatePolicy,
    counts: GateCounts,
    waivers: Iterable[Waiver],
    now: datetime,
    *,
    phase_soak: timedelta = timedelta(0),
) -> Evidence:
    """Judge, and keep everything the judgement was made from.

    Raises:
        ValueError: `now` has no zone.
    """
    counts = vetted(counts)
    valid = waiving.in_force(waivers, flag=counts.flag, phase=counts.phase, now=now)
    report = judge(policy, counts, valid, now, phase_soak=phase_soak)
    return Evidence(policy, counts, valid, now, phase_soak, report)


def recompute(evidence: Evidence) -> Recomputation:
    """Judge again from what was stored, and say where the result differs."""
    report = judge(
        evidence.policy,
        evidence.counts,
        evidence.waivers,
        evidence.now,
        phase_soak=evidence.phase_soak,
    )
    stored, new = codec.to_json(evidence.report), codec.to_json(report)
    return Recomputation(report, tuple(_differences("", stored, new)))


def _differences(
    path: str,
    stored: Any,  # noqa: ANN401 -- plain JSON
    new: Any,  # noqa: ANN401
) -> Iterator[Difference]:
    if isinstance(stored, dict) and isinstance(new, dict):
        for key in sorted(stored.keys() | new.keys()):
            yield from _differences(f"{path}.{key}".strip("."), stored.get(key), new.get(key))
    elif isinstance(stored, list) and isinstance(new, list) and len(stored) == len(new):
        for index, (old, other) in enumerate(zip(stored, new, strict=True)):
            yield from _differences(f"{path}[{index}]", old, other)
    elif stored != new:
        yield Difference(path, codec.dump(stored), codec.dump(new))


def evidence_hash(evidence: Evidence) -> str:
    """SHA-256 in hexadecimal over the canonical text: equal evidence has equal hashes."""
    return _hash(codec.to_json(evidence))


def _hash(document: object) -> str:
    return hashlib.sha256(codec.dump(document).encode()).hexdigest()


def policy_digest(policy: GatePolicy) -> str:
    """SHA-256 in hexadecimal of a gate: equal gates have equal digests."""
    return _hash(codec.to_json(policy))


def write(evidence: Evidence) -> str:
    """The canonical JSON text of evidence, with its version and hash."""
    document = codec.to_json(evidence)
    return codec.dump({"v": VERSION, "sha256": _hash(document), "evidence": document})


def read(text: str) -> Evidence:
    """Read what `write` wrote.

    Raises:
        UsageError: It is not evidence, of a version that this program does not know, or changed.
    """
    try:
        document = json.loads(text)
        version, stored, body = document["v"], document["sha256"], document["evidence"]
        hashed = _hash(body)  # JSON is read more freely than it is written
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        raise UsageError("this is not evidence of a gate", hint=_HINT) from problem
    if version not in _READABLE:
        raise UsageError(
            f"this evidence has format {version}, this program reads up to format {VERSION}",
            hint="Use the version of rolloutctl that wrote it, or a newer one.",
        )
    if stored != hashed:
        raise UsageError("this evidence was changed: its hash does not fit", hint=_HINT)
    try:
        return codec.from_json(Evidence, body)
    except ValueError as problem:
        raise UsageError(f"this evidence cannot be read: {problem}", hint=_HINT) from problem
