"""Environments: what contradicts itself, and what does not."""

import pytest

from tests.config.repository import PRODUCTION, codes

FILE = "rollout/environments/production.yaml"
DEMO = "rollout/environments/demo.yaml"


@pytest.mark.parametrize(
    "options",
    [
        "team_slug: shop",
        "team_id: team_1, redeploy: never",
        "team_id: team_1, redeploy: hook, deploy_hook: HOOK",
        "team_id: team_1, verify_url: https://shop.example.com/flags",
    ],
)
def test_options_that_go_together(options):
    assert codes({FILE: PRODUCTION.replace("team_id: team_1", options)}) == []


@pytest.mark.parametrize("adapter", ["netlify", "acme", "aws_ssm"])
def test_adapters_from_elsewhere_are_left_alone(adapter):
    assert codes({DEMO: ("adapter: dotenv", f"adapter: {adapter}")}) == []


@pytest.mark.parametrize(
    "sql",
    ["select id, true from t", "WITH a AS (SELECT 1) SELECT * FROM a", "SELECT 'a'\n FROM t"],
)
def test_queries(sql):
    block = "|\n" + "".join(f"        {line}\n" for line in sql.splitlines())
    change = ('{sql: "SELECT run_id, margin > 0 FROM margins"}', f"\n      sql: {block}")
    assert codes({DEMO: change}) == []


@pytest.mark.parametrize("sql", ["DROP TABLE a", "SELECT 1; DROP TABLE a", "SELECTED"])
def test_what_is_no_query(sql):
    assert codes({DEMO: ('"SELECT run_id, margin > 0 FROM margins"', f'"{sql}"')}) == ["RC705"]


def test_a_freeze_needs_some_time():
    assert codes({FILE: ("2027-01-03T00:00:00+01:00", "2026-12-20T00:00:00Z")}) == ["RC702"]
