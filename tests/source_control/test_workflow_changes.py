"""What runs the check is policy of whatever advances, and of nothing else."""

from datetime import UTC, datetime

import pytest

from controller.domain.change import PolicyPart, Touch
from controller.domain.objections import Rule
from controller.source_control.comparison import compare
from controller.source_control.workflow_changes import workflows_touched
from tests.source_control.repository import Repository

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHECK = ".github/workflows/check.yml"


@pytest.fixture
def watched(shop: Repository) -> Repository:
    """A repository with a workflow file, and a branch to work on."""
    shop.write(CHECK, "name: check\n")
    shop.commit("Run the check")
    shop.branch("change")
    return shop


def touched(shop: Repository) -> list[tuple[str, Touch]]:
    shop.commit()
    found = workflows_touched(shop.root, "main", "change")
    assert {(t.flag, t.part) for t in found} <= {(None, PolicyPart.WORKFLOW)}
    return [(t.name, t.touch) for t in found]


@pytest.mark.parametrize(
    "file",
    [
        ".github/workflows/other.yml",
        ".github/actions/rolloutctl/action.yml",
        ".github/CODEOWNERS",
        "CODEOWNERS",
        "docs/CODEOWNERS",
    ],
)
def test_a_file_that_is_added(watched: Repository, file):
    watched.write(file, "x\n")
    assert touched(watched) == [(file, Touch.ADDED)]


def test_a_file_that_is_changed_or_removed(watched: Repository):
    watched.write(CHECK, "name: nothing\n")
    assert touched(watched) == [(CHECK, Touch.CHANGED)]
    (watched.root / CHECK).unlink()
    assert touched(watched) == [(CHECK, Touch.REMOVED)]


def test_a_file_that_becomes_a_link_with_the_same_text(watched: Repository):
    (watched.root / CHECK).unlink()
    (watched.root / CHECK).symlink_to("name: check\n")
    assert touched(watched) == [(CHECK, Touch.CHANGED)]


def test_everything_else_is_nobodys_policy(watched: Repository):
    watched.write("README.md", "x\n")
    watched.write(".github/dependabot.yml", "x\n")
    assert touched(watched) == []


def test_it_concerns_only_what_advances(watched: Repository):
    watched.write(CHECK, "name: nothing\n")
    watched.commit()
    alone = compare(watched.root, "main", "change").meaning(NOW)
    assert alone is not None
    assert alone.is_empty
    watched.demo_at("100%")
    both = compare(watched.root, "main", "change").meaning(NOW)
    assert both is not None
    assert [o.rule for o in both.standing] == [Rule.SPLIT_IN_TWO]
    assert "workflow .github/workflows/check.yml" in both.standing[0].message
    watched.demo_at("off")
    down = compare(watched.root, "main", "change").meaning(NOW)
    assert down is not None
    assert down.standing == ()
