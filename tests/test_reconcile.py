"""The whole way of a change: files, git, PostgreSQL, the deploy environment's file."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from controller.domain.bucketing import bucket
from controller.domain.environment import Allowance, Guardrail
from controller.domain.plan import Cause
from controller.errors import ExitCode, Stale
from tests.workshop import COLUMN, FLAG, FLAG_FILE, Workshop, ladder

MERCHANTS = tuple(f"m{number:04}" for number in range(1, 201))


@pytest.fixture
def workshop(tmp_path: Path, database: str) -> Workshop:
    workshop = Workshop.create(tmp_path / "repository", database)
    workshop.merchants(*MERCHANTS)
    return workshop


def allowing(*names: Guardrail) -> list[Allowance]:
    return [Allowance(name, None, "a test", "tester", None) for name in names]


def test_a_whole_rollout_and_back(workshop: Workshop):
    seen = []
    for phase in ("off", "pilot", "10%", "50%", "100%", "50%", "10%", "pilot", "off"):
        workshop.phase(phase)
        before = workshop.on()
        plan = workshop.survey().plan
        outcome = workshop.reconcile()
        after = workshop.on()
        assert outcome.exit_code is ExitCode.DONE
        assert outcome.plan.hash == plan.hash
        planned = {m: g.value for g in plan.groups() for m in g.merchants}
        assert planned == {m: m in after for m in before ^ after}
        assert not workshop.reconcile().plan.has_changes
        seen.append(len(after))
    assert seen[0] == seen[-1] == 0
    assert seen[1] == seen[-2] == 1
    assert seen[4] == len(MERCHANTS)
    assert seen == seen[::-1]


def test_phases_never_narrow_on_the_way_up(workshop: Workshop):
    before: set[str] = set()
    for phase in ("pilot", "10%", "50%", "100%"):
        workshop.phase(phase)
        workshop.reconcile()
        assert before <= workshop.on()
        before = workshop.on()


def test_the_second_run_writes_nothing(workshop: Workshop):
    workshop.phase("pilot")
    first = workshop.reconcile()
    stamp = workshop.sql('SELECT "updatedAt", xmin::text FROM "MerchantConfig"')
    second = workshop.reconcile()
    assert first.committed is not None
    assert second.committed is None
    assert workshop.sql('SELECT "updatedAt", xmin::text FROM "MerchantConfig"') == stamp


def test_what_a_guardrail_refuses_is_withheld_and_the_retreat_is_applied(workshop: Workshop):
    beyond = next(m for m in MERCHANTS if bucket(FLAG, m) >= 5000)
    workshop.flag(overrides=[{"merchant": beyond, "value": True, "reason": "asked for it"}])
    workshop.phase("pilot")
    workshop.reconcile()
    assert workshop.on() == {"m0001", beyond}
    workshop.flag(overrides=[])  # one merchant loses it, as somebody asked
    workshop.phase("50%")  # and this skips a phase
    outcome = workshop.reconcile()
    assert outcome.exit_code is ExitCode.REFUSED
    assert [r.guardrail for r in outcome.plan.standing] == [Guardrail.SKIPS_PHASE]
    assert workshop.on() == {"m0001"}


def test_a_lifted_guardrail_is_in_the_history(workshop: Workshop):
    workshop.phase("pilot")
    workshop.reconcile()
    workshop.phase("50%")
    outcome = workshop.reconcile(allowances=allowing(Guardrail.SKIPS_PHASE))
    assert outcome.exit_code is ExitCode.DONE
    newest = workshop.ports().store.runs(flag=FLAG, limit=1)[0]
    assert "skips_phase" in str(newest.summary)
    assert "a test" in str(newest.summary)


def test_an_older_revision_never_overwrites_a_newer_one(workshop: Workshop):
    old = workshop.phase("pilot")
    workshop.reconcile()
    workshop.phase("10%")
    workshop.reconcile()
    on = workshop.on()
    workshop.git("checkout", "--quiet", old)
    with pytest.raises(Stale, match="newer"):
        workshop.reconcile()
    assert workshop.on() == on


def test_a_revert_is_newer_and_goes_through(workshop: Workshop):
    workshop.phase("pilot")
    workshop.reconcile()
    workshop.phase("10%")
    workshop.reconcile()
    workshop.git("revert", "--no-edit", "HEAD")
    assert workshop.reconcile().exit_code is ExitCode.DONE
    assert workshop.on() == {"m0001"}


def test_rewritten_history_needs_a_word(workshop: Workshop):
    workshop.phase("pilot")
    workshop.reconcile()
    workshop.git("commit", "--quiet", "--amend", "--message", "rewritten")
    with pytest.raises(Stale, match="not among its ancestors"):
        workshop.reconcile()
    allowed = workshop.reconcile(allowances=allowing(Guardrail.REWRITTEN_HISTORY))
    assert allowed.exit_code is ExitCode.DONE
    assert workshop.reconcile().committed is None


def test_local_changes_never_overwrite_a_revision(workshop: Workshop):
    workshop.phase("pilot")
    workshop.reconcile()
    rollout = workshop.folder / f"rollout/{FLAG}.yaml"
    rollout.write_text(rollout.read_text().replace("phase: pilot", "phase: 10%"))
    assert workshop.survey().plan.has_changes  # looking is free
    with pytest.raises(Stale, match="local changes"):
        workshop.reconcile()
    assert workshop.on() == {"m0001"}
    workshop.reconcile(allowances=allowing(Guardrail.REWRITTEN_HISTORY))
    assert len(workshop.on()) > 1


def test_a_saved_plan_is_stale_when_the_world_has_moved(workshop: Workshop):
    workshop.phase("pilot")
    plan = workshop.survey().plan
    workshop.sql('DELETE FROM "Merchant" WHERE id = %s', "m0001")
    with pytest.raises(Stale, match="saved plan"):
        workshop.reconcile(expected=plan.hash)
    assert workshop.on() == set()


def test_a_saved_plan_that_still_fits_is_applied(workshop: Workshop):
    workshop.phase("pilot")
    plan = workshop.survey().plan
    assert workshop.reconcile(expected=plan.hash).exit_code is ExitCode.DONE
    assert workshop.on() == {"m0001"}


def test_a_halt_holds_against_reconciles_until_it_is_resumed(workshop: Workshop):
    workshop.phase("10%")
    workshop.reconcile(allowances=allowing(Guardrail.SKIPS_PHASE))
    on = workshop.on()
    store = workshop.ports().store
    store.halt(FLAG, reason="harm", actor="tester")
    assert workshop.on() == set()
    workshop.sql(f'UPDATE "MerchantConfig" SET "{COLUMN}" = true WHERE "merchantId" = %s', "m0001")
    healed = workshop.reconcile()
    assert [(g.cause, g.merchants) for g in healed.plan.groups()] == [(Cause.HALT, ("m0001",))]
    assert workshop.on() == set()
    store.resume(FLAG, reason="fixed", actor="tester")
    back = workshop.reconcile()
    assert {g.cause for g in back.plan.groups()} == {Cause.HALT}
    assert workshop.on() == on


def test_a_merged_retreat_to_off_ends_the_halt(workshop: Workshop):
    workshop.phase("pilot")
    workshop.reconcile()
    store = workshop.ports().store
    store.halt(FLAG, reason="harm", actor="tester")
    workshop.phase("off")
    workshop.reconcile()
    workshop.phase("pilot")
    workshop.reconcile()
    assert workshop.on() == {"m0001"}


def test_drift_is_told_from_change_and_healed(workshop: Workshop):
    workshop.phase("10%")
    workshop.reconcile(allowances=allowing(Guardrail.SKIPS_PHASE))
    on = workshop.on()
    off_by_hand = min(on - {"m0001"})
    workshop.sql(
        f'UPDATE "MerchantConfig" SET "{COLUMN}" = false WHERE "merchantId" = %s', off_by_hand
    )
    workshop.phase("50%")
    plan = workshop.survey().plan
    causes = {m: g.cause for g in plan.groups() for m in g.merchants}
    assert causes.pop(off_by_hand) is Cause.DRIFT
    assert set(causes.values()) == {Cause.PHASE}
    workshop.reconcile()
    assert on <= workshop.on()


def test_new_and_grown_up_merchants_are_swept_in_with_their_cause(workshop: Workshop):
    eligible = {"min_merchant_age": "30d"}
    workshop.merchants("young", age=timedelta(days=3))
    workshop.phase("100%", eligible=eligible)
    workshop.reconcile(allowances=allowing(Guardrail.SKIPS_PHASE))
    assert "young" in workshop.on()  # everyone is everyone at 100%
    workshop.merchants("newborn", age=timedelta(seconds=-2))
    plan = workshop.survey().plan
    assert [(g.cause, g.merchants) for g in plan.groups()] == [(Cause.NEW_MERCHANT, ("newborn",))]


def test_values_set_by_hand_before_the_first_run_are_not_turned_off(workshop: Workshop):
    workshop.phase("pilot")
    workshop.reconcile()
    workshop.sql("DROP SCHEMA rollout CASCADE")
    workshop.sql(f'UPDATE "MerchantConfig" SET "{COLUMN}" = true')
    workshop.sql(
        f'INSERT INTO "MerchantConfig" (id, "merchantId", "{COLUMN}", "updatedAt") '
        "VALUES ('x', 'm0007', true, now())"
    )
    outcome = workshop.reconcile()
    assert outcome.exit_code is ExitCode.REFUSED
    assert outcome.plan.flags[0].unmanaged == ("m0007",)
    assert workshop.on() == {"m0001", "m0007"}


def test_a_flag_whose_file_is_gone_is_released_only_when_it_is_settled(workshop: Workshop):
    workshop.phase("10%")
    workshop.reconcile(allowances=allowing(Guardrail.SKIPS_PHASE))
    on = workshop.on()
    (workshop.folder / "flags/feature.yaml").unlink()
    (workshop.folder / "rollout/feature.yaml").unlink()
    workshop.write("flags/.gitkeep", "")
    workshop.commit("remove")
    outcome = workshop.reconcile()
    assert outcome.exit_code is ExitCode.REFUSED
    assert [r.guardrail for r in outcome.plan.standing] == [Guardrail.PARTIAL_RELEASE]
    assert workshop.on() == on


def test_a_settled_flag_is_released_and_its_values_stay(workshop: Workshop):
    workshop.phase("100%")
    workshop.reconcile(allowances=allowing(Guardrail.SKIPS_PHASE))
    (workshop.folder / "flags/feature.yaml").unlink()
    (workshop.folder / "rollout/feature.yaml").unlink()
    workshop.write("flags/.gitkeep", "")
    workshop.commit("remove")
    assert workshop.reconcile().exit_code is ExitCode.DONE
    assert workshop.on() == set(MERCHANTS)
    assert workshop.reconcile().committed is None


def test_the_global_value_goes_to_the_deploy_environment(workshop: Workshop):
    workshop.phase("100%", phases=[*ladder()[:1], {"name": "100%", "percent": 100}])
    workshop.reconcile(allowances=allowing(Guardrail.SKIPS_PHASE))
    assert not (workshop.folder.parent / "app.env").read_text().count("FEATURE=1")
    workshop.flag(**{"global": True})
    assert workshop.reconcile().exit_code is ExitCode.DONE
    assert workshop.app_reads(MERCHANTS) == set(MERCHANTS)
    assert (workshop.folder.parent / "app.env").read_text() == "FEATURE=1\n"


def test_the_app_reads_what_the_rules_say(workshop: Workshop):
    workshop.flag(overrides=[{"merchant": "m0005", "value": True, "reason": "asked"}])
    workshop.phase("10%")
    workshop.reconcile(allowances=allowing(Guardrail.SKIPS_PHASE))
    on = workshop.on()
    assert workshop.app_reads(MERCHANTS) == on
    assert "m0005" in on


def test_a_deploy_environment_that_no_flag_lives_in_is_not_unknown(workshop: Workshop):
    workshop.flag(deploy_env=None)
    workshop.phase("pilot")
    workshop.reconcile()
    plan = workshop.survey().plan
    assert not plan.is_deploy_unknown
    assert not plan.has_changes


def test_a_run_that_withholds_a_flag_decides_nothing_about_it(workshop: Workshop):
    workshop.phase("pilot")
    workshop.reconcile()
    decided = _decided_at(workshop)
    workshop.phase("50%")  # skips a phase: withheld
    workshop.write("flags/other.yaml", {**FLAG_FILE, "key": "other", **_HOMES})
    workshop.commit("another flag")
    assert workshop.reconcile().exit_code is ExitCode.REFUSED
    assert _decided_at(workshop)[FLAG] == decided[FLAG]
    assert _decided_at(workshop)["other"] > decided[FLAG]


_HOMES = {"merchant_config": {"column": "enableOther"}, "deploy_env": {**FLAG_FILE["deploy_env"]}}
_HOMES["deploy_env"]["variable"] = "OTHER"


def _decided_at(workshop: Workshop) -> dict[str, datetime | None]:
    with workshop.ports().store.snapshot() as snapshot:
        return {flag: snapshot.ledger.decided_at(flag) for flag in snapshot.ledger.applied}


RENAMED = {**FLAG_FILE["deploy_env"], "variable": "RENAMED"}


class TestAVariableThatIsRenamed:
    def env(self, workshop: Workshop) -> str:
        return (workshop.folder.parent / "app.env").read_text(encoding="utf-8")

    def on_for_everyone(self, workshop: Workshop) -> None:
        for phase in ("pilot", "10%", "50%", "100%"):
            workshop.phase(phase)
            workshop.reconcile()
        workshop.flag(**{"global": True})
        assert workshop.reconcile().exit_code is ExitCode.DONE
        assert self.env(workshop) == "FEATURE=1\n"

    def test_while_it_turns_the_flag_on_it_is_refused(self, workshop: Workshop):
        self.on_for_everyone(workshop)
        workshop.flag(deploy_env=RENAMED, **{"global": True})
        outcome = workshop.reconcile()
        assert outcome.exit_code is ExitCode.REFUSED
        assert [r.guardrail for r in outcome.plan.standing] == [Guardrail.PARTIAL_RELEASE]
        assert self.env(workshop) == "FEATURE=1\n"

    def test_together_with_a_retreat_the_old_one_is_turned_off_first(self, workshop: Workshop):
        self.on_for_everyone(workshop)
        workshop.flag(deploy_env=RENAMED)
        shown = [(c.variable, c.after) for c in workshop.survey().plan.deploy_changes]
        assert ("FEATURE", "0") in shown
        assert workshop.reconcile().exit_code is ExitCode.REFUSED
        assert self.env(workshop) == "FEATURE=0\nRENAMED=0\n"
        workshop.flag()  # as the remedy says: the old name, off
        assert workshop.reconcile().exit_code is ExitCode.DONE
        workshop.flag(deploy_env=RENAMED)
        assert workshop.reconcile().exit_code is ExitCode.DONE
        assert not workshop.reconcile().plan.has_changes
