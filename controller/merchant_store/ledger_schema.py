"""The ledger's own tables, in the PostgreSQL schema `rollout`, and how they come about.

Around the commit: the first run creates them in its own transaction, and a later rolloutctl brings
them up to date the same way. Prisma ignores the schema. docs/prisma.md describes the tables.

A migration must leave the queries of older snapshots working until the next commit has run it.
"""

from collections.abc import Mapping, Sequence
from typing import Final, LiteralString

from controller.domain.plan import Cause
from controller.errors import Refused
from controller.merchant_store.connection import Connection, fetch_one

CAUSE_CODES: Final[Mapping[Cause, int]] = {
    Cause.PHASE: 1,
    Cause.OVERRIDE: 2,
    Cause.OVERRIDE_EXPIRED: 3,
    Cause.NEW_MERCHANT: 4,
    Cause.ELIGIBILITY: 5,
    Cause.DRIFT: 6,
    Cause.HALT: 7,
}
"""How `rollout.change` spells a cause, in two bytes. A code is never given another meaning."""

CAUSES: Final[Mapping[int, Cause]] = {code: cause for cause, code in CAUSE_CODES.items()}

_CREATION_LOCK: Final = 7_263_520_026_112_301  # any number, always the same

_FIRST: Final = """
-- IF NOT EXISTS would ask for the right to create schemas even where the schema is there already.
DO $$ BEGIN
    IF to_regnamespace('rollout') IS NULL THEN
        CREATE SCHEMA rollout;
    END IF;
END $$;

CREATE TABLE rollout.ledger_version (
    version integer PRIMARY KEY,
    migrated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE rollout.environment (
    name text PRIMARY KEY,
    generation bigint NOT NULL DEFAULT 0,
    revision text,
    evaluated_at timestamptz,
    app_schema text NOT NULL,
    app_tables jsonb NOT NULL
);
COMMENT ON TABLE rollout.environment IS
    'One row an environment: the lock that every writer takes, and the generation applied last';

CREATE TABLE rollout.run (
    seq integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    environment text NOT NULL REFERENCES rollout.environment,
    generation bigint NOT NULL,
    kind text NOT NULL,
    revision text,
    actor text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    plan_hash text NOT NULL,
    flags text[] NOT NULL,
    changed jsonb NOT NULL DEFAULT '{}',
    summary jsonb NOT NULL,
    UNIQUE (environment, generation)
);

CREATE TABLE rollout.flag (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    environment text NOT NULL REFERENCES rollout.environment,
    key text NOT NULL,
    definition text,
    policy text,
    phase text,
    since timestamptz,
    phase_since timestamptz,
    live_since timestamptz,
    generation bigint,
    revision text,
    evaluated_at timestamptz,
    evaluated_generation bigint NOT NULL DEFAULT 0,
    released_at timestamptz,
    UNIQUE (environment, key)
);
COMMENT ON COLUMN rollout.flag.evaluated_at IS
    'When its values were decided last; a run that withholds the flag decides nothing about it';
COMMENT ON COLUMN rollout.flag.definition IS
    'Canonical JSON as applied last; null where the flag was only ever halted';

CREATE TABLE rollout.halt (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    environment text NOT NULL REFERENCES rollout.environment,
    flag text NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    phase text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    generation bigint NOT NULL,
    ended_at timestamptz,
    ended_by text,
    ended_reason text,
    ended_generation bigint
);
CREATE UNIQUE INDEX halt_in_force ON rollout.halt (environment, flag) WHERE ended_at IS NULL;

CREATE FUNCTION rollout.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'rollout.% is append-only', TG_TABLE_NAME;
END $$;

CREATE TABLE rollout.evidence (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    id text PRIMARY KEY,
    environment text NOT NULL REFERENCES rollout.environment,
    flag text NOT NULL,
    phase text NOT NULL,
    verdict text NOT NULL,
    judged_at timestamptz NOT NULL,
    revision text,
    actor text NOT NULL,
    document text NOT NULL
);
COMMENT ON TABLE rollout.evidence IS
    'Everything a verdict was computed from; the id is the SHA-256 of what the document says';
CREATE INDEX evidence_of_flag ON rollout.evidence (environment, flag, seq);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rollout.evidence
    FOR EACH STATEMENT EXECUTE FUNCTION rollout.refuse_change();

CREATE TABLE rollout.baseline (
    environment text NOT NULL REFERENCES rollout.environment,
    flag text NOT NULL,
    live_since timestamptz NOT NULL,
    hash text NOT NULL,
    document text NOT NULL,
    PRIMARY KEY (environment, flag, live_since)
);
COMMENT ON TABLE rollout.baseline IS
    'How it was before a flag left off, measured once each time, and then frozen';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rollout.baseline
    FOR EACH STATEMENT EXECUTE FUNCTION rollout.refuse_change();

CREATE TABLE rollout.cause (code smallint PRIMARY KEY, name text NOT NULL UNIQUE);

-- Hundreds of thousands of rows a run: few bytes a row, no foreign keys, and one index that costs
-- next to nothing because a run's rows lie together, sorted by merchant.
CREATE TABLE rollout.change (
    run integer NOT NULL,
    flag integer NOT NULL,
    cause smallint NOT NULL,
    value boolean NOT NULL,
    merchant_id text COLLATE "C" NOT NULL
);
CREATE INDEX change_place ON rollout.change USING brin (run, merchant_id)
    WITH (pages_per_range = 16, autosummarize = on);

CREATE VIEW rollout.history AS
SELECT r.environment, r.generation, r.at, f.key AS flag, c.merchant_id, c.value,
       x.name AS cause, r.kind, r.actor, r.revision
FROM rollout.change c
JOIN rollout.run r ON r.seq = c.run
JOIN rollout.flag f ON f.id = c.flag
JOIN rollout.cause x ON x.code = c.cause;
"""

