"""What may stand in an environment's file as a measure, and what may not."""

import pytest

from controller.workflow_data.custom_measure import checked
from controller.workflow_data.flavour import Flavour

HARMLESS = [
    "SELECT id, status = 'completed' FROM \"WorkflowExecution\"",
    "WITH done AS (SELECT id, ok FROM t) SELECT id, ok FROM done",
    "SELECT run, count(*) > 1 FROM t GROUP BY run",
    "SELECT id, EXISTS (SELECT 1 FROM o WHERE o.run = t.id) FROM t;",
    "SELECT id, date_part('hour', created) < 3 FROM t -- early",
]
HARMFUL = {
    "DELETE FROM t": "exactly one SELECT",
    "SELECT id, ok FROM t; DROP TABLE t": "exactly one SELECT",
    "SELECT id, ok FROM t UNION SELECT id, ok FROM u": "exactly one SELECT",
    "COPY t TO STDOUT": "exactly one SELECT",
    "VALUES (1, true)": "exactly one SELECT",
    "": "exactly one SELECT",
    "SELECT id ok, FROM FROM": "cannot be read as SQL",
    "WITH gone AS (DELETE FROM t RETURNING id) SELECT id, true FROM gone": "DELETE is not allowed",
    "SELECT id, ok INTO copy FROM t": "INTO is not allowed",
    "SELECT id, ok FROM t FOR UPDATE": "LOCK is not allowed",
    "SELECT id, ok FROM t WHERE x = $1": "PARAMETER is not allowed",
    "SELECT id, pg_sleep(9) IS NULL FROM t": "pg_sleep is not known to be harmless",
    "SELECT id, nextval('s') > 0 FROM t": "nextval is not known to be harmless",
    "SELECT id, pg_catalog.pg_read_file('x') = '' FROM t": "pg_read_file is not known",
    "SELECT id, (SELECT setval('s', 1)) > 0 FROM t": "setval is not known to be harmless",
    "SELECT id FROM t": "two columns",
    "SELECT id, ok, more FROM t": "two columns",
    "SELECT * FROM t": "two columns",
}


@pytest.mark.parametrize("sql", HARMLESS)
@pytest.mark.parametrize("flavour", [Flavour.POSTGRESQL, Flavour.DUCKDB, Flavour.STANDARD])
def test_a_select_of_two_columns_is_named(sql, flavour):
    text = checked(sql, flavour)
    assert " AS run" in text
    assert " AS good" in text


@pytest.mark.parametrize(("sql", "why"), HARMFUL.items())
def test_everything_else_is_refused_with_its_reason(sql, why):
    with pytest.raises(ValueError, match=why):
        checked(sql, Flavour.POSTGRESQL)
