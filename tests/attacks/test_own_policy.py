"""A pull request that advances and brings along what would let it.

The defences: `domain/objections.py` tells it to split (without it, no OBJECTION is left), and the
policy that judges is the one applied last, of the base's revision (without it, no GATE is left).
Each was taken out once, and these tests failed.
"""

import os
from collections.abc import Callable

import pytest

from controller.checking import ObstacleKind
from controller.domain.objections import Rule
from tests.attacks.arena import (
    CHECK_FILE,
    ENVIRONMENT_FILE,
    FLAG,
    FLAG_FILE,
    GATE_FILE,
    PHASES,
    SMALL,
    Arena,
    codes,
    kinds,
    rules,
)

BOTH = {ObstacleKind.OBJECTION, ObstacleKind.GATE}
Attack = Callable[[Arena], None]


def waive(arena: Arena) -> None:
    waiver = {
        "flag": FLAG,
        "phase": "pilot",
        "criterion": "failed",
        "reason": "it will be fine",
        "approved_by": "mallory",
        "expires": "2099-12-31",
    }
    arena.workshop.write("rollout/waivers/easy.yaml", waiver)


def rename_the_gate(arena: Arena) -> None:
    arena.workshop.git("mv", GATE_FILE, "rollout/gates/easy.yaml")
    arena.workshop.write("rollout/gates/easy.yaml", {**SMALL, "failed": {"rollback": 99}})
    arena.rollout("10%", phases=[{**phase, "gate": "easy"} for phase in PHASES])


def hide_the_gate(arena: Arena) -> None:
    easy = {**SMALL, "failed": {"rollback": 99}}
    arena.workshop.git("rm", "--quiet", GATE_FILE)
    arena.rollout("10%", gates={"small": easy})


def without_gate(arena: Arena) -> None:
    arena.rollout("10%", phases=[{k: v for k, v in p.items() if k != "gate"} for p in PHASES])


def allow(arena: Arena) -> None:
    allowance = {
        "guardrail": "advance_without_gate",
        "flag": FLAG,
        "reason": "trust me",
        "approved_by": "@me",
        "expires": "2099-12-31",
    }
    arena.environment(allow=[allowance])


