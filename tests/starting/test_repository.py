"""The files of a new repository: one truth with this project's own."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from controller.config.loader import Examined, examine
from controller.config.sources import from_mapping
from controller.domain.flag import KEY
from controller.starting.choices import AppNames, Choices, VercelProject
from controller.starting.repository import LOCAL_ACTION, WORKFLOWS, repository

PROJECT = Path(__file__).parents[2]
TEMPLATES = PROJECT / "controller/starting/files"
COMMIT = "1234567890" * 4

PLAIN = Choices(
    "new_checkout", "A: \"b\" 'c'", "@acme/orders", date(2099, 1, 1), "enableNewCheckout"
)
FULL = replace(
    PLAIN,
    variable="NEW_CHECKOUT",
    vercel=VercelProject("acme", "shop"),
    pilot=("m1", "m2"),
    action=f"acme/rolloutctl@{COMMIT}",
    names=AppNames("app", {"merchant": "merchants"}),
    with_staging=True,
)


def examined(choices: Choices) -> Examined:
    files = repository(choices)
    ours = {name: text for name, text in files.items() if name.startswith(("flags/", "rollout/"))}
    return examine(from_mapping(ours), date(2026, 1, 1))


@pytest.mark.parametrize(
    "choices",
    [PLAIN, replace(PLAIN, variable="A"), replace(PLAIN, with_staging=True), FULL],
    ids=["plain", "variable", "staging", "full"],
)
def test_the_files_are_valid_and_without_a_warning(choices: Choices):
    assert examined(choices).problems == ()


def test_they_say_what_was_chosen():
    configuration = examined(FULL).configuration
    assert configuration is not None
    desired = configuration.desired("production", None)
    flag = desired.find("new_checkout")
    assert flag is not None
    assert flag.phase == "off"
    assert flag.flag.description == "A: \"b\" 'c'"
    assert flag.rollout is not None
    assert flag.rollout.phases[0].merchants == ("m1", "m2")
    assert desired.environment.database.schema == "app"
    assert desired.environment.database.tables.merchant == "merchants"
    assert desired.environment.deploy_env is not None
    assert configuration.desired("staging", None).environment.database.url_variable == (
        "STAGING_DATABASE_URL"
    )


def test_the_pilot_that_waits_in_a_comment_is_valid_once_the_marks_are_gone():
    text = repository(PLAIN)["rollout/new_checkout.yaml"].decode()
    named = [
        line.replace("# ", "", 1) if line.startswith(("  # - {", "  #   ", "  # pilot")) else line
        for line in text.splitlines(keepends=True)
    ]
    files = dict(repository(PLAIN))
    files["rollout/new_checkout.yaml"] = "".join(named).replace("[ID]", "[m1]").encode()
    ours = {name: text for name, text in files.items() if name.startswith(("flags/", "rollout/"))}
    found = examine(from_mapping(ours), date(2026, 1, 1))
    assert found.problems == ()
    assert found.configuration is not None
    assert yaml.safe_load("".join(named))["phases"][0]["gate"] == "pilot"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_workflows_are_this_projects_own(name: str):
    ours = (PROJECT / f".github/workflows/{name}.yml").read_bytes()
    copy = TEMPLATES / f"workflows/{name}.yml"
    if os.environ.get("UPDATE_GOLDEN"):
        copy.write_bytes(ours)
    assert copy.read_bytes() == ours, "UPDATE_GOLDEN=1 copies it"
    assert ours.count(LOCAL_ACTION.encode()) == 1


@pytest.mark.parametrize("name", [*WORKFLOWS, "reconcile-staging"])
def test_the_action_comes_from_elsewhere_by_commit(name: str):
    text = repository(FULL)[f".github/workflows/{name}.yml"].decode()
    document = yaml.safe_load(text)
    used = [step.get("uses") for job in document["jobs"].values() for step in job["steps"]]
    assert f"acme/rolloutctl/.github/actions/rolloutctl@{COMMIT}" in used
    assert LOCAL_ACTION not in used


def test_an_unknown_source_is_said_to_be_one():
    files = repository(PLAIN)
    assert b"OWNER/rolloutctl/.github/actions" in files[".github/workflows/check.yml"]
    assert b"`OWNER/rolloutctl`" in files["README.md"]


def test_its_readme_leads_to_the_settings_where_the_repository_is_known():
    page = "https://github.com/acme/rollouts"
    text = repository(replace(PLAIN, page=page))["README.md"].decode()
    assert f"[Settings → Environments]({page}/settings/environments)" in text
    assert "*Settings → Environments*" in repository(PLAIN)["README.md"].decode()


def test_the_gates_are_those_of_this_projects_example():
    example = yaml.safe_load((PROJECT / "rollout/sequential_workflow.yaml").read_text())
    new = yaml.safe_load(repository(FULL)["rollout/new_checkout.yaml"])
    assert new["gates"] == example["gates"]
    assert new["phases"][1:] == example["phases"][1:]


def test_staging_has_secrets_of_its_own():
    files = repository(FULL)
    staging = files[".github/workflows/reconcile-staging.yml"].decode()
    assert "secrets.DATABASE_URL" not in staging
    assert "production" not in staging
    assert b"STAGING_DATABASE_URL: ${{ secrets.STAGING_GATE" in files[".github/workflows/check.yml"]
    assert ".github/workflows/reconcile-staging.yml" not in repository(PLAIN)


def test_no_token_of_a_template_is_left():
    for choices in (PLAIN, FULL):
        assert not [name for name, text in repository(choices).items() if b"<<" in text]


@given(
    flag=st.from_regex(KEY, fullmatch=True) | st.sampled_from(["null", "true", "off", "nan", "e1"]),
    column=st.from_regex("[A-Za-z_][A-Za-z0-9_]{0,62}", fullmatch=True),
    pilot=st.lists(st.from_regex("[A-Za-z0-9_.:-]{1,40}", fullmatch=True), max_size=3, unique=True),
    with_staging=st.booleans(),
)
@settings(max_examples=40)
def test_whatever_the_options_take_the_files_take(
    flag: str, column: str, pilot: list[str], *, with_staging: bool
):
    reserved = {"id", "merchantId", "createdAt", "updatedAt"}
    assume(column not in reserved and not any(".myshopify." in one.lower() for one in pilot))
    choices = replace(
        PLAIN,
        flag=flag,
        column=column,
        variable=flag.upper(),
        pilot=tuple(sorted(pilot)),
        with_staging=with_staging,
    )
    found = examined(choices)
    assert found.problems == ()
    assert found.configuration is not None
    assert found.configuration.desired("production", None).flags[0].key == flag
