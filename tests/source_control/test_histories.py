"""Long histories of rollouts over real git: every commit can be reverted, and means its reverse.

Each example is a history that people could have made: promotions, retreats, overrides, policy. The
revert of each of its commits on its tip is judged, wherever git can make it at all.
"""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.domain.change import AudienceMoved, Change
from controller.domain.objections import Rule
from controller.domain.plan import Move
from controller.source_control.comparison import compare
from controller.source_control.merging import merge_from, write_commit
from controller.source_control.proposal import State
from controller.source_control.rollback import rollback
from tests.config.repository import FLAG as FLAG_TEXT
from tests.source_control.repository import FLAG, RAMP, ROLLOUT, Repository

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LADDER = ("off", "pilot", "10%", "100%")


@dataclass(frozen=True)
class Step:
    """One commit: up or down the ladder, another override, another threshold, a comment."""

    kind: str
    number: int


steps = st.builds(
    Step,
    st.sampled_from(["up", "up", "up", "down", "to off", "override", "policy", "text", "bundle"]),
    st.integers(0, 9),
)


def take(shop: Repository, step: Step, at: int) -> int:
    """Make one commit; where the rollout stands then."""
    up = min(at + 1, len(LADDER) - 1)
    to = {"up": up, "bundle": up, "down": max(at - 1, 0), "to off": 0}.get(step.kind, at)
    if step.kind in {"override", "bundle"}:
        merchants = "".join(
            f"  - {{merchant: clx1{n}, value: {str(n % 2 == 0).lower()}, reason: asked}}\n"
            for n in range(step.number)
        )
        shop.write(FLAG, FLAG_TEXT + merchants)
    if step.kind == "policy":
        text = shop.read(RAMP).splitlines(keepends=True)
        text[1] = f"soak_min: {step.number + 1}h\n"
        shop.write(RAMP, "".join(text))
    if step.kind == "text":
        shop.write(ROLLOUT, f"# {step.number}\n{shop.read(ROLLOUT).lstrip('# 0123456789')}")
    shop.demo_at(LADDER[to], f"{step.kind} to {LADDER[to]}")
    return to


def changed(shop: Repository, base: str, head: str) -> tuple[Change, ...]:
    meaning = compare(shop.root, base, head).meaning(NOW)
    assert meaning is not None
    return tuple(change for one in meaning.environments for change in one.changes)


def moves(changes: tuple[Change, ...]) -> list[tuple[Move, str, str]]:
    return [(c.move, c.from_phase, c.to_phase) for c in changes if isinstance(c, AudienceMoved)]


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(steps, min_size=1, max_size=8))
def test_every_commit_can_be_taken_back(template: Path, history: list[Step]):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(template, Path(folder) / "shop")
        shop = Repository(Path(folder) / "shop")
        at = 2
        for step in history:
            before = shop.head
            at = take(shop, step, at)
            _reverts_at_once(shop, before)
        _reverts_later(shop, len(history))
        _rolls_back(shop, LADDER[at])


def _reverts_at_once(shop: Repository, before: str) -> None:
    """The revert of the newest commit is back where it was, and means the reverse of it."""
    there = changed(shop, before, shop.head)
    shop.branch("revert", shop.head)
    if there or shop.git("diff", "--name-only", before, shop.head):
        shop.git("revert", "--no-edit", "HEAD")
        back = changed(shop, "main", "revert")
        assert len(back) == len(there)
        turned = {Move.ADVANCE: Move.RETREAT, Move.RETREAT: Move.ADVANCE}
        assert moves(back) == [(turned[move], to, start) for move, start, to in moves(there)]
        assert changed(shop, before, "revert") == ()
    shop.switch("main")
    shop.git("branch", "-D", "revert", "--quiet")


def _reverts_later(shop: Repository, commits: int) -> None:
    """A revert of an older commit, where there is one: a retreat has no objection, ever."""
    for back in range(commits):
        commit = shop.git("rev-parse", f"HEAD~{back}")
        merged = merge_from(shop.root, commit, shop.head, f"{commit}^")
        if merged.conflicts:
            continue
        reverted = write_commit(shop.root, merged.tree, (shop.head,), "revert")
        meaning = compare(shop.root, shop.head, reverted).meaning(NOW)
        if meaning is None:
            continue
        for one in meaning.environments:
            if not one.advances:
                assert one.standing == ()
            assert {o.rule for o in one.standing} <= {Rule.SPLIT_IN_TWO, Rule.SKIPS_PHASE}


def _rolls_back(shop: Repository, stands: str) -> None:
    """Whatever the history, a rollback is there, and it is just a retreat of this flag."""
    made = rollback(shop.root, "checkout", environment="demo")
    if stands == "off":
        assert made.state is State.NOTHING_TO_DO
        return
    (found,) = changed(shop, "main", made.branch)
    assert isinstance(found, AudienceMoved)
    assert (found.move, found.from_phase, found.to_phase) == (Move.RETREAT, stands, made.to_phase)
    assert made.to_phase == LADDER[LADDER.index(stands) - 1] or made.reverted is None
    assert rollback(shop.root, "checkout", environment="demo").state is State.EXISTS
