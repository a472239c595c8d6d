"""Where a flag stands in a commit, and which environments one line moves."""

import pytest

from controller.config.problems import ProblemsFound
from controller.errors import UsageError
from controller.source_control.ground import stand_on
from tests.source_control.repository import DEMO, ROLLOUT, Repository


def test_one_environment_of_a_map(shop: Repository):
    ground = stand_on(shop.root, "HEAD", "checkout", "demo")
    assert (ground.environments, ground.only, ground.flag.phase) == (("demo",), "demo", "10%")


def test_one_phase_for_all(shop: Repository):
    shop.change(ROLLOUT, "{demo: 10%, production: off}", "pilot")
    ground = stand_on(shop.root, "HEAD", "checkout", None)
    assert (ground.environments, ground.only) == (("demo", "production"), None)
    assert stand_on(shop.root, "HEAD", "checkout", "demo").only == "demo"


def test_one_phase_for_the_only_environment(shop: Repository):
    shop.edit(ROLLOUT, "{demo: 10%, production: off}", "pilot")
    shop.git("rm", "--quiet", DEMO)
    shop.commit()
    assert stand_on(shop.root, "HEAD", "checkout", "production").only is None


def test_the_name_of_a_branch_is_safe_to_type(shop: Repository):
    ground = stand_on(shop.root, "HEAD", "checkout", "demo")
    assert ground.branch("promote", "1.5% +x") == "rolloutctl/promote-checkout-demo-1_5_x"


def test_an_older_commit(shop: Repository):
    shop.demo_at("100%")
    assert stand_on(shop.root, "HEAD~1", "checkout", "demo").flag.phase == "10%"


def test_what_is_not_there(shop: Repository):
    with pytest.raises(UsageError, match="no revision"):
        stand_on(shop.root, "nowhere", "checkout", "demo")
    shop.change(ROLLOUT, "percent: 10,", "percnt: 10,")
    with pytest.raises(ProblemsFound):
        stand_on(shop.root, "HEAD", "checkout", "demo")
