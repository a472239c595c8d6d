"""May this pull request merge? Real git, real PostgreSQL, real runs; the policy is the base's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from controller.checking import Check, ObstacleKind, check
from controller.errors import DatabaseUnreachable, ExitCode
from controller.ports import Ports
from controller.source_control.comparison import compare
from tests.test_judging import GATED, MERCHANTS, PILOT, SMALL, gated, live_for_an_hour
from tests.workshop import ENVIRONMENT, FLAG, FLAG_FILE, Workshop, ladder

_ANOTHER = {**FLAG_FILE, "key": "other", "merchant_config": {"column": "enableOther"}}
del _ANOTHER["deploy_env"]
UP: dict[str, Any] = {"phases": GATED, "gates": {"small": SMALL}}


@pytest.fixture
def workshop(tmp_path: Path, database: str) -> Workshop:
    """A pilot that has been live for an hour on `main`, and a branch to work on."""
    workshop = Workshop.create(tmp_path / "repository", database)
    workshop.merchants(*MERCHANTS)
    gated(workshop, "pilot")
    return workshop


def branch(workshop: Workshop, name: str = "change") -> None:
    workshop.git("checkout", "--quiet", "-b", name)


def checked(workshop: Workshop, base: str = "main", head: str = "HEAD") -> Check:
    @contextmanager
    def opened(environment) -> Iterator[Ports]:
        yield workshop.ports()

    comparison = compare(workshop.folder, base, head)
    return check(comparison, opened, datetime.now(UTC), actor="ada")


def checked_without_database(workshop: Workshop) -> Check:
    @contextmanager
    def refused(environment) -> Iterator[Ports]:
        raise DatabaseUnreachable("no answer", "is it up?")
        yield

    comparison = compare(workshop.folder, "main", "HEAD")
    return check(comparison, refused, datetime.now(UTC), actor="ada")


def kinds(found: Check) -> list[ObstacleKind]:
    return [obstacle.kind for obstacle in found.obstacles]


class TestAdvance:
    def test_it_may_merge_when_its_gate_passes(self, workshop: Workshop):
        live_for_an_hour(workshop)
        branch(workshop)
        gated(workshop, "10%")
        found = checked(workshop)
        assert found.may_merge, found.obstacles
        assert found.exit_code is ExitCode.DONE
        (environment,) = found.environments
        assert environment.survey is not None
        assert environment.survey.plan.changed > 1
        assert workshop.on() == {PILOT}, "a check changes nothing"

    @pytest.mark.parametrize(
        ("count", "run", "code"),
        [
            (2, {}, ExitCode.INSUFFICIENT_DATA),
            (3, {"minutes": 15}, ExitCode.FIX_MINOR),
            (3, {"status": "failed"}, ExitCode.ROLLBACK),
            (0, {}, ExitCode.GATE_ERROR),
        ],
    )
    def test_it_may_not_when_its_gate_does_not(self, workshop: Workshop, count, run, code):
        live_for_an_hour(workshop, count, **run)
        branch(workshop)
        gated(workshop, "10%")
        found = checked(workshop)
        assert kinds(found) == [ObstacleKind.GATE]
        assert found.exit_code is code

    def test_its_own_policy_softens_nothing_and_it_is_told_to_split(self, workshop: Workshop):
        live_for_an_hour(workshop, minutes=15)
        branch(workshop)
        gated(workshop, "10%", duration={"proceed": "20m", "fix_minor": "30m"})
        found = checked(workshop)
        assert kinds(found) == [ObstacleKind.OBJECTION, ObstacleKind.GATE]
        assert "split it in two" in found.obstacles[0].remedy

    def test_its_own_limits_and_allowances_lift_nothing(self, workshop: Workshop):
        live_for_an_hour(workshop, status="failed")
        branch(workshop)
        workshop.environment(
            allow=[
                {
                    "guardrail": "advance_without_gate",
                    "flag": FLAG,
                    "reason": "trust me",
                    "approved_by": "@me",
                    "expires": "2099-01-01",
                }
            ]
        )
        gated(workshop, "10%")
        assert ObstacleKind.GATE in kinds(checked(workshop))

    def test_a_database_that_is_down_passes_nothing(self, workshop: Workshop):
        live_for_an_hour(workshop)
        branch(workshop)
        gated(workshop, "10%")
        found = checked_without_database(workshop)
        assert kinds(found) == [ObstacleKind.UNREACHABLE]
        assert found.exit_code is ExitCode.UNREACHABLE

    def test_a_soak_that_is_not_over_holds_it(self, workshop: Workshop):
        workshop.phase("pilot", phases=[{**p, "soak": "2d"} for p in ladder()])
        workshop.reconcile()
        branch(workshop)
        workshop.phase("10%", phases=[{**p, "soak": "2d"} for p in ladder()])
        found = checked(workshop)
        assert kinds(found) == [ObstacleKind.GUARDRAIL]
        assert "must soak" in found.obstacles[0].message

    def test_the_evidence_is_kept_under_the_heads_commit(self, workshop: Workshop):
        live_for_an_hour(workshop)
        branch(workshop)
        head = gated(workshop, "10%")
        checked(workshop)
        (kept,) = workshop.ports().store.evidence_of(FLAG, limit=9)
        assert (kept.revision, kept.actor, kept.verdict) == (head, "ada", "proceed")


class TestRetreat:
    def test_it_is_asked_nothing(self, workshop: Workshop):
        live_for_an_hour(workshop, status="failed")
        branch(workshop)
        gated(workshop, "off")
        found = checked(workshop)
        assert found.may_merge
        assert found.environments[0].judgements == {}

    def test_it_passes_with_a_policy_that_changes_as_well(self, workshop: Workshop):
        live_for_an_hour(workshop)
        branch(workshop)
        gated(workshop, "off", min_runs=1)
        assert checked(workshop).may_merge

    def test_it_passes_although_the_database_is_down(self, workshop: Workshop):
        live_for_an_hour(workshop)
        branch(workshop)
        gated(workshop, "off")
        found = checked_without_database(workshop)
        assert found.may_merge
        assert found.environments[0].problem is not None, "and says that nothing could be shown"

    def test_a_revert_of_an_advance_passes(self, workshop: Workshop):
        live_for_an_hour(workshop)
        gated(workshop, "10%")
        workshop.reconcile()
        branch(workshop)
        workshop.git("revert", "--no-edit", "HEAD")
        assert checked(workshop).may_merge

    def test_a_revert_of_the_revert_is_an_advance_again(self, workshop: Workshop):
        live_for_an_hour(workshop, 2)
        gated(workshop, "10%")
        workshop.git("revert", "--no-edit", "HEAD")
        branch(workshop)
        workshop.git("revert", "--no-edit", "HEAD")
        assert kinds(checked(workshop)) == [ObstacleKind.GATE]


class TestEverythingElse:
    def test_what_means_the_same_needs_no_database(self, workshop: Workshop):
        workshop.reconcile()
        branch(workshop)
        path = workshop.folder / f"flags/{FLAG}.yaml"
        path.write_text("# a comment\n" + path.read_text())
        workshop.commit("a comment")
        found = checked_without_database(workshop)
        assert found.may_merge
        assert found.environments == ()

    def test_wrong_files_are_an_obstacle_with_their_places(self, workshop: Workshop):
        branch(workshop)
        workshop.write(f"rollout/{FLAG}.yaml", f"flag: {FLAG}\nphse: pilot\n")
        workshop.commit("a slip")
        found = checked(workshop)
        assert kinds(found) == [ObstacleKind.INVALID]
        assert found.exit_code is ExitCode.INVALID
        assert any(problem.place.line == 2 for problem in found.problems)

    def test_both_sides_changed_the_same_line(self, workshop: Workshop):
        branch(workshop)
        gated(workshop, "10%")
        workshop.git("checkout", "--quiet", "main")
        gated(workshop, "off")
        found = checked(workshop, head="change")
        assert ObstacleKind.CONFLICT in kinds(found)
        assert not found.may_merge

    def test_an_override_that_turns_one_on_needs_no_gate(self, workshop: Workshop):
        live_for_an_hour(workshop, status="failed")
        branch(workshop)
        workshop.flag(overrides=[{"merchant": "m0050", "value": True, "reason": "they asked"}])
        found = checked(workshop)
        assert found.may_merge
        assert found.environments[0].widening == {FLAG}

    def test_an_unknown_merchant_is_an_obstacle(self, workshop: Workshop):
        live_for_an_hour(workshop)
        branch(workshop)
        workshop.flag(overrides=[{"merchant": "nobody", "value": True, "reason": "a slip"}])
        assert kinds(checked(workshop)) == [ObstacleKind.GUARDRAIL]

    def test_only_the_environments_that_change_are_opened(self, workshop: Workshop):
        workshop.reconcile()
        branch(workshop)
        gated(workshop, "off")
        found = checked(workshop)
        assert [one.meaning.environment for one in found.environments] == [ENVIRONMENT]


class TestRemoval:
    @staticmethod
    def remove(workshop: Workshop) -> None:
        branch(workshop)
        for folder in ("flags", "rollout"):
            (workshop.folder / folder / f"{FLAG}.yaml").unlink()
        workshop.write("flags/.gitkeep", "")  # git keeps no empty folder, and a missing one is red
        workshop.commit("remove it")

    def test_it_is_red_while_some_have_it_as_reconcile_would_refuse_it(self, workshop: Workshop):
        workshop.reconcile()
        self.remove(workshop)
        found = checked(workshop)
        assert kinds(found) == [ObstacleKind.GUARDRAIL]
        assert found.exit_code is ExitCode.REFUSED
        (obstacle,) = found.obstacles
        assert "1 of" in obstacle.message
        assert "bring the file back" in obstacle.remedy

    def test_it_may_merge_when_nobody_has_it(self, workshop: Workshop):
        gated(workshop, "off")
        workshop.reconcile()
        self.remove(workshop)
        assert checked(workshop).may_merge

    def test_what_others_had_left_half_way_is_not_this_ones_business(self, workshop: Workshop):
        workshop.reconcile()
        self.remove(workshop)
        workshop.git("checkout", "--quiet", "main")
        workshop.git("merge", "--quiet", "change")
        branch(workshop, "next")
        workshop.write("flags/other.yaml", _ANOTHER)
        workshop.commit("another one")
        assert all(o.flag != FLAG for o in checked(workshop).obstacles)

    def test_a_database_that_is_down_passes_no_removal(self, workshop: Workshop):
        workshop.reconcile()
        self.remove(workshop)
        assert kinds(checked_without_database(workshop)) == [ObstacleKind.UNREACHABLE]


def test_a_base_that_was_not_applied_yet_is_judged_by_what_was(workshop: Workshop):
    live_for_an_hour(workshop)
    gated(workshop, "10%")  # merged, not reconciled
    branch(workshop)
    gated(workshop, "50%")
    assert ObstacleKind.GUARDRAIL in kinds(checked(workshop)), "two phases above the one applied"


def test_evidence_is_judged_at_the_databases_time(workshop: Workshop):
    live_for_an_hour(workshop)
    branch(workshop)
    gated(workshop, "10%")
    judged = checked(workshop).environments[0].judgements[FLAG]
    assert abs(judged.report.judged_at - datetime.now(UTC)) < timedelta(minutes=5)
