"""What an emergency goes without, and says so."""

from controller.cli.emergency_session import open_emergency


def test_with_everything_at_hand_nothing_is_missing(desk, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", desk.url)
    with open_emergency(desk.root, None, "new_checkout") as doors:
        assert doors.environment == "test"
        assert doors.column == "enableNewCheckout"
        assert doors.deploy_env is not None
        assert doors.notes == ()


def test_without_files_the_ledger_knows_the_environment(desk, monkeypatch, tmp_path):
    desk.run("reconcile")
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    monkeypatch.setenv("DATABASE_URL", desk.url)
    with open_emergency(nowhere, None, "new_checkout") as doors:
        assert doors.environment == "test"
        assert doors.column is None
        assert doors.deploy_env is None
        assert "flags/ and rollout/" in doors.notes[0]
