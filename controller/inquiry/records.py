"""The door to the record of runs, for the inquiries that look at merchants and at single runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from controller.domain.environment import Environment
from controller.errors import UsageError
from controller.ports import Ports
from controller.workflow_data.interface import RunRecords


@contextmanager
def run_records(ports: Ports, environment: Environment) -> Iterator[RunRecords]:
    """Open it, and close it at the end.

    Raises:
        UsageError: It cannot be asked here, or its address is missing or wrong.
    """
    if ports.run_records is None:
        raise UsageError("there is no record of runs to ask", "")
    records = ports.run_records(environment)
    try:
        yield records
    finally:
        records.close()
