"""The roles that docs/github.md grants can do their work, and nothing else.

The SQL is read out of the page and run by an owner who is no superuser, as a company's is.
"""

import os
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
import yaml

from controller.cli import run
from controller.demo.company import Behaviour
from controller.demo.postgres_server import PostgresServer
from tests.cli.desk import COLUMN, FLAG, Desk
from tests.cli.gated_shop import GatedShop
from tests.cli.test_gate import BUSY

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/github.md").read_text(encoding="utf-8")
PRISMA = (PROJECT / "controller/demo/merchant_config.sql").read_text(encoding="utf-8")
BEFORE, AFTER = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
ENVIRONMENT = "rollout/environments/test.yaml"


@dataclass(frozen=True)
class Company:
    """A shop whose database has an owner and the two roles of the page.

    Attributes:
        names: Of the roles in this test: `owner`, `rolloutctl`, `rolloutctl_gate`.
    """

    shop: GatedShop
    names: dict[str, str]

    def url(self, role: str) -> str:
        return re.sub(r"//[^@/]*@", f"//{self.names[role]}@", self.shop.desk.url)

    def run_sql(self, role: str, block: str) -> None:
        for word in ("rolloutctl_gate", "rolloutctl"):
            block = re.sub(rf"\b{word}\b", self.names[word], block)
        with psycopg.connect(self.url(role), autocommit=True) as connection:
            connection.execute(block.replace("enableNewCheckout", COLUMN))

    def desk(self, role: str) -> Desk:
        """The same repository, for somebody who has this role's connection string."""
        return replace(
            self.shop.desk,
            variables={**self.shop.desk.variables, "DATABASE_URL": self.url(role)},
        )

    def may(self, role: str, statement: str) -> bool:
        """Whether the role may do this; nothing of it stays."""
        with psycopg.connect(self.url(role)) as connection:
            try:
                connection.execute(statement)
            except psycopg.errors.InsufficientPrivilege:
                return False
            finally:
                connection.rollback()
        return True


@pytest.fixture
def company(shop: GatedShop, server: PostgresServer) -> Iterator[Company]:
    mark = uuid.uuid4().hex[:8]
    names = {name: f"{name}_{mark}" for name in ("owner", "rolloutctl", "rolloutctl_gate")}
    desk, owner = shop.desk, names["owner"]
    desk.sql(PRISMA.replace("enableSequentialWorkflow", COLUMN))
    desk.sql('ALTER TABLE "MerchantConfig" ADD COLUMN "other" boolean NOT NULL DEFAULT false')
    desk.write(ENVIRONMENT, desk.read(ENVIRONMENT).replace("managed", "external"))
    desk.commit("The schema is the app's")
    ((database,),) = desk.sql("SELECT current_database()")
    desk.sql(f"CREATE ROLE {owner} LOGIN CREATEROLE")
    desk.sql(f"GRANT CREATE ON DATABASE {database} TO {owner}")
    desk.sql(f"ALTER SCHEMA public OWNER TO {owner}")
    for (table,) in desk.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        desk.sql(f'ALTER TABLE "{table}" OWNER TO {owner}')
    yield Company(shop, names)
    for name in reversed(names.values()):
        if desk.sql("SELECT 1 FROM pg_roles WHERE rolname = %s", name):
            desk.sql(f"REASSIGN OWNED BY {name} TO CURRENT_USER")
            desk.sql(f"DROP OWNED BY {name} CASCADE")
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        for name in reversed(names.values()):
            connection.execute(f"DROP ROLE IF EXISTS {name}")


@pytest.fixture
def begun(company: Company) -> Company:
    """As the page has it: the roles, and the first reconcile."""
    company.run_sql("owner", BEFORE)
    plan = company.desk("rolloutctl_gate").run("plan")
    assert plan.code == 0, plan.err
    done = company.desk("rolloutctl").run("reconcile")
    assert done.code == 0, done.out + done.err
    return company


@pytest.fixture
def live(begun: Company) -> Company:
    """And the right to add evidence."""
    begun.run_sql("rolloutctl", AFTER)
    return begun


def test_without_the_second_block_the_verdict_counts_and_says_what_is_missing(begun: Company):
    begun.shop.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
    found = begun.desk("rolloutctl_gate").run("gate", FLAG)
    assert found.code == 0, found.out + found.err
    assert "is not in the ledger: the database role lacks a right" in found.said


def test_the_writer_does_all_that_reconcile_guard_and_halt_do(live: Company):
    desk = live.desk("rolloutctl")
    assert desk.on() == {live.shop.pilot}
    assert desk.run("reconcile").code == 0
    assert desk.run("halt", FLAG, "--reason", "a test").code == 0
    assert desk.on() == set()
    assert desk.run("resume", FLAG, "--reason", "a test").code == 0
    assert desk.run("reconcile").code == 0
    assert desk.on() == {live.shop.pilot}


def test_the_writer_applies_an_advance_that_its_gate_lets(live: Company):
    live.shop.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
    live.shop.desk.promote("pilot", "10%")
    done = live.desk("rolloutctl").run("reconcile")
    assert done.code == 0, done.out + done.err
    assert len(live.shop.desk.on()) > 10


@pytest.mark.parametrize("role", ["rolloutctl", "rolloutctl_gate"])
def test_nobody_touches_what_is_the_apps(live: Company, role: str):
    for statement in (
        'UPDATE "Merchant" SET "isActive" = false',
        'DELETE FROM "Merchant"',
        'DELETE FROM "MerchantConfig"',
        'TRUNCATE "MerchantConfig"',
        'UPDATE "MerchantConfig" SET other = true',
        "UPDATE \"WorkflowExecution\" SET status = 'completed'",
        'ALTER TABLE "MerchantConfig" ADD COLUMN x int',
        'DROP TABLE "MerchantConfig"',
        "CREATE TABLE public.mine ()",
    ):
        assert not live.may(role, statement), statement


