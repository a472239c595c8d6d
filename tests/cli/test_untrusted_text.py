"""Whatever stands in the database or comes from people is shown as text, in every command."""

import json
import re

import pytest

from tests.cli.desk import FLAG

# A bell, a carriage return, a direction override, a title-setting sequence, a line end.
HOSTILE = "x\x07\r\u202ey\x1b]0;owned\x07\nz"
STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def hostile(desk):
    """A company where every text that somebody else writes is hostile."""
    desk.variables["ROLLOUTCTL_ACTOR"] = HOSTILE
    desk.sql(
        'INSERT INTO "Merchant" (id, "shopDomain", "createdAt") VALUES (%s, %s, \'2026-01-01\')',
        f"id-{HOSTILE}",
        f"shop-{HOSTILE}",
    )
    desk.sql(
        'INSERT INTO "WorkflowExecution" (id, "merchantId", status, "currentStage", '
        '"errorMessage", "createdAt") VALUES '
        "('r1', %s, 'failed', %s, %s, now() AT TIME ZONE 'UTC')",
        f"id-{HOSTILE}",
        HOSTILE,
        HOSTILE,
    )
    desk.run("reconcile")
    desk.set_by_hand(f"id-{HOSTILE}", value=True)
    return desk


COMMANDS = [
    ("status",),
    ("plan",),
    ("drift",),
    ("explain", f"id-{HOSTILE}"),
    ("explain", f"shop-{HOSTILE}"),
    ("explain", HOSTILE),
    ("history",),
    ("history", "--merchant", f"id-{HOSTILE}"),
    ("history", "--merchant", HOSTILE),
    ("adopt", FLAG),
    ("adopt", FLAG, "--merchant", HOSTILE),
    ("doctor",),
    ("candidates", FLAG),
    ("candidates", HOSTILE),
    ("analyze", HOSTILE),
    ("analyze", "r1"),
    ("stale",),
    ("stale", "--code", "."),
    ("stale", "--open-pr", "--code", ".", "--base-branch", HOSTILE),
    ("monitor", HOSTILE),
    ("monitor", "--merchant", HOSTILE),
    ("monitor", "--merchant", f"id-{HOSTILE}", "--until", "1s"),
    ("monitor", "--merchant", f"id-{HOSTILE}", "--until", "1s", "--format", "jsonl"),
    ("monitor", FLAG, "--until", HOSTILE),
    ("export", "flagd"),
    ("export", "flagd", "--fractional"),
    ("gate", FLAG),
    ("gate", HOSTILE),
    ("gate", FLAG, "--to", HOSTILE),
    ("gate", FLAG, "--as-of", HOSTILE),
    ("gate", "--recompute", HOSTILE),
    ("report", FLAG),
    ("report", FLAG, "--format", "html"),
    ("report", HOSTILE),
    ("report", FLAG, "--phase", HOSTILE),
    ("report", FLAG, "--out", f"no/such/folder/{HOSTILE}"),
    ("status", "--env", HOSTILE),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_nothing_steers_the_terminal(hostile, arguments):
    done = hostile.run(*arguments)
    assert not STEERS.search(done.out), done.out
    assert not STEERS.search(done.err), done.err
    assert done.code != 1


def halt_as_others_may_have_written_it(hostile):
    """The command keeps plain text only; the ledger is a table that others can write."""
    hostile.run("halt", FLAG, "--reason", HOSTILE)
    hostile.sql("UPDATE rollout.halt SET reason = %s, actor = %s", HOSTILE, HOSTILE)
    hostile.sql("UPDATE rollout.run SET actor = %s", HOSTILE)


def test_nor_does_a_halt_by_its_reason_and_its_actor(hostile):
    halt_as_others_may_have_written_it(hostile)
    for command in ("status", "plan", "history", "drift"):
        done = hostile.run(command)
        assert not STEERS.search(done.out + done.err), done.out
        assert done.code != 1


@pytest.mark.parametrize("command", ["status", "drift", "history"])
def test_json_stays_json_and_keeps_the_text(hostile, command):
    halt_as_others_may_have_written_it(hostile)
    done = hostile.run(command, "--format", "json")
    assert command == "drift" or json.dumps(HOSTILE)[1:-1] in json.dumps(done.json)