MIGRATIONS: Final[tuple[LiteralString, ...]] = (_FIRST,)
"""What brings a ledger from each version to the next; the first one creates it."""

VERSION: Final = len(MIGRATIONS)


def version(connection: Connection, *, newest: int = VERSION) -> int:
    """The version of the ledger in the database; 0 where there is none.

    Args:
        connection: In a transaction.
        newest: The newest version that this program knows.

    Raises:
        Refused: A newer rolloutctl has written it.
    """
    found = _version(connection)
    if found > newest:
        raise Refused(
            f"the ledger has version {found}, written by a newer rolloutctl than this one",
            "pip install --upgrade rolloutctl",
        )
    return found


def bring_up_to_date(
    connection: Connection, migrations: Sequence[LiteralString] = MIGRATIONS
) -> None:
    """Create or migrate the ledger as part of the present transaction.

    Two first runs at once are safe: the second waits for the first one's commit, then finds the
    ledger there. The lock belongs to the transaction, so it cannot leak behind a pooler.

    Raises:
        Refused: A newer rolloutctl has written it.
    """
    if version(connection, newest=len(migrations)) == len(migrations):
        return
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_CREATION_LOCK])
    for number, migration in enumerate(migrations, start=1):
        if number > _version(connection):
            connection.execute(migration)
            connection.execute("INSERT INTO rollout.ledger_version VALUES (%s)", [number])
    _name_causes(connection)


def _version(connection: Connection) -> int:
    (exists,) = fetch_one(connection, "SELECT to_regclass('rollout.ledger_version') IS NOT NULL")
    if not exists:
        return 0
    (found,) = fetch_one(connection, "SELECT coalesce(max(version), 0) FROM rollout.ledger_version")
    return int(found)


def _name_causes(connection: Connection) -> None:
    connection.cursor().executemany(
        "INSERT INTO rollout.cause VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [(code, cause.value) for code, cause in CAUSES.items()],
    )
