"""docs/github.md says what the code does."""

import re
from pathlib import Path

import pytest

from controller.forge.interface import STATUS_CONTEXT
from controller.render.pull_request_view import TITLES, Answer, PullRequestView, status_line
from controller.source_control.proposal import OUR_BRANCHES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "github.md").read_text(encoding="utf-8")
FORGE = ROOT / "controller" / "forge"


def _section(title: str) -> str:
    return re.split(r"\n#+ ", TEXT.split(f" {title}\n")[1])[0]


def test_every_permission_that_a_hint_names_is_in_the_table() -> None:
    pushing = ROOT / "controller" / "proposing.py"  # a push is git's: the port names no permission
    code = "".join(path.read_text(encoding="utf-8") for path in (*FORGE.glob("*.py"), pushing))
    named = set(re.findall(r"[\"(]([a-z-]+: (?:read|write))[\")]", code))
    rows = [
        line.split("|")[1]
        for line in _section("The permissions of a job").splitlines()
        if line.startswith("| `")
    ]
    documented = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert documented == named


@pytest.mark.parametrize("answer", Answer)
def test_every_answer_is_explained_with_its_status(answer: Answer) -> None:
    state, _ = status_line(PullRequestView(answer, ""))
    rows = [line for line in _section("The status").splitlines() if f" {TITLES[answer]} |" in line]
    assert len(rows) == 1
    assert f"| {state} |" in rows[0]


def test_the_names_are_the_ones_in_the_code() -> None:
    assert f"**{STATUS_CONTEXT}**" in TEXT
    assert f"`{OUR_BRANCHES}`" in TEXT


def test_the_variables_are_the_ones_that_are_read() -> None:
    options = (FORGE / "github_options.py").read_text(encoding="utf-8")
    documented = set(re.findall(r"\bGITHUB_(?:TOKEN|REPOSITORY|API_URL)\b", TEXT))
    assert documented == set(re.findall(r"\bGITHUB_(?:TOKEN|REPOSITORY|API_URL)\b", options))
