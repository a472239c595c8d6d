"""docs/pull-requests.md explains every rule that a change may not break, in their order."""

import re
from pathlib import Path

from controller.domain.objections import Rule

PAGE = Path(__file__).parents[2] / "docs" / "pull-requests.md"


def test_every_rule_has_its_heading():
    headings = re.findall(r"^### (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [str(rule) for rule in Rule]
