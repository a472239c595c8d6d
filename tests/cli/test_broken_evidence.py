"""Evidence in the ledger that cannot be read, or tells of something else: nothing stops for it.

The defences: `gate.evidence.read`, which takes whatever nobody wrote for unreadable;
`inquiry.judged.read_judged`, which says so in its place and compares a row with what it holds; and
that a halt, a retreat and `status` ask no evidence at all.
"""

import json
from collections.abc import Callable

import pytest

from controller.gate import evidence
from tests.cli.desk import FLAG
from tests.cli.gated_shop import GatedShop
from tests.cli.test_untrusted_text import STEERS
from tests.gate.builders import NOW, PILOT, pilot_counts

HOSTILE = "\x1b[2J<script>x</script>\u202e::error::x" + "y" * 10_000
OTHERS = evidence.write(evidence.gather(PILOT, pilot_counts(), (), NOW))
BROKEN: dict[str, Callable[[str], str]] = {
    "deep": lambda _: "[" * 200_000,
    "no numbers": lambda _: '{"v": 2, "sha256": "", "evidence": {"a": NaN, "b": 1e999}}',
    "newer": lambda text: json.dumps(json.loads(text) | {"v": HOSTILE}),
    "changed": lambda text: text.replace('"matured":', '"matured":9', 1),
    "of another flag": lambda _: OTHERS,
}
_KEEP = """
    INSERT INTO rollout.evidence
        (id, environment, flag, phase, verdict, judged_at, actor, document)
    SELECT 'ff' || id, environment, flag, phase, %s, now(), %s, %s
    FROM rollout.evidence WHERE flag = %s ORDER BY seq DESC LIMIT 1
"""


def spoil(shop: GatedShop, kind: str, verdict: str) -> None:
    """Ask the gate, and keep a newer answer that nobody can read."""
    shop.gate()
    ((text,),) = shop.desk.sql("SELECT document FROM rollout.evidence ORDER BY seq DESC LIMIT 1")
    shop.desk.sql(_KEEP, verdict, HOSTILE, BROKEN[kind](text), FLAG)


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_it_stops_nothing_and_hides_no_halt(pilot, kind):
    spoil(pilot, kind, HOSTILE if kind == "deep" else "proceed")
    assert "rolloutctl promote" not in pilot.desk.run("status").out, "nobody knows whether it may"
    page = pilot.desk.root / "page"
    looks = (("status",), ("report", FLAG), ("history",), ("dashboard", "--out", str(page)))
    for command in looks:
        done = pilot.desk.run(*command)
        assert done.code == 0, done.err
        assert not STEERS.search(done.out + done.err)
    said = pilot.desk.run("report", FLAG).out
    assert "cannot be read" in said or "not evidence" in said or "format" in said
    assert pilot.desk.run("halt", FLAG, "--reason", "it burns").code == 0
    assert pilot.desk.on() == set()
    for command in looks:
        assert "it burns" in pilot.desk.run(*command).out or command[0] == "dashboard"
    assert "it burns" in (page / "index.html").read_text(encoding="utf-8")
    assert pilot.desk.run("reconcile").code == 0
    pilot.desk.promote("pilot", "off")
    done = pilot.desk.run("reconcile")
    assert done.code == 0, done.err
