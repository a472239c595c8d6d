"""`rolloutctl export flagd`: the official provider reads from the file what `explain` says."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.desk import FLAG
from tests.golden_files import assert_golden, same_every_day

FILE = f"flags/{FLAG}.yaml"


@pytest.fixture
def flags_file(tmp_path):
    return tmp_path / "flags.json"


def export(desk, *arguments):
    done = desk.run("export", "flagd", *arguments)
    assert done.code == 0, done.err
    return json.loads(done.out)


def everything_at_once(desk):
    """Half of the merchants, one too young, one excluded, one override each way, one expired."""
    desk.add_merchants("young", created=datetime.now(UTC) - timedelta(days=3))
    desk.edit(
        FILE,
        "deploy_env:",
        "overrides:\n"
        "  - {merchant: m02, value: true, reason: a friend}\n"
        "  - {merchant: m03, value: false, reason: an old plugin, expires: 2099-01-01}\n"
        "  - {merchant: m04, value: true, reason: for a while, expires: 2020-01-01}\n"
        "deploy_env:",
    )
    desk.promote("pilot", "50%")


def everyone(desk):
    return [merchant for (merchant,) in desk.sql('SELECT id FROM "Merchant"')]


def explained(desk, merchants):
    found = {m: desk.run("explain", m, "--format", "json").json["flags"] for m in merchants}
    return {m: flag["should_have"] for m, (flag,) in found.items()}


def provided(path, merchants):
    """What an app gets that asks OpenFeature, with flagd's provider reading the file."""
    api = pytest.importorskip("openfeature.api")
    flagd = pytest.importorskip("openfeature.contrib.provider.flagd")
    config = pytest.importorskip("openfeature.contrib.provider.flagd.config")
    context = pytest.importorskip("openfeature.evaluation_context").EvaluationContext
    provider = flagd.FlagdProvider(
        resolver_type=config.ResolverType.FILE, offline_flag_source_path=str(path)
    )
    api.set_provider_and_wait(provider)
    try:
        client = api.get_client()
        found = {m: client.get_boolean_details(FLAG, False, context(m)) for m in merchants}
    finally:
        api.shutdown()
    assert not [details for details in found.values() if details.error_code]
    return {merchant: details.value for merchant, details in found.items()}


def assert_provided_as_explained(desk, path, *arguments, merchants=("m01", "m02", "m07")):
    done = desk.run("export", "flagd", "--out", str(path), *arguments)
    assert (done.code, done.out) == (0, ""), done.err
    expected = explained(desk, merchants)
    assert provided(path, expected) == expected
    return expected


def test_the_provider_says_of_every_merchant_what_explain_says(desk, flags_file):
    everything_at_once(desk)
    merchants = everyone(desk)
    expected = assert_provided_as_explained(desk, flags_file, "--unapplied", merchants=merchants)
    assert [expected[merchant] for merchant in ("m02", "m03", "young")] == [True, False, False]
    assert 5 < sum(expected.values()) < 16


def test_the_provider_follows_a_halt(desk, flags_file):
    desk.run("reconcile")
    assert assert_provided_as_explained(desk, flags_file)["m01"]
    halted = desk.run("halt", FLAG, "--reason", "orders are lost")
    assert halted.code == 0, halted.err
    assert not any(assert_provided_as_explained(desk, flags_file).values())


def test_the_provider_follows_the_global_value(desk, flags_file):
    desk.edit(FILE, "deploy_env:", "global: true\ndeploy_env:")
    desk.promote("pilot", "100%")
    assert all(assert_provided_as_explained(desk, flags_file, "--unapplied").values())
    assert provided(flags_file, ["never seen"]) == {"never seen": True}


def test_at_a_share_whoever_comes_later_waits_for_the_next_export(desk, flags_file):
    desk.promote("pilot", "50%")
    assert_provided_as_explained(desk, flags_file, "--unapplied")
    later = [f"later{number}" for number in range(20)]
    assert not any(provided(flags_file, later).values())


@pytest.mark.parametrize("form", ["resolved", "fractional"])
def test_what_is_written(desk, form):
    everything_at_once(desk)
    arguments = ["--fractional"] if form == "fractional" else []
    done = desk.run("export", "flagd", "--unapplied", *arguments)
    assert done.code == 0
    written = done.out.replace(json.loads(done.out)["metadata"]["asOf"], "<instant>")
    assert_golden(f"cli/export_flagd_{form}.json", same_every_day(written))
    assert_golden(f"cli/export_flagd_{form}.txt", same_every_day(done.err))


def test_it_is_the_same_bytes_again(desk):
    desk.run("reconcile")
    first, second = (export(desk) for _ in range(2))
    assert first["metadata"].pop("asOf") <= second["metadata"].pop("asOf")
    assert first == second
    assert first["metadata"]["generation"] == 1
    assert first["metadata"]["revision"] == desk.git("rev-parse", "HEAD")


def test_nothing_is_exported_ahead_of_what_was_applied(desk, flags_file):
    flags_file.write_text("as it was")
    done = desk.run("export", "flagd", "--out", str(flags_file))
    assert done.code == 5
    assert f"more than was applied: {FLAG}" in done.err
    assert "next: rolloutctl reconcile" in done.err
    assert flags_file.read_text() == "as it was"
    desk.run("reconcile")
    assert desk.run("export", "flagd", "--out", str(flags_file)).code == 0
    desk.promote("pilot", "10%")
    assert desk.run("export", "flagd").code == 5
    desk.promote("10%", "off")
    retreat = desk.run("export", "flagd")
    assert (retreat.code, retreat.json["metadata"]["applied"]) == (0, False)
    assert retreat.err == f"note: not applied yet as the files have it: {FLAG}\n"


def test_files_older_than_what_was_applied_are_not_exported(desk):
    desk.run("reconcile")
    desk.edit(FILE, "in one step", "in two steps")
    desk.commit("Another description")
    desk.run("reconcile")
    desk.git("checkout", "--quiet", "HEAD~1")
    done = desk.run("export", "flagd")
    assert done.code == 6
    assert "git pull" in done.err
    older = desk.run("export", "flagd", "--unapplied")
    assert older.json["metadata"]["applied"] is False
    assert "note: the files are older than what was applied" in older.err


def test_an_empty_company_is_the_wrong_database(desk):
    desk.run("reconcile")
    desk.sql('TRUNCATE "Merchant" CASCADE')
    done = desk.run("export", "flagd")
    assert done.code == 5
    assert "no merchant at all" in done.err


def test_a_file_that_cannot_be_written_is_said(desk, tmp_path):
    desk.run("reconcile")
    done = desk.run("export", "flagd", "--out", str(tmp_path / "none" / "flags.json"))
    assert done.code == 2
    assert "cannot be written" in done.err


def test_what_it_wrote_and_where_goes_to_standard_error(desk, flags_file):
    desk.run("reconcile")
    done = desk.run("export", "flagd", "--out", str(flags_file))
    assert f"wrote 1 flag of test to {flags_file}\n" == done.err
    assert flags_file.stat().st_mode & 0o777 == 0o644
