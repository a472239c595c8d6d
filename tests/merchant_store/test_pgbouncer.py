"""Everything behind PgBouncer in transaction mode, with fewer server connections than clients."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from controller.errors import Stale
from tests.merchant_store.builders import COLUMN, FLAG, Shop, desired, group, ids, write

_PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

pytestmark = pytest.mark.skipif(_PROGRAM is None, reason="PgBouncer is not installed here")


@pytest.fixture
def pooled(shop: Shop, tmp_path: Path) -> Iterator[Shop]:
    """The same shop through a pooler that has one connection to the server."""
    said = conninfo_to_dict(shop.url)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    file = tmp_path / "pgbouncer.ini"
    file.write_text(f"""
[databases]
* = host={said["host"]} port={said.get("port") or 5432} user=postgres pool_size=1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 50
""")
    file.chmod(0o644)
    for parent in (tmp_path, *tmp_path.parents):
        if parent.owner() == "root" and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    process = subprocess.Popen(
        [str(_PROGRAM), str(file)], user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"postgresql://postgres@127.0.0.1:{port}/{said['dbname']}"
    try:
        _wait_until_up(url)
        yield Shop(url)
    finally:
        process.terminate()
        process.wait()


def _wait_until_up(url: str) -> None:
    for _ in range(500):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("PgBouncer did not start")


def test_the_whole_life_of_a_flag(shop: Shop, pooled: Shop):
    shop.add(*ids(50))
    store = pooled.store()
    store.commit(write(group(*ids(20)), record=(desired(),)))
    with store.snapshot() as snapshot:
        [batch] = snapshot.batches([COLUMN], with_age=True)
        assert int((batch.values == 1).sum()) == 20
    assert store.halt(FLAG, reason="r", actor="a").changed == {FLAG: 20}
    store.resume(FLAG, reason="r", actor="a")
    assert store.commit(write(group(*ids(50)), generation=3)).changed == {FLAG: 50}
    assert len(store.changes(flag=FLAG, merchant=None, limit=1000)) == 90
    assert len(shop.on()) == 50


def test_writers_keep_apart(shop: Shop, pooled: Shop):
    shop.add(*ids(10))

    def run(number: int) -> object:
        try:
            return pooled.store().commit(write(group(f"m{number:06d}"))).generation
        except Stale as error:
            return error

    with ThreadPoolExecutor(5) as pool:
        outcomes = list(pool.map(run, range(5)))
    assert outcomes.count(1) == 1
    assert len(shop.on()) == 1


def test_nothing_leaks_to_the_next_client(pooled: Shop):
    pooled.store().commit(write())
    with psycopg.connect(pooled.url, prepare_threshold=None) as other:
        left = [
            other.execute(f"SHOW {name}").fetchone()
            for name in ("lock_timeout", "statement_timeout", "work_mem", "jit")
        ]
        locks = other.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        ).fetchone()
    assert left == [("0",), ("0",), ("4MB",), ("on",)]
    assert locks == (0,)
