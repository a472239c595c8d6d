"""`rolloutctl adopt`: values set by hand become reviewed overrides, and nothing else changes."""

import pytest

from tests.cli.desk import FLAG
from tests.golden_files import assert_golden, same_every_day

FILE = f"flags/{FLAG}.yaml"


@pytest.fixture
def drifted(desk):
    """m01 was turned off by hand, m05 on."""
    desk.run("reconcile")
    desk.set_by_hand("m01", value=False)
    desk.set_by_hand("m05", value=True)
    return desk


def test_both_directions_are_written_below_what_was_there(drifted):
    before = drifted.read(FILE)
    done = drifted.run("adopt", FLAG)
    assert done.code == 0
    assert_golden("cli/adopt.txt", same_every_day(done.out))
    added = drifted.read(FILE).removeprefix(before)
    assert [line.partition(", reason")[0] for line in added.splitlines()] == [
        "overrides:",
        "  - {merchant: m01, value: false",
        "  - {merchant: m05, value: true",
    ]


def test_once_merged_there_is_nothing_left_to_do(drifted):
    drifted.run("adopt", FLAG, "--reason", "agreed with the shop")
    drifted.commit("Keep two values")
    assert drifted.run("drift").code == 0
    assert drifted.run("reconcile").code == 0
    assert drifted.on() == {"m05"}
    assert drifted.run("plan", "--detailed-exitcode").code == 0


def test_a_dry_run_shows_the_change_and_writes_nothing(drifted):
    before = drifted.read(FILE)
    done = drifted.run("adopt", FLAG, "--dry-run", "--expires", "2099-06-30")
    assert done.code == 0
    assert_golden("cli/adopt_dry_run.txt", same_every_day(done.out))
    assert drifted.read(FILE) == before


def test_one_merchant_alone_by_its_shop_domain(drifted):
    assert drifted.run("adopt", FLAG, "--merchant", "shop-m05.example.com").code == 0
    assert "m05" in drifted.read(FILE)
    assert "m01" not in drifted.read(FILE)


def test_values_from_before_the_flag_was_known_can_be_kept(desk):
    desk.run("reconcile")
    desk.write("flags/second.yaml", desk.read(FILE).replace(FLAG, "second").replace("NEW_", "2ND_"))
    desk.edit("flags/second.yaml", "enableNewCheckout", "enableSecond")
    desk.edit("flags/second.yaml", "2ND_CHECKOUT", "SECOND")
    rollout = desk.read(f"rollout/{FLAG}.yaml").replace(FLAG, "second")
    desk.write("rollout/second.yaml", rollout.replace("phase: pilot", "phase: off"))
    desk.sql('ALTER TABLE "MerchantConfig" ADD "enableSecond" BOOLEAN NOT NULL DEFAULT false')
    desk.sql('UPDATE "MerchantConfig" SET "enableSecond" = true')
    desk.commit("A second flag, already on for somebody")
    assert desk.run("reconcile").code == 5
    assert desk.run("adopt", "second").code == 0
    desk.commit("Keep it")
    assert desk.run("reconcile").code == 0
    assert desk.sql('SELECT "enableSecond" FROM "MerchantConfig"') == [(True,)]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([FLAG, "--merchant", "m02"], 2, "nobody has set new_checkout by hand for m02"),
        ([FLAG, "--merchant", "m99"], 2, "there is no merchant"),
        (["other"], 2, "the files have no flag other"),
        ([FLAG, "--expires", "2020-01-01"], 2, "would never count"),
        ([FLAG, "--limit", "1"], 5, "add --limit 2"),
        ([FLAG, "--reason", "x" * 400], 5, "would not be valid"),
        ([FLAG, "--reason", " \x07"], 2, "it is empty"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(drifted, arguments, code, said):
    before = drifted.read(FILE)
    done = drifted.run("adopt", *arguments)
    assert (done.code, said in done.err) == (code, True), done.err
    assert drifted.read(FILE) == before
    assert "\x07" not in done.err


def test_a_merchant_with_an_override_is_left_to_a_person(drifted):
    drifted.run("adopt", FLAG, "--merchant", "m05")
    drifted.commit("Keep m05")
    drifted.run("reconcile")
    drifted.set_by_hand("m05", value=False)
    drifted.set_by_hand("m06", value=True)
    done = drifted.run("adopt", FLAG)
    assert done.code == 0
    assert "the file has an override for it already" in done.err
    assert "merchant: m06" in drifted.read(FILE)
    drifted.commit("Keep m06")
    drifted.run("reconcile")
    drifted.set_by_hand("m05", value=False)
    assert drifted.run("adopt", FLAG).code == 5


def test_nothing_set_by_hand_is_said(desk):
    desk.run("reconcile")
    done = desk.run("adopt", FLAG)
    assert done.code == 2
    assert "nothing to adopt" in done.err


def test_a_file_in_a_folder_that_cannot_be_written_says_so(drifted):
    (drifted.root / "flags").chmod(0o555)
    try:
        done = drifted.run("adopt", FLAG)
    finally:
        (drifted.root / "flags").chmod(0o755)
    assert done.code in {0, 2}  # root may write everywhere
    assert done.code == 0 or "cannot be written" in done.err


def test_for_machines(drifted):
    before = drifted.read(FILE)
    looked = drifted.run("adopt", FLAG, "--dry-run", "--format", "json").json
    assert drifted.read(FILE) == before
    done = drifted.run("adopt", FLAG, "--format", "json").json
    assert drifted.read(FILE) != before
    assert looked == done | {"written": False}
    assert (done["format"], done["flag"], done["file"]) == ("rolloutctl-adopt/1", FLAG, FILE)
    assert [(o["merchant"], o["value"]) for o in done["overrides"]] == [
        ("m01", False),
        ("m05", True),
    ]
    assert done["overrides"][0]["shop_domain"] == "shop-m01.example.com"
    assert done["left_alone"] == []


def test_where_nothing_can_be_adopted_it_says_why_in_every_format(drifted):
    drifted.run("halt", FLAG, "--reason", "harm")
    drifted.set_by_hand("m05", value=True)
    done = drifted.run("adopt", FLAG, "--format", "json")
    assert done.code == 5
    assert done.out == ""
    assert "a halt beats an override" in done.err