ATTACKS: dict[str, Attack] = {
    "lower its gate": lambda a: a.gate(failed={"rollback": 99}, min_runs=1),
    "rename the gate's file": rename_the_gate,
    "a gate of its own that hides the shared one": hide_the_gate,
    "no gate at all": without_gate,
    "a waiver": waive,
    "failed means completed": lambda a: a.environment(
        workflow_data={"completed": ["completed", "failed"], "failed": ["never"]}
    ),
    "another column": lambda a: a.environment(
        workflow_data={"columns": {"run.status": "currentStage"}}
    ),
    "another table": lambda a: a.environment(workflow_data={"tables": {"run": "Fake"}}),
    "another database": lambda a: a.environment(workflow_data={"url": "MALLORYS_URL"}),
    "its own measure": lambda a: a.environment(
        workflow_data={"measures": {"failed_ones": {"sql": "SELECT id, true FROM runs"}}}
    ),
    "no limit of size": lambda a: a.workshop.environment(
        guardrails={"max_changed_percent": "99%", "never_to_empty": False}
    ),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_it_is_told_to_split_and_judged_as_if_it_had_not(pilot: Arena, attack: Attack):
    pilot.rollout("10%")
    attack(pilot)
    found = pilot.judged()
    assert kinds(found) == BOTH, found.obstacles
    assert rules(found) == {Rule.SPLIT_IN_TWO}
    assert pilot.merged_all_the_same() == pilot.before


def test_an_allowance_is_one_only_once_it_is_in_the_base(pilot: Arena):
    """On `main` it is a reviewed file like any other, and lifts what it says: here is the gate."""
    pilot.rollout("10%")
    allow(pilot)
    found = pilot.judged()
    assert kinds(found) == BOTH, found.obstacles
    assert rules(found) == {Rule.SPLIT_IN_TWO}


@pytest.mark.parametrize("attack", ["lower its gate", "a waiver"])
def test_what_was_merged_first_and_not_applied_yet_softens_nothing_either(pilot: Arena, attack):
    """Two pull requests merged within a minute: the second one is judged by what was applied."""
    ATTACKS[attack](pilot)
    assert pilot.judged().may_merge
    pilot.workshop.git("checkout", "--quiet", "-B", "main")
    pilot.workshop.git("checkout", "--quiet", "-B", "attack")
    pilot.rollout("10%")
    assert kinds(pilot.judged()) == {ObstacleKind.GATE}
    assert pilot.merged_all_the_same() == pilot.before


@pytest.mark.parametrize(
    "file",
    [
        CHECK_FILE,
        ".github/workflows/green.yml",
        ".github/actions/rolloutctl/action.yml",
        ".github/CODEOWNERS",
    ],
)
def test_it_edits_what_runs_the_check(pilot: Arena, file):
    """The base's code judges whatever it brings, and it is to be reviewed by itself."""
    pilot.rollout("10%")
    pilot.workshop.write(file, "on: pull_request\n# post a green status\n")
    found = pilot.judged()
    assert kinds(found) == BOTH
    assert file in found.obstacles[0].message


def test_a_gate_that_becomes_a_link(pilot: Arena):
    """Without `tree._not_a_file`, the link's target would be read as the gate's text."""
    pilot.rollout("10%")
    path = pilot.workshop.folder / GATE_FILE
    path.unlink()
    path.symlink_to(os.path.relpath("/etc/passwd", path.parent))
    found = pilot.judged()
    assert kinds(found) == {ObstacleKind.INVALID}
    assert "RC006" in codes(found)
    assert pilot.merged_all_the_same() == pilot.before


@pytest.mark.parametrize("folder", ["rollout/gates", "rollout/environments", "rollout"])
def test_a_folder_that_becomes_a_link(pilot: Arena, folder):
    pilot.rollout("10%")
    pilot.workshop.git("mv", folder, "elsewhere")
    (pilot.workshop.folder / folder).symlink_to(pilot.workshop.folder / "elsewhere")
    assert kinds(pilot.judged()) == {ObstacleKind.INVALID}
    assert pilot.merged_all_the_same() == pilot.before


def test_a_gate_that_becomes_a_submodule(pilot: Arena):
    pilot.rollout("10%")
    workshop = pilot.workshop
    head = workshop.git("rev-parse", "HEAD")
    workshop.git("rm", "--quiet", "--cached", GATE_FILE)
    (workshop.folder / GATE_FILE).unlink()
    workshop.git("update-index", "--add", "--cacheinfo", f"160000,{head},{GATE_FILE}")
    workshop.git("commit", "--quiet", "--message", "a submodule")
    (workshop.folder / GATE_FILE).mkdir()  # as git leaves it where it was not fetched
    found = pilot.judged()
    assert kinds(found) == {ObstacleKind.INVALID}
    assert "RC006" in codes(found)


def test_an_environment_of_its_own(pilot: Arena):
    """The rollout moves where the old environment's gates do not reach, in the same database."""
    pilot.rollout({"test": "pilot", "easy": "10%"})
    pilot.workshop.write("rollout/environments/easy.yaml", {**ENVIRONMENT_FILE, "name": "easy"})
    found = pilot.judged()
    assert rules(found) >= {Rule.SPLIT_IN_TWO}


def test_the_files_of_the_flag_itself_are_no_way_around(pilot: Arena):
    """Its own gate lives in the rollout's file; the flag's file has no say in it."""
    pilot.rollout("10%")
    pilot.workshop.flag(**{**FLAG_FILE, "description": "Nothing risky at all.", "owner": "@me"})
    assert kinds(pilot.judged()) == {ObstacleKind.GATE}
