"""Which file says what; a file that nobody would read is a problem, never skipped."""

import pytest

from controller.config import reading_codes as codes
from controller.config.layout import Kind, Located, locate
from controller.config.problems import Problem


@pytest.mark.parametrize(
    ("file", "kind", "stem"),
    [
        ("flags/checkout.yaml", Kind.FLAG, "checkout"),
        ("rollout/checkout.yaml", Kind.ROLLOUT, "checkout"),
        ("rollout/environments/production.yaml", Kind.ENVIRONMENT, "production"),
        ("rollout/gates/ramp.yaml", Kind.GATE, "ramp"),
        ("rollout/waivers/2026-11-shop.down.yaml", Kind.WAIVER, "2026-11-shop.down"),
        ("rollout/rules/owner.json", Kind.RULE, "owner"),
    ],
)
def test_every_kind_has_its_folder(file, kind, stem):
    assert locate(file) == Located(file, kind, stem)


@pytest.mark.parametrize(
    "file",
    ["flags/.gitkeep", "flags/.checkout.yaml.swp", "flags/README.md", "rollout/checkout.yaml~"],
)
def test_some_files_may_lie_about(file):
    assert locate(file) is None


@pytest.mark.parametrize(
    "file",
    [
        "flags/checkout.yml",
        "flags/checkout.YAML",
        "flags/checkout.yaml.bak",
        "flags/checkout",
        "flags/.yaml.yaml/x.yaml",
        "flags/team/checkout.yaml",
        "flags/check out.yaml",
        "flags/-checkout.yaml",
        f"flags/{'x' * 200}.yaml",
        "rollout/environments/more/x.yaml",
        "rollout/rules/owner.yaml",
        "rollout/elsewhere/x.yaml",
        "x.yaml",
    ],
)
def test_all_others_are_problems(file):
    found = locate(file)
    assert isinstance(found, Problem)
    assert found.code is codes.UNEXPECTED_FILE
