"""`rolloutctl dashboard`: one page, written whole, with what the other commands say."""

import pytest

from controller.cli.dashboard import PATIENCE
from controller.cli.stale import stale
from controller.demo.company import Behaviour
from controller.domain.staleness import Patience
from controller.domain.units import parse_duration
from tests.cli.desk import FLAG


@pytest.fixture
def written(desk):
    def write(*arguments, code=0):
        done = desk.run("dashboard", "--out", str(desk.root / "out/page"), *arguments)
        assert done.code == code, done.err
        return (desk.root / "out/page/index.html").read_text(encoding="utf-8")

    return write


def test_it_is_written_before_anything_was_applied(desk, written):
    page = written()
    assert FLAG in page
    assert "nothing yet" in page
    assert "not asked yet" in page


def test_it_says_what_status_says(desk, written):
    desk.run("reconcile")
    desk.set_by_hand("m05", value=True)
    page = written()
    assert "1 drift" in page
    assert "1 value changed by somebody else" in page
    assert "rolloutctl drift --flag new_checkout" in page
    assert "reconcile by ada" in page


def test_a_halt_with_a_hostile_reason_is_text(desk, written):
    desk.run("reconcile")
    desk.run("halt", FLAG, "--reason", "<script>alert(1)</script>")
    page = written()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_replaces_the_page_and_says_where_it_is(desk, written):
    first = written()
    desk.run("reconcile")
    assert written() != first
    done = desk.run("dashboard", "--out", str(desk.root / "out/page"))
    assert done.out.startswith("wrote 1 rollout of test to ")
    assert sorted(p.name for p in (desk.root / "out/page").iterdir()) == ["index.html"]


def test_a_folder_that_cannot_be_made_is_a_usage_error(desk):
    (desk.root / "file").write_text("")
    done = desk.run("dashboard", "--out", str(desk.root / "file/below"))
    assert done.code == 2
    assert "cannot be made" in done.err


def test_a_deploy_environment_that_cannot_be_read_is_on_the_page(desk):
    desk.run("reconcile")
    (desk.root / "app.env").unlink()
    (desk.root / "app.env").mkdir()
    done = desk.run("dashboard", "--out", str(desk.root / "page"))
    assert done.code == desk.run("status").code != 0
    assert "deploy environment: " in (desk.root / "page/index.html").read_text(encoding="utf-8")


def test_it_asks_a_gate_only_when_told_to(pilot):
    pilot.days_pass(1, Behaviour.QUIET)
    out = pilot.desk.root / "page"
    kept = "SELECT count(*) FROM rollout.evidence"
    assert pilot.desk.run("dashboard", "--out", str(out)).code == 0
    assert pilot.desk.sql(kept) == [(0,)]
    assert "Nobody has asked a gate about it yet." in (out / "index.html").read_text()
    assert pilot.desk.run("dashboard", "--out", str(out), "--ask").code == 0
    ((id_, verdict),) = pilot.desk.sql("SELECT id, verdict FROM rollout.evidence")
    page = (out / "index.html").read_text()
    assert f"<code>{id_[:12]}</code>" in page
    assert verdict.replace("_", " ") in page
    assert "The gates were asked for this page." in page


def test_what_was_judged_stays_on_the_page_without_asking_again(pilot):
    pilot.days_pass(1, Behaviour.QUIET)
    pilot.gate()
    out = pilot.desk.root / "page"
    pilot.desk.run("dashboard", "--out", str(out))
    page = (out / "index.html").read_text()
    ((id_,),) = pilot.desk.sql("SELECT id FROM rollout.evidence")
    assert f"<code>{id_[:12]}</code>" in page
    assert "half of them took at least" in page


def test_a_flag_is_stale_after_the_time_that_stale_takes_where_nobody_says_otherwise():
    defaults = {option.name: option.default for option in stale.params}
    assert (
        Patience(parse_duration(defaults["everyone_for"]), parse_duration(defaults["off_for"]))
        == PATIENCE
    )
