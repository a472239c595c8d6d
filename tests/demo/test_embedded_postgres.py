import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from controller.demo.embedded_postgres import EmbeddedPostgres
from controller.demo.postgres_binaries import find_binaries
from controller.errors import Refused


def _setting(url: str, name: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row
    return str(row[0])


def _gone(pid: int) -> bool:
    for _ in range(1000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def test_a_started_server_is_durable_by_default_and_removed_at_the_end():
    with EmbeddedPostgres.start() as embedded:
        url = embedded.server.create_database("shop")
        assert _setting(url, "fsync") == "on"
        assert _setting(url, "server_encoding") == "UTF8"
        assert embedded.folder.stat().st_mode & 0o077 == 0
    assert not embedded.folder.exists()
    assert _gone(embedded.pid)


def test_settings_reach_the_server_and_stopping_twice_is_harmless():
    embedded = EmbeddedPostgres.start(settings={"fsync": "off", "timezone": "Asia/Kolkata"})
    try:
        assert _setting(embedded.server.admin_url, "fsync") == "off"
        assert _setting(embedded.server.admin_url, "timezone") == "Asia/Kolkata"
    finally:
        embedded.stop()
    embedded.stop()


def test_a_setting_that_it_does_not_know_is_told_with_the_log():
    with pytest.raises(Refused, match="no_such_setting"):
        EmbeddedPostgres.start(settings={"no_such_setting": "1"})


_PARENT = """
import os, sys, time
from controller.demo.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres.start(outlive=sys.argv[1] == "outlive")
print(server.pid, server.folder, flush=True)
time.sleep(600)
"""


def _killed_parent(mode: str) -> tuple[int, Path]:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, mode], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    pid, folder = parent.stdout.readline().split()
    parent.kill()
    parent.communicate()
    return int(pid), Path(folder)


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux ends a server with its killed parent"
)
def test_a_killed_parent_leaves_no_server_behind():
    pid, folder = _killed_parent("bound")
    assert _gone(pid)
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_a_server_told_to_outlive_its_parent_does():
    pid, folder = _killed_parent("outlive")
    with psycopg.connect(f"postgresql://postgres@/postgres?host={folder}") as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    os.kill(pid, signal.SIGINT)
    assert _gone(pid)
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_programs_and_temporary_folder_that_others_cannot_reach(tmp_path: Path):
    found = find_binaries()
    if found.root is None:
        pytest.skip("an installed PostgreSQL is reachable for everybody")
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    copy = found.copy_to(hidden)
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        import psycopg
        from controller.demo.embedded_postgres import EmbeddedPostgres
        from controller.demo.postgres_binaries import PostgresBinaries
        root = Path(sys.argv[1])
        libraries = root.parents[1] / "embedded_postgres.libs"
        binaries = PostgresBinaries(root / "bin", root, libraries if libraries.is_dir() else None)
        with EmbeddedPostgres.start(binaries=binaries) as embedded:
            with psycopg.connect(embedded.server.create_database("shop")) as connection:
                print(connection.execute("SHOW data_directory").fetchone()[0])
    """)
    environment = {**os.environ, "TMPDIR": str(hidden)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(copy.root)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stdout.startswith(str(hidden))
