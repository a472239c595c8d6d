"""`rolloutctl init`: a repository that works at once."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from controller.cli import run
from tests.cli.desk import Desk, Done
from tests.docs.test_commands import commands_on
from tests.docs.test_commands import test_every_command_and_option_exists as hold_to_the_code
from tests.golden_files import assert_golden

NAMED = ("--flag", "new_checkout", "--owner", "@acme/orders")
QUIET: Mapping[str, str | None] = {"DATABASE_URL": None, "GITHUB_REPOSITORY": None}


def init(folder: Path, *arguments: str, env: Mapping[str, str | None] | None = None) -> Done:
    with CliRunner().isolation(env={**QUIET, **(env or {})}) as (out, err, _):
        code = run(["init", str(folder), *arguments])
    return Done(code, out.getvalue().decode(), err.getvalue().decode())


def everything(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_what_it_says(tmp_path: Path):
    done = init(tmp_path / "new", *NAMED, "--action", f"acme/rolloutctl@{'1' * 40}")
    assert done.code == 0, done.err
    assert_golden("cli/init.txt", done.out.replace(str(tmp_path), ""))
    assert_golden("cli/init_files.txt", "\n".join(everything(tmp_path / "new")) + "\n")


@pytest.mark.parametrize("more", [(), ("--staging",), ("--vercel", "acme/shop", "--pilot", "m01")])
def test_it_validates_at_once(tmp_path: Path, more: tuple[str, ...]):
    assert init(tmp_path, *NAMED, *more).code == 0
    done = Desk(tmp_path, "").run("validate")
    assert (done.code, "warning" in done.out) == (0, False), done.out


def test_it_plans_and_reconciles_at_once(tmp_path: Path, prisma_database: str):
    """Everything is found out: the flag and its column from the database, who from git."""
    subprocess.run(["git", "init", "--quiet", "-b", "main", str(tmp_path)], check=True)
    desk = Desk.at(tmp_path, prisma_database)
    desk.git("config", "user.email", "ada@example.com")
    done = init(tmp_path, "--pilot", "m01", env={"DATABASE_URL": prisma_database})
    assert done.code == 0, done.err
    assert "flag sequential_workflow, column enableSequentialWorkflow" in done.out
    assert desk.read(".github/CODEOWNERS").endswith("ada@example.com\n")
    desk.add_merchants("m01", "m02")
    desk.commit("Begin")
    plan = desk.run("plan")
    assert plan.code == 0, plan.err
    assert "refused" not in plan.out
    assert desk.run("reconcile").code == 0
    assert desk.run("reconcile").code == 0


def test_other_names_are_proposed(tmp_path: Path, prisma_database: str):
    desk = Desk.at(tmp_path, prisma_database)
    desk.sql('ALTER TABLE "Merchant" RENAME TO merchants')
    desk.sql('ALTER TABLE merchants RENAME COLUMN "shopDomain" TO shop_domain')
    done = init(tmp_path, *NAMED, env={"DATABASE_URL": prisma_database})
    assert done.code == 0, done.err
    text = desk.read("rollout/environments/production.yaml")
    assert "    merchant: merchants\n    shop_domain: shop_domain\n" in text
    assert desk.run("validate").code == 0


def test_a_database_that_does_not_answer_is_told_and_no_hindrance(tmp_path: Path):
    secret = "postgresql://ada:hunter2@127.0.0.1:9/shop"
    done = init(tmp_path, *NAMED, env={"DATABASE_URL": secret})
    assert done.code == 0
    assert "Prisma's names are taken" in done.err
    assert "hunter2" not in done.err + done.out


def test_what_is_there_is_named_and_stays(tmp_path: Path):
    (tmp_path / "README.md").write_text("theirs")
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github/CODEOWNERS").write_text("theirs")
    done = init(tmp_path, *NAMED)
    assert done.code == 2
    assert "README.md" in done.err
    assert ".github/CODEOWNERS" in done.err
    assert everything(tmp_path) == [".github/CODEOWNERS", "README.md"]


def test_twice_is_refused(tmp_path: Path):
    assert init(tmp_path, *NAMED).code == 0
    before = everything(tmp_path)
    assert init(tmp_path, *NAMED).code == 2
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("--flag", "New", "--owner", "@a"),
        ("--flag", "new", "--owner", "a\n* @mallory"),
        ("--flag", "new", "--owner", "@a", "--column", "x}, y: {z"),
        ("--flag", "new", "--owner", "@a", "--variable", "a"),
        ("--flag", "new", "--owner", "@a", "--vercel", "shop"),
        ("--flag", "new", "--owner", "@a", "--pilot", "shop.myshopify.com"),
        ("--flag", "new", "--owner", "@a", "--action", "acme/rolloutctl@main"),
        ("--owner", "@a"),
    ],
)
def test_what_the_files_would_not_take_is_refused(tmp_path: Path, arguments: tuple[str, ...]):
    assert init(tmp_path, *arguments).code == 2
    assert everything(tmp_path) == []


@pytest.mark.parametrize(
    "command",
    [
        ("zizmor", "--offline", "--quiet", ".github"),
        ("actionlint",),
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
        ("check-jsonschema", "--builtin-schema", "vendor.dependabot"),
    ],
    ids=["zizmor", "actionlint", "workflows", "dependabot"],
)
@pytest.mark.parametrize("more", [(), ("--staging", "--vercel", "acme/shop")])
def test_linters_find_nothing(tmp_path: Path, command: tuple[str, ...], more: tuple[str, ...]):
    places = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    tool = shutil.which(command[0], path=places)
    if tool is None:
        pytest.skip(f"{command[0]} is not installed here")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    assert init(tmp_path, *NAMED, *more).code == 0
    given = []
    if command[0] != "zizmor":
        where = "dependabot.yml" if "dependabot" in command[-1] else "workflows/*.yml"
        given = [str(path) for path in (tmp_path / ".github").glob(where)]
    done = subprocess.run(
        [tool, *command[1:], *given], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_own_readme_says_only_what_exists(tmp_path: Path):
    assert init(tmp_path, *NAMED).code == 0
    text = (tmp_path / "README.md").read_text()
    assert len(commands_on(tmp_path / "README.md")) > 5
    hold_to_the_code(tmp_path / "README.md")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (tmp_path / target).exists(), target
