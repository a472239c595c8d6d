"""Pull requests that try to get past their own gate: each is told for what it is."""

from datetime import UTC, datetime

import pytest

from controller.domain.objections import Rule
from controller.source_control.comparison import Comparison, compare
from tests.source_control.repository import DEMO, FLAG, RAMP, ROLLOUT, Repository

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WAIVER = """\
flag: checkout
phase: 10%
criterion: completed
reason: it will be fine
approved_by: mallory
expires: 2026-12-31
"""


@pytest.fixture
def attack(shop: Repository) -> Repository:
    """A branch that promotes the flag to everyone; the tests add what should help it."""
    shop.branch("attack")
    shop.demo_at("100%")
    return shop


def judged(shop: Repository) -> Comparison:
    shop.commit("Nothing to see here")
    return compare(shop.root, "main", "attack")


def rules(compared: Comparison) -> set[Rule]:
    meaning = compared.meaning(NOW)
    assert meaning is not None, compared.after.problems
    return {objection.rule for objection in meaning.standing}


def test_the_promotion_alone_has_its_gate_and_no_objection(attack: Repository):
    compared = judged(attack)
    assert rules(compared) == set()
    meaning = compared.meaning(NOW)
    assert meaning is not None
    assert [moved.gate for one in meaning.environments for moved in one.advances] == ["ramp"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (RAMP, "floor: 85%}\n  on_time", "floor: 1%}\n  on_time"),
        (RAMP, "soak_min: 24h", "soak_min: 0s"),
        (RAMP, "worst_merchant: {criterion: completed, fix_minor_below: 70%}\n", ""),
        (ROLLOUT, "soak: 2d, gate: ramp", "gate: ramp"),
        (ROLLOUT, "soak: 2d, gate: ramp", "soak: 2d, gate: smoke"),
        (DEMO, "margin > 0 FROM margins", "true FROM margins"),
        (DEMO, "workflow_data:\n", "workflow_data:\n  tables: {run: Fake}\n"),
        (DEMO, "workflow_data:\n", "workflow_data:\n  failed: [never]\n"),
        (DEMO, "workflow_data:\n", "workflow_data:\n  url: OTHER_URL\n"),
        (DEMO, "{schema: managed}", "{schema: managed, url: OTHER_URL}"),
        (DEMO, "name: demo\n", "name: demo\non_rollback: report\n"),
        (DEMO, "name: demo\n", "name: demo\nguardrails: {max_changed_percent: off}\n"),
        ("rollout/rules/owner.json", '"^@"', '"."'),
        ("rollout/waivers/easy.yaml", None, WAIVER),
    ],
)
def test_a_pull_request_cannot_change_what_it_has_to_pass(attack, file, old, new):
    if old is None:
        attack.write(file, new)
    else:
        attack.edit(file, old, new)
    assert rules(judged(attack)) == {Rule.SPLIT_IN_TWO}


def test_a_gate_under_another_name_is_another_gate(attack: Repository):
    attack.git("mv", RAMP, "rollout/gates/easy.yaml")
    attack.edit("rollout/gates/easy.yaml", "soak_min: 24h", "soak_min: 0s")
    attack.edit(ROLLOUT, "gate: ramp", "gate: easy")
    assert rules(judged(attack)) == {Rule.SPLIT_IN_TWO}


def test_a_gate_of_the_rollouts_own_does_not_hide_the_shared_one(attack: Repository):
    attack.git("rm", "--quiet", RAMP)
    text = attack.read(ROLLOUT)
    attack.write(ROLLOUT, f"{text}  ramp:\n    method: deterministic\n    require: []\n")
    assert rules(judged(attack)) == {Rule.SPLIT_IN_TWO}


def test_an_environment_under_another_name_is_a_new_one(attack: Repository):
    attack.git("mv", DEMO, "rollout/environments/easy.yaml")
    attack.edit("rollout/environments/easy.yaml", "name: demo", "name: easy")
    attack.edit(ROLLOUT, "{demo: 100%", "{easy: 100%")
    assert Rule.SPLIT_IN_TWO in rules(judged(attack))


def test_a_flag_under_another_name_is_a_renamed_one(attack: Repository):
    for file in (FLAG, ROLLOUT):
        other = file.replace("checkout", "kasse")
        attack.git("mv", file, other)
        attack.write(other, attack.read(other).replace(": checkout\n", ": kasse\n"))
    attack.git("rm", "-r", "--quiet", "rollout/waivers")
    production = "rollout/environments/production.yaml"
    attack.edit(production, "flag: checkout", "flag: kasse")
    assert Rule.RENAMED_WHILE_LIVE in rules(judged(attack))


def test_a_file_that_is_a_link_is_no_file(attack: Repository):
    (attack.root / RAMP).unlink()
    (attack.root / RAMP).symlink_to("/etc/passwd")
    compared = judged(attack)
    assert compared.meaning(NOW) is None
    assert "RC006" in {problem.code.id for problem in compared.after.problems}


def test_a_path_that_leaves_the_repository_names_nothing(attack: Repository):
    blob = attack.git("hash-object", "-w", "--stdin", given=b"key: evil\n")
    inner = attack.git("mktree", given=f"100644 blob {blob}\tevil.yaml\n".encode())
    folder = attack.git(
        "mktree",
        "--missing",
        given=f"040000 tree {inner}\t..\n100644 blob {blob}\tx.yaml\n".encode(),
    )
    other = attack.git("rev-parse", "HEAD:rollout")
    tree = attack.git(
        "mktree", given=f"040000 tree {folder}\tflags\n040000 tree {other}\trollout\n".encode()
    )
    head = attack.git("commit-tree", "-p", "main", "-m", "evil", tree)
    compared = compare(attack.root, "main", head)
    assert compared.meaning(NOW) is None


def test_the_name_of_a_branch_is_only_a_name(attack: Repository, tmp_path):
    name = "$(touch${IFS}pwned);--upload-pack=x"
    attack.git("branch", name)
    assert rules(compare(attack.root, "main", name)) == set()
    assert not (attack.root / "pwned").exists()


def test_attributes_of_the_head_run_nothing(attack: Repository):
    attack.write(".gitattributes", "*.yaml filter=evil diff=evil merge=evil\n")
    attack.git("config", "filter.evil.smudge", "touch pwned")
    attack.git("config", "filter.evil.clean", "cat")
    attack.git("config", "diff.evil.textconv", "touch pwned")
    judged(attack)
    for found in attack.root.rglob("pwned"):
        found.unlink()  # by git add and the checkout of these tests themselves
    assert rules(compare(attack.root, "main", "attack")) == set()
    assert not list(attack.root.rglob("pwned"))