def test_the_gates_role_judges_and_keeps_the_evidence(live: Company):
    live.shop.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
    desk = live.desk("rolloutctl_gate")
    found = desk.run("gate", FLAG)
    assert found.code == 0, found.out + found.err
    assert desk.sql("SELECT verdict, count(*) FROM rollout.evidence GROUP BY 1") == [("proceed", 1)]
    live.shop.desk.promote("pilot", "10%")
    checked = desk.run("check", "--base", "HEAD~1", "--head", "HEAD")
    assert checked.code == 0, checked.out + checked.err
    assert "May merge" in checked.out
    assert "not kept" not in checked.out
    for command in ("plan", "status", "drift", "history"):
        assert desk.run(command).code == 0, command


def test_the_gates_role_changes_nothing_for_anybody(live: Company):
    live.shop.days_pass(1, Behaviour.FLAWLESS, pace=BUSY)
    live.shop.desk.promote("pilot", "10%")
    desk, before = live.desk("rolloutctl_gate"), live.shop.desk.on()
    for command in (
        ("reconcile",),
        ("halt", FLAG, "--reason", "a test"),
        ("reconcile", "--allow", "advance_without_gate", "--reason", "a test"),
    ):
        assert desk.run(*command).code == 5, command
    for statement in (
        f'UPDATE "MerchantConfig" SET "{COLUMN}" = true',
        'INSERT INTO "MerchantConfig" (id, "merchantId", "updatedAt") VALUES (1, 1, now())',
        "UPDATE rollout.flag SET policy = NULL",
        "UPDATE rollout.environment SET generation = 9",
        "UPDATE rollout.evidence SET verdict = 'proceed'",
        "DELETE FROM rollout.evidence",
        "INSERT INTO rollout.halt DEFAULT VALUES",
        "INSERT INTO rollout.baseline DEFAULT VALUES",
        "DROP SCHEMA rollout CASCADE",
    ):
        assert not live.may("rolloutctl_gate", statement), statement
    assert live.shop.desk.on() == before


def test_doctor_finds_nothing_wrong_with_the_writers_rights(live: Company):
    found = live.desk("rolloutctl").run("doctor", "--format", "json").json
    health = {one["check"]: (one["health"], one["message"]) for one in found["checks"]}
    assert health["role_rights"][0] == "ok", health["role_rights"]
    assert health["role_modest"][0] == "ok", health["role_modest"]
    assert [told for told in health.values() if told[0] == "fail"] == []


def test_the_secrets_on_the_page_are_those_of_the_workflows():
    used = {
        name: set(re.findall(r"secrets\.([A-Z_]+)", path.read_text(encoding="utf-8")))
        for path in (PROJECT / ".github/workflows").glob("*.yml")
        if (name := path.stem) != "ci"
    }
    told = set(re.findall(r"^\| `([A-Z_]+)` \| (?:environment|repository)", PAGE, re.MULTILINE))
    assert set().union(*used.values()) == told
    judging = {name for name, secrets in used.items() if "GATE_DATABASE_URL" in secrets}
    assert judging == {"check", "recheck", "promote", "dashboard", "tidy"}
    writing = {name for name, secrets in used.items() if "DATABASE_URL" in secrets}
    assert writing == {"reconcile", "guard"}


def test_what_writes_is_held_to_the_environment():
    for path in (PROJECT / ".github/workflows").glob("*.yml"):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for job in document["jobs"].values():
            secrets = ("secrets.DATABASE_URL ", "secrets.VERCEL_TOKEN ")
            writes = any(secret in str(job) for secret in secrets)
            assert writes == (job.get("environment") == "production"), path.name


@pytest.mark.parametrize("tool", ["zizmor", "actionlint"])
def test_an_apps_token_is_put_in_as_the_page_says_and_linters_find_nothing(
    tmp_path: Path, tool: str
):
    (app,) = (b for b in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "github-app" in b)
    token = "${{ steps.app.outputs.token }}"
    assert f"`token: {token}`" in PAGE
    assert f"`GITHUB_TOKEN: {token}`" in PAGE
    assert run(["init", str(tmp_path), "--flag", "a_b", "--owner", "@acme/orders"]) == 0
    for name in ("promote", "guard"):
        path = tmp_path / f".github/workflows/{name}.yml"
        text = path.read_text(encoding="utf-8")
        for old, new in (
            ("    steps:\n", f"    steps:\n{app}"),
            ("          ref: main\n", f"          ref: main\n          token: {token}\n"),
            ("GITHUB_TOKEN: ${{ github.token }}", f"GITHUB_TOKEN: {token}"),
        ):
            assert text.count(old) == 1
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    places = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    linter = shutil.which(tool, path=places)
    if linter is None:
        pytest.skip(f"{tool} is not installed here")
    given = sorted(map(str, tmp_path.glob(".github/workflows/*.yml")))
    options = ["--offline", "--quiet"] if tool == "zizmor" else []
    done = subprocess.run(
        [linter, *options, *given], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_anchor_of_the_page_is_there():
    headings = re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in headings}
    for page in (PROJECT / "docs").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        pattern = (
            r"\]\((?:github\.md)?#([^)]+)\)"
            if page.name == "github.md"
            else (r"\]\(github\.md#([^)]+)\)")
        )
        for anchor in re.findall(pattern, text):
            assert anchor in anchors, f"{page.name}: {anchor}"
