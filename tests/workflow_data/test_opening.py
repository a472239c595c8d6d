"""SQLAlchemy is imported when workflow data is opened, and not before."""

import subprocess
import sys

import pytest

from controller.errors import UsageError
from controller.workflow_data.opening import open_workflow_data
from tests.workflow_data.world import environment


def test_the_port_costs_no_sqlalchemy():
    code = (
        "import sys, controller.workflow_data.interface, controller.workflow_data.opening, "
        "controller.cli.reconcile, controller.cli.validate; "
        "sys.exit('sqlalchemy' in sys.modules or 'sqlglot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_an_address_it_says_what_to_set():
    with pytest.raises(UsageError) as caught:
        open_workflow_data(environment(), {})
    assert "DATABASE_URL" in caught.value.message


def test_the_apps_database_is_read_unless_there_is_another():
    app = {"DATABASE_URL": "postgresql://app/db"}
    one = open_workflow_data(environment(), app)
    two = open_workflow_data(environment(), {**app, "WORKFLOW_DATABASE_URL": "postgresql://dw/db"})
    assert one._runs is one._app
    assert two._runs is not two._app
