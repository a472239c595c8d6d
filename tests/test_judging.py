"""The reconciler asks: an advance needs a passing gate, by the policy applied before it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from controller.domain.environment import Allowance, Guardrail
from controller.errors import ExitCode, UsageError
from controller.gate import evidence as evidences
from controller.gate.counts import Baseline, BaselineSource, Uncounted
from controller.gate.verdict import Verdict
from controller.judging import ask
from tests.workshop import FLAG, Workshop, ladder

MERCHANTS = tuple(f"m{number:04}" for number in range(1, 101))
PILOT = MERCHANTS[0]
SMALL = {
    "method": "deterministic",
    "min_runs": 3,
    "duration": {"proceed": "10m", "fix_minor": "30m"},
    "failed": {"rollback": 1},
    "stuck": {"rollback": 1},
    "require": [],
}
GATED = [{**phase, "gate": "small"} for phase in ladder()]


@pytest.fixture
def workshop(tmp_path: Path, database: str) -> Workshop:
    workshop = Workshop.create(tmp_path / "repository", database)
    workshop.merchants(*MERCHANTS)
    gated(workshop, "pilot")
    return workshop


def gated(workshop: Workshop, phase: str, **gate: Any) -> str:
    """Write the rollout at a phase, with a gate to leave each phase, and commit."""
    return workshop.phase(phase, phases=GATED, gates={"small": {**SMALL, **gate}})


def runs(
    workshop: Workshop,
    count: int,
    *,
    minutes: float = 4,
    status: str = "completed",
    merchant: str = PILOT,
    before: timedelta = timedelta(0),
) -> None:
    """Runs that ended just now, or a while before; the phase began a moment earlier."""
    with psycopg.connect(workshop.url) as connection:
        connection.cursor().executemany(
            'INSERT INTO "WorkflowExecution" '
            '(id, "merchantId", status, "createdAt", "completedAt") '
            "VALUES (%(id)s, %(merchant)s, %(status)s, (now() AT TIME ZONE 'UTC') - %(before)s, "
            "CASE %(status)s WHEN 'processing' THEN NULL "
            "ELSE (now() AT TIME ZONE 'UTC') - %(before)s + %(took)s END)",
            [
                {
                    "id": f"{merchant}-{status}-{before}-{number}",
                    "merchant": merchant,
                    "status": status,
                    "before": before,
                    "took": timedelta(minutes=minutes),
                }
                for number in range(count)
            ],
        )


def a_while_passes(workshop: Workshop, **time: float) -> None:
    """Move what the ledger knows into the past; the database's clock cannot be set."""
    past = timedelta(**time)
    workshop.sql(
        "UPDATE rollout.flag SET since = since - %s, phase_since = phase_since - %s, "
        "live_since = live_since - %s",
        past,
        past,
        past,
    )
    workshop.sql("UPDATE rollout.run SET at = at - %s", past)


def live_for_an_hour(workshop: Workshop, count: int = 3, **run: Any) -> None:
    """The pilot has been live for an hour, and these runs have ended in it."""
    workshop.reconcile()
    a_while_passes(workshop, hours=1)
    runs(workshop, count, before=timedelta(minutes=45), **run)


def refusals(outcome) -> set[Guardrail]:
    return {refusal.guardrail for refusal in outcome.plan.standing}


def test_an_advance_whose_gate_passes_is_applied(workshop: Workshop):
    live_for_an_hour(workshop)
    gated(workshop, "10%")
    outcome = workshop.reconcile()
    assert outcome.exit_code is ExitCode.DONE
    assert len(workshop.on()) > 1


@pytest.mark.parametrize(
    ("count", "run", "said"),
    [
        (0, {}, "error: "),  # there is no run of anybody: not even the data's age is known
        (2, {}, "insufficient data: 1 more matured run"),
        (3, {"minutes": 15}, "fix minor: "),
        (3, {"status": "failed"}, "rollback: "),
        (3, {"status": "processing", "minutes": 44}, "rollback: "),
    ],
    ids=["nothing", "too few", "slow", "failed", "stuck"],
)
def test_an_advance_whose_gate_does_not_pass_is_withheld(
    workshop: Workshop, count: int, run: dict[str, Any], said: str
):
    live_for_an_hour(workshop, count, **run)
    gated(workshop, "10%")
    outcome = workshop.reconcile()
    assert outcome.exit_code is ExitCode.REFUSED
    (refusal,) = outcome.plan.standing
    assert refusal.guardrail is Guardrail.ADVANCE_WITHOUT_GATE
    assert f"gate small says {said}" in refusal.message
    assert workshop.on() == {PILOT}


