"""The page on choosing a gate names the problems that validation finds, warnings as such."""

import re
from pathlib import Path

from controller.config import codes

PAGE = (Path(__file__).parents[2] / "docs" / "gates.md").read_text(encoding="utf-8")


def test_every_code_of_the_table_is_one():
    rows = re.findall(r"\| (RC\d{3}) \|$", PAGE, re.MULTILINE)
    assert set(rows) <= {code.id for code in codes.ALL}
    assert {f"RC{number}" for number in range(512, 518)} <= set(rows)


def test_warnings_are_called_so():
    warnings = {code.id for code in codes.ALL if str(code.severity) == "warning"}
    for row in re.findall(r"^\|.*\| RC\d{3} \|$", PAGE, re.MULTILINE):
        assert ("(a warning)" in row) == (row[-7:-2] in warnings), row
