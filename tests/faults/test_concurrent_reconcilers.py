"""Several reconcilers at once, from different commits: the newest wins, no mixture is ever seen."""

import threading
from itertools import pairwise
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from controller.domain.targeting import decide
from controller.errors import ExitCode, RolloutError
from controller.source_control.git import Relation, relation
from tests.faults.scene import ALLOWED, MERCHANTS, processes, run
from tests.workshop import Workshop

PHASES = ("off", "pilot", "10%", "50%", "100%", "50%", "10%", "100%")
LIKELY = {ExitCode.DONE, ExitCode.STALE, ExitCode.LOCKED}


def _child(gate: Event, repository: Path, url: str, env_file: Path) -> None:
    gate.wait()
    try:
        raise SystemExit(run(repository, url, env_file))
    except RolloutError as error:
        raise SystemExit(int(error.exit_code)) from error


@pytest.mark.parametrize("number", [2, 8])
def test_the_newest_generation_wins(tmp_path: Path, database: str, number: int):
    workshop = Workshop.create(tmp_path / "repository", database)
    workshop.merchants(*MERCHANTS)
    commits = [workshop.phase(phase) for phase in PHASES[-number:]]
    reachable = _reachable(workshop, commits)
    workshop.git("checkout", "--quiet", commits[0])
    workshop.reconcile(allowances=ALLOWED)  # what is there when the race begins

    codes, seen = _race(workshop, commits)

    assert codes <= LIKELY
    assert seen <= reachable, "somebody saw a mixture"
    applied = _applied(workshop)
    in_order = [_relation(workshop, newer, older) for older, newer in pairwise(applied)]
    assert set(in_order) <= {Relation.NEWER}, "an older revision was applied after a newer one"
    workshop.git("checkout", "--quiet", applied[-1])
    assert workshop.reconcile(allowances=ALLOWED).plan.has_changes is False
    workshop.git("checkout", "--quiet", commits[-1])
    assert workshop.reconcile(allowances=ALLOWED).exit_code is ExitCode.DONE
    assert frozenset(workshop.on()) == _audience(workshop)


def _race(workshop: Workshop, commits: list[str]) -> tuple[set[int], set[frozenset[str]]]:
    """One process a commit, started together; the exit codes, and every state seen meanwhile."""
    context = processes()
    gate, over = context.Event(), threading.Event()
    seen: set[frozenset[str]] = set()
    children = []
    for number, commit in enumerate(commits):
        checkout = workshop.folder.parent / f"checkout-{number}"
        workshop.git("worktree", "add", "--quiet", "--detach", str(checkout), commit)
        arguments = (gate, checkout, workshop.url, workshop.folder.parent / f"{number}.env")
        children.append(context.Process(target=_child, args=arguments))
    watcher = threading.Thread(target=_watch, args=(workshop, over, seen))
    watcher.start()
    for child in children:
        child.start()
    gate.set()
    for child in children:
        child.join(120)
    over.set()
    watcher.join()
    return {child.exitcode for child in children}, seen


def _watch(workshop: Workshop, over: threading.Event, seen: set[frozenset[str]]) -> None:
    while not over.wait(0.002):
        seen.add(frozenset(workshop.on()))


def _reachable(workshop: Workshop, commits: list[str]) -> set[frozenset[str]]:
    """Who should be on at each commit, by its files alone."""
    states = set()
    for commit in commits:
        workshop.git("checkout", "--quiet", commit)
        states.add(_audience(workshop))
    return states


def _audience(workshop: Workshop) -> frozenset[str]:
    (flag,) = workshop.desired().flags
    with workshop.ports().store.snapshot() as snapshot:
        merchants = snapshot.find_merchants(MERCHANTS)
        return frozenset(
            m.id for m in merchants if decide(flag, m, snapshot.now, halted=False).value
        )


def _applied(workshop: Workshop) -> list[str]:
    runs = workshop.ports().store.runs(flag=None, limit=100)
    return [run.revision for run in reversed(runs) if run.revision]


def _relation(workshop: Workshop, current: str, applied: str) -> Relation:
    return relation(workshop.folder, current, applied)