def test_the_rest_of_the_commit_is_applied(workshop: Workshop):
    workshop.reconcile()
    workshop.flag(overrides=[{"merchant": "m0050", "value": True, "reason": "they asked"}])
    workshop.reconcile()
    gated(workshop, "10%")
    workshop.flag()
    assert refusals(workshop.reconcile()) == {Guardrail.ADVANCE_WITHOUT_GATE}
    assert workshop.on() == {PILOT}, "the exception's end is a retreat"


def test_a_retreat_is_asked_nothing(workshop: Workshop):
    live_for_an_hour(workshop, status="failed")
    gated(workshop, "off")
    outcome = workshop.reconcile()
    assert outcome.exit_code is ExitCode.DONE
    assert workshop.on() == set()
    assert workshop.ports().store.evidence_of(FLAG, limit=9) == ()


def test_a_gate_softened_with_the_advance_softens_nothing(workshop: Workshop):
    live_for_an_hour(workshop, minutes=15)
    gated(workshop, "10%", duration={"proceed": "20m", "fix_minor": "30m"})
    assert refusals(workshop.reconcile()) == {Guardrail.ADVANCE_WITHOUT_GATE}
    assert refusals(workshop.reconcile()) == {Guardrail.ADVANCE_WITHOUT_GATE}, "nor does asking on"


def test_a_gate_softened_before_the_advance_counts(workshop: Workshop):
    live_for_an_hour(workshop, minutes=15)
    soft = {"duration": {"proceed": "20m", "fix_minor": "30m"}}
    gated(workshop, "pilot", **soft)
    since = workshop.sql("SELECT phase_since FROM rollout.flag")
    assert workshop.reconcile().exit_code is ExitCode.DONE
    assert workshop.sql("SELECT phase_since FROM rollout.flag") == since, "no soak begins anew"
    gated(workshop, "10%", **soft)
    assert workshop.reconcile().exit_code is ExitCode.DONE


def test_the_gate_can_be_lifted_by_name_with_a_reason(workshop: Workshop):
    live_for_an_hour(workshop, status="failed")
    gated(workshop, "10%")
    allowed = Allowance(Guardrail.ADVANCE_WITHOUT_GATE, None, "known", "tester", None)
    assert workshop.reconcile(allowances=[allowed]).exit_code is ExitCode.DONE
    assert len(workshop.on()) > 1


def test_workflow_data_that_cannot_be_asked_passes_nothing(workshop: Workshop):
    live_for_an_hour(workshop)
    workshop.sql('ALTER TABLE "WorkflowExecution" RENAME TO gone')
    gated(workshop, "10%")
    (refusal,) = workshop.reconcile().plan.standing
    assert "gate small says error" in refusal.message
    assert workshop.on() == {PILOT}


def test_a_plan_asks_as_well_and_keeps_nothing(workshop: Workshop):
    live_for_an_hour(workshop, status="failed")
    gated(workshop, "10%")
    plan = workshop.survey().plan
    assert {refusal.guardrail for refusal in plan.standing} == {Guardrail.ADVANCE_WITHOUT_GATE}
    assert workshop.ports().store.evidence_of(FLAG, limit=9) == ()


def test_a_phase_widened_in_place_begins_to_soak_anew(workshop: Workshop):
    workshop.phase("pilot")
    workshop.reconcile()
    a_while_passes(workshop, hours=1)
    [(before,)] = workshop.sql("SELECT phase_since FROM rollout.flag")
    workshop.phase("pilot", phases=ladder(pilot=("m0001", "m0002")))
    workshop.reconcile()
    [(after,)] = workshop.sql("SELECT phase_since FROM rollout.flag")
    assert after > before
    workshop.phase("pilot", phases=ladder(pilot=("m0002",)))
    workshop.reconcile()
    assert workshop.sql("SELECT phase_since FROM rollout.flag") == [(after,)]


