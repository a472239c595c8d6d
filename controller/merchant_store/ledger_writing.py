"""What a run leaves in the ledger: its own row, the flags as applied, the halts that it ended.

Apply: in the same transaction as the merchants' values, so that neither is ever there without the
other.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from controller.domain.canonical import encode
from controller.domain.rollout import OFF
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import Connection, fetch_one
from controller.merchant_store.interface import Write
from controller.merchant_store.ledger_lock import LockedLedger
from controller.merchant_store.policy_text import encode_policy

_RUN: Final = """
    INSERT INTO rollout.run
        (id, environment, generation, kind, revision, actor, plan_hash, flags, summary)
    VALUES (%(id)s, %(environment)s, %(generation)s, %(kind)s, %(revision)s, %(actor)s,
            %(plan_hash)s, %(flags)s, %(summary)s)
    RETURNING seq
"""
_KNOWN_FLAG: Final = """
    INSERT INTO rollout.flag (environment, key) VALUES (%s, %s) ON CONFLICT DO NOTHING
"""
_RECORD: Final = """
    INSERT INTO rollout.flag AS f
        (environment, key, definition, policy, phase, since, phase_since, live_since, generation,
         revision)
    VALUES (%(environment)s, %(key)s, %(definition)s, %(policy)s, %(phase)s, now(), now(),
            CASE WHEN %(is_live)s THEN now() END, %(generation)s, %(revision)s)
    ON CONFLICT (environment, key) DO UPDATE SET
        definition = excluded.definition,
        policy = excluded.policy,
        phase = excluded.phase,
        since = CASE WHEN f.definition = excluded.definition AND f.released_at IS NULL
                     THEN f.since ELSE excluded.since END,
        phase_since = CASE WHEN f.phase = excluded.phase AND f.released_at IS NULL
                                AND NOT %(is_widened)s
                           THEN f.phase_since ELSE excluded.phase_since END,
        live_since = CASE WHEN %(is_live)s AND f.released_at IS NULL
                          THEN coalesce(f.live_since, excluded.live_since)
                          ELSE excluded.live_since END,
        generation = excluded.generation,
        revision = excluded.revision,
        released_at = NULL
"""
_RELEASE: Final = """
    UPDATE rollout.flag SET released_at = now(), generation = %s
    WHERE environment = %s AND key = ANY(%s) AND released_at IS NULL
"""
_END_HALT: Final = """
    UPDATE rollout.halt
    SET ended_at = now(), ended_by = %(by)s, ended_reason = %(reason)s,
        ended_generation = %(generation)s
    WHERE environment = %(environment)s AND flag = %(flag)s AND ended_at IS NULL
    RETURNING flag, reason, actor, since, phase
"""
_DECIDED: Final = """
    UPDATE rollout.flag SET evaluated_at = %s, evaluated_generation = %s
    WHERE environment = %s AND definition IS NOT NULL AND key <> ALL (%s)
"""
_EVALUATED: Final = """
    UPDATE rollout.environment
    SET generation = %(generation)s, revision = coalesce(%(revision)s, revision),
        evaluated_at = %(evaluated_at)s,
        app_schema = %(schema)s, app_tables = %(tables)s
    WHERE name = %(environment)s
"""
NO_PLAN: Final = ""
"""The plan's hash of a run that has no plan: a halt, a resume."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run's place in the ledger.

    Attributes:
        id: Known before anything is written, so that it can be looked for after a lost connection.
        seq: The short number that change rows carry.
        generation: The generation that this run makes.
    """

    id: str
    seq: int
    environment: str
    generation: int


@dataclass(frozen=True, slots=True)
class RunStory:
    """What `history` tells of a run.

    Attributes:
        flags: The flags it touched.
    """

    kind: str
    actor: str
    flags: Iterable[str]
    summary: Mapping[str, object]
    revision: str | None = None
    plan_hash: str = NO_PLAN


def begin_run(connection: Connection, ledger: LockedLedger, story: RunStory) -> Run:
    """Write the run's row; its generation follows the one locked."""
    run_id, generation = str(uuid.uuid4()), ledger.generation + 1
    (seq,) = fetch_one(
        connection,
        _RUN,
        {
            "id": run_id,
            "environment": ledger.environment,
            "generation": generation,
            "kind": story.kind,
            "revision": story.revision,
            "actor": story.actor,
            "plan_hash": story.plan_hash,
            "flags": sorted(set(story.flags)),
            "summary": json.dumps(dict(story.summary), sort_keys=True, ensure_ascii=False),
        },
    )
    return Run(run_id, seq, ledger.environment, generation)


def finish_run(connection: Connection, run: Run, changed: Mapping[str, int]) -> None:
    """Note how many values really changed, by flag."""
    if changed:
        connection.execute(
            "UPDATE rollout.run SET changed = %s WHERE seq = %s",
            [json.dumps(dict(changed), sort_keys=True), run.seq],
        )


def flag_ids(connection: Connection, environment: str, keys: Iterable[str]) -> dict[str, int]:
    """The short numbers that change rows carry for flags; made where a flag is new."""
    wanted = sorted(set(keys))
    connection.cursor().executemany(_KNOWN_FLAG, [(environment, key) for key in wanted])
    rows = connection.execute(
        "SELECT key, id FROM rollout.flag WHERE environment = %s AND key = ANY(%s)",
        [environment, wanted],
    )
    return dict(rows.fetchall())


def record_flags(connection: Connection, run: Run, write: Write) -> None:
    """Remember definitions and policies as applied from now on.

    `since` moves when a definition changes, `phase_since` only when its phase has another name or
    reaches more merchants: editing an owner must not restart a soak.
    """
    for desired in write.record:
        policy = write.policies.get(desired.key)
        connection.execute(
            _RECORD,
            {
                "environment": run.environment,
                "key": desired.key,
                "definition": encode(desired),
                "policy": encode_policy(policy) if policy else None,
                "phase": desired.phase,
                "is_live": desired.phase != OFF,
                "is_widened": desired.key in write.widened,
                "generation": run.generation,
                "revision": write.revision,
            },
        )


def release_flags(connection: Connection, run: Run, keys: tuple[str, ...]) -> None:
    """Remember that a flag's file is gone; its values stay."""
    if keys:
        connection.execute(_RELEASE, [run.generation, run.environment, list(keys)])


def end_halt(
    connection: Connection, run: Run, flag: str, *, reason: str, actor: str
) -> tuple[object, ...] | None:
    """End the halt in force; returns its flag, reason, actor, start and phase, if there was one."""
    return connection.execute(
        _END_HALT,
        {
            "by": actor,
            "reason": reason,
            "generation": run.generation,
            "environment": run.environment,
            "flag": flag,
        },
    ).fetchone()


def move_generation(connection: Connection, run: Run) -> None:
    """Move the generation without taking new decisions: a halt, a resume."""
    connection.execute(
        "UPDATE rollout.environment SET generation = %s WHERE name = %s",
        [run.generation, run.environment],
    )


def record_evaluation(connection: Connection, run: Run, write: Write, tables: AppTables) -> None:
    """Move the generation, and remember what was decided when, from which revision and tables."""
    connection.execute(
        _EVALUATED,
        {
            "generation": run.generation,
            "revision": write.revision,
            "evaluated_at": write.evaluated_at,
            "schema": tables.schema,
            "tables": json.dumps(asdict(tables.names)),
            "environment": run.environment,
        },
    )
    decided = [write.evaluated_at, run.generation, run.environment, sorted(write.withheld)]
    connection.execute(_DECIDED, decided)
