"""PySpark's own Thrift server, for as long as a test needs it."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyspark
import sqlalchemy as sa

from tests.workflow_data.engines import TABLES, rows_of

_PATIENCE = 120  # seconds; a Java machine on a busy computer


@contextmanager
def thrift_server(folder: Path) -> Iterator[str]:
    """The address of a server on a free port; everything it writes goes to the folder."""
    home = Path(pyspark.__file__).parent
    port = _free_port()
    command = [
        home / "bin" / "spark-submit",
        "--master=local[2]",
        "--class=org.apache.spark.sql.hive.thriftserver.HiveThriftServer2",
        "--conf=spark.ui.enabled=false",
        f"--conf=spark.sql.warehouse.dir={folder}/warehouse",
        "--conf=spark.sql.shuffle.partitions=1",
        "--conf=spark.sql.storeAssignmentPolicy=LEGACY",
        "--conf=spark.driver.bindAddress=127.0.0.1",
        "--conf=spark.driver.host=127.0.0.1",
        "--conf=spark.driver.memory=1g",
        "spark-internal",
        "--hiveconf",
        f"hive.server2.thrift.port={port}",
        "--hiveconf",
        "hive.server2.thrift.bind.host=127.0.0.1",
        "--hiveconf",
        "javax.jdo.option.ConnectionURL=jdbc:derby:memory:metastore;create=true",
    ]
    environment = {**os.environ, "SPARK_HOME": str(home)}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            _wait(port, server)
            yield f"hive://127.0.0.1:{port}/default"
        finally:
            server.terminate()
            server.wait(_PATIENCE)


def load(address: str, world: Any) -> None:
    """Make the tables and fill them."""
    engine = sa.create_engine(address)
    with engine.connect() as session:
        session.exec_driver_sql("SET TIME ZONE 'UTC'")
        for name, columns in TABLES.items():
            described = columns.format(moment="TIMESTAMP").replace('"', "`")
            session.exec_driver_sql(f"DROP TABLE IF EXISTS `{name}`")
            session.exec_driver_sql(
                f"CREATE TABLE `{name}` ({described.replace('TEXT', 'STRING')}) USING parquet"
            )
        for name, rows in rows_of(world).items():
            values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
            if values:
                session.exec_driver_sql(f"INSERT INTO `{name}` VALUES {values}")
    engine.dispose()


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return f"TIMESTAMP '{value}'" if isinstance(value, datetime) else f"'{value}'"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < end:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError(f"Spark's Thrift server did not start: {server.args}")