class TestEvidence:
    def test_every_answer_is_kept_and_can_be_recomputed(self, workshop: Workshop):
        live_for_an_hour(workshop)
        asked = ask(workshop.ports(), workshop.desired(), FLAG, actor="ada")
        assert asked.stored
        assert asked.report.verdict is Verdict.PROCEED
        gated(workshop, "10%")
        workshop.reconcile()
        store = workshop.ports().store
        newest, oldest = store.evidence_of(FLAG, limit=9)
        assert oldest == store.evidence(asked.id[:12])
        assert (oldest.actor, newest.actor) == ("ada", "tester")
        assert (oldest.verdict, oldest.phase) == ("proceed", "pilot")
        again = evidences.recompute(evidences.read(oldest.text))
        assert again.differences == ()

    def test_nobody_changes_it(self, workshop: Workshop):
        live_for_an_hour(workshop)
        ask(workshop.ports(), workshop.desired(), FLAG, actor="ada")
        for statement in (
            "UPDATE rollout.evidence SET verdict = 'proceed'",
            "DELETE FROM rollout.evidence",
            "TRUNCATE rollout.evidence",
            "DELETE FROM rollout.baseline",
        ):
            with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                workshop.sql(statement)

    def test_a_role_that_may_only_read_gets_its_answer(self, workshop: Workshop):
        live_for_an_hour(workshop)
        [(name,)] = workshop.sql("SELECT current_database()")
        workshop.sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        asked = ask(workshop.ports(), workshop.desired(), FLAG, actor="ada")
        assert asked.report.verdict is Verdict.PROCEED
        assert not asked.stored
        assert "only be read" in asked.problem

    def test_a_flag_that_was_never_applied_has_nothing_to_judge(self, workshop: Workshop):
        with pytest.raises(UsageError, match="never applied"):
            ask(workshop.ports(), workshop.desired(), FLAG, actor="ada")

    def test_the_past_is_judged_by_what_was_known_then(self, workshop: Workshop):
        live_for_an_hour(workshop, status="failed")
        [(since,)] = workshop.sql("SELECT phase_since FROM rollout.flag")
        then = since + timedelta(minutes=5)
        asked = ask(workshop.ports(), workshop.desired(), FLAG, actor="ada", as_of=then)
        assert asked.report.judged_at == then
        assert asked.report.verdict is not Verdict.ROLLBACK


class TestBaseline:
    def test_it_is_measured_and_frozen_when_the_first_phase_is_applied(self, workshop: Workshop):
        runs(workshop, 40, minutes=38, before=timedelta(days=3))
        (frozen,) = workshop.reconcile().baselines
        assert isinstance(frozen.baseline, Baseline)
        assert frozen.baseline.source is BaselineSource.SAME_MERCHANTS
        assert frozen.baseline.completed.matured == 40
        assert frozen.baseline.median_bound == timedelta(minutes=38)
        runs(workshop, 40, minutes=99, before=timedelta(days=2))
        assert workshop.reconcile().baselines == (), "it never moves"
        report = ask(workshop.ports(), workshop.desired(), FLAG, actor="ada").report
        assert any(frozen.baseline.hash[:12] in note for note in report.notes)

    def test_off_needs_none_and_neither_does_a_ladder_without_gates(self, workshop: Workshop):
        gated(workshop, "off")
        assert workshop.reconcile().baselines == ()
        workshop.phase("pilot")
        assert workshop.reconcile().baselines == ()

    def test_what_could_not_be_measured_is_measured_by_a_later_run(self, workshop: Workshop):
        runs(workshop, 40, minutes=38, before=timedelta(days=3))
        workshop.sql('ALTER TABLE "WorkflowExecution" RENAME TO gone')
        outcome = workshop.reconcile()
        assert outcome.exit_code is ExitCode.DONE
        assert isinstance(outcome.baselines[0].baseline, Uncounted)
        workshop.sql('ALTER TABLE gone RENAME TO "WorkflowExecution"')
        (frozen,) = workshop.reconcile().baselines
        assert isinstance(frozen.baseline, Baseline)

    def test_a_new_beginning_has_a_baseline_of_its_own(self, workshop: Workshop):
        runs(workshop, 40, minutes=38, before=timedelta(days=3))
        first = workshop.reconcile().baselines[0].baseline
        gated(workshop, "off")
        workshop.reconcile()
        gated(workshop, "pilot")
        second = workshop.reconcile().baselines[0].baseline
        assert isinstance(first, Baseline)
        assert isinstance(second, Baseline)
        assert second.ends > first.ends
        assert replace(second, ends=first.ends) != first


def test_another_runs_commit_while_the_gate_is_asked_makes_it_ask_again(workshop: Workshop):
    live_for_an_hour(workshop)
    gated(workshop, "10%")
    halted = []

    def meanwhile(environment):
        if not halted:
            halted.append(workshop.ports().store.halt(FLAG, reason="stop", actor="bob"))
        return opened(environment)

    ports = workshop.ports()
    opened = ports.workflow_data
    assert opened is not None
    outcome = workshop.reconcile(ports=replace(ports, workflow_data=meanwhile))
    assert Guardrail.HALTED in refusals(outcome)
    assert workshop.on() == set()


def test_times_of_evidence_are_the_databases(workshop: Workshop):
    live_for_an_hour(workshop)
    report = ask(workshop.ports(), workshop.desired(), FLAG, actor="ada").report
    assert abs(report.judged_at - datetime.now(UTC)) < timedelta(minutes=5)
