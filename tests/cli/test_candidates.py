"""`rolloutctl candidates`: in a company with a history, those are found whom a plain loop finds."""

import shutil
import uuid
from collections import defaultdict
from datetime import timedelta

import psycopg
import pytest

from controller.demo.company import generate
from tests.cli.desk import FLAG, Desk

FILE = f"rollout/{FLAG}.yaml"
DAY = timedelta(days=1)


@pytest.fixture(scope="session")
def company(server, template):
    """A database with merchants and two months of their runs; m01 and m07 are good pilots."""
    name = f"rolloutctl_company_{uuid.uuid4().hex[:12]}"
    url = server.create_database(name, template=template)
    with psycopg.connect(url) as connection:
        generate(connection, merchants=200, days=60, named=("m01", "m07"))
    yield name
    server.drop_database(name)


@pytest.fixture
def shop(server, company, repository, tmp_path):
    """One flag, off, that names m01 and excludes m07; a copy of the company."""
    name = f"rolloutctl_test_{uuid.uuid4().hex[:12]}"
    url = server.create_database(name, template=company)
    root = tmp_path / "shop"
    shutil.copytree(repository, root)
    desk = Desk.at(root, url)
    desk.edit(FILE, "phase: pilot\n", "phase: off\n")
    yield desk
    server.drop_database(name)


def asked(desk, *arguments):
    done = desk.run("candidates", FLAG, "--format", "json", *arguments)
    assert done.code == 0, done.err
    return done.json


def ids(document):
    return [one["merchant"] for one in document["candidates"]]


def by_hand(desk):
    """The deployment plan's step 2, merchant by merchant."""
    merchants = desk.sql(
        """SELECT id FROM "Merchant" WHERE "isActive"
           AND "createdAt" <= (now() AT TIME ZONE 'UTC') - interval '30 days'"""
    )
    runs = defaultdict(list)
    for merchant, status, age, took in desk.sql(
        """SELECT "merchantId", status, (now() AT TIME ZONE 'UTC') - "createdAt",
                  "completedAt" - "createdAt" FROM "WorkflowExecution"
           WHERE "createdAt" >= (now() AT TIME ZONE 'UTC') - interval '30 days'"""
    ):
        runs[merchant].append((status, age, took))
    volumes = sorted((len(of) for of in runs.values()), reverse=True)
    busy = [v for v in set(volumes) if sum(n >= v for n in volumes) * 10 <= len(volumes)]
    fit = set()
    for (merchant,) in merchants:
        of = runs[merchant]
        ended = [run for run in of if run[0] != "processing" or run[1] > timedelta(hours=4)]
        good = sum(run[0] == "completed" for run in ended)
        trouble = [run for run in ended if run[0] != "completed" and run[1] <= 7 * DAY]
        if (
            5 <= len(of) <= 20
            and len(of) < min(busy)
            and min(run[1] for run in of) <= 7 * DAY
            and good > 0.8 * len(ended)
            and not trouble
            and merchant not in {"m01", "m07"}
        ):
            fit.add(merchant)
    return fit


def test_those_are_fit_whom_a_plain_loop_finds(shop):
    expected = by_hand(shop)
    assert len(expected) > 50
    found = asked(shop, "--limit", "1000")
    fit = [one["merchant"] for one in found["candidates"] if one["fit"]]
    assert set(fit) == expected
    assert ids(found)[: len(fit)] == fit
    assert found["fit"] == len(fit)
    assert len(found["candidates"]) == found["merchants"]


def test_every_rule_is_told_for_every_merchant_with_its_reason(shop):
    found = asked(shop, "--limit", "1000")
    for one in found["candidates"]:
        assert len(one["reasons"]) == 12
        assert all(reason["text"] for reason in one["reasons"])
        assert one["fit"] is all(reason["for"] for reason in one["reasons"])


def test_the_list_says_who_and_what_to_type_next(shop):
    done = shop.run("candidates", FLAG, "--limit", "2")
    assert done.code == 0
    best = asked(shop, "--limit", "2")["candidates"]
    for one in best:
        assert one["merchant"] in done.out
        assert one["shop_domain"] in done.out
    assert f"rolloutctl candidates {FLAG} --write" in done.out
    assert max(map(len, done.out.splitlines())) <= 100


def test_rules_are_options(shop):
    assert asked(shop)["rules"]["runs_max"] == 20
    wide = asked(shop, "--max-runs", "60", "--busiest", "0%", "--limit", "1000")
    assert wide["fit"] > asked(shop)["fit"]
    runs = [one["runs"] for one in wide["candidates"] if one["fit"]]
    assert max(runs) > 20
    strict = asked(shop, "--min-age", "365d", "--limit", "1000")
    assert strict["fit"] < asked(shop)["fit"]


def test_who_is_chosen_or_excluded_is_not_fit_and_says_why(shop):
    best, second, third = ids(asked(shop, "--limit", "3"))
    shop.edit(FILE, "merchants: [m01]", f"merchants: [{best}]")
    shop.edit(FILE, "exclude: [m07]", f"exclude: [m07, {second}]")
    shop.write(
        f"flags/{FLAG}.yaml",
        shop.read(f"flags/{FLAG}.yaml")
        + f"overrides:\n  - {{merchant: {third}, value: false, reason: custom ERP}}\n",
    )
    found = {one["merchant"]: one for one in asked(shop, "--limit", "1000")["candidates"]}
    against = {
        merchant: [reason["rule"] for reason in found[merchant]["reasons"] if not reason["for"]]
        for merchant in (best, second, third)
    }
    assert against == {
        best: ["not_chosen"],
        second: ["not_excluded"],
        third: ["not_overridden"],
    }


def test_write_names_the_best_and_changes_only_that_line(shop):
    before = shop.read(FILE)
    (best,) = ids(asked(shop, "--limit", "1"))
    done = shop.run("candidates", FLAG, "--write")
    assert done.code == 0, done.err
    assert shop.read(FILE) == before.replace("[m01]", f"[m01, {best}]")
    assert "1 merchant named in phase pilot" in done.out
    assert "is live" not in done.out
    assert shop.run("validate").code == 0
    (other,) = ids(asked(shop, "--limit", "1"))
    assert other != best


def test_what_was_written_reaches_the_merchant_once_the_phase_is_entered(shop):
    named = asked(shop, "--write", "--limit", "2")["written"]["merchants"]
    shop.promote("off", "pilot")
    done = shop.run("reconcile")
    assert done.code == 0, done.out
    assert shop.on() == {"m01", *named}


def test_naming_in_a_live_phase_is_said_to_be_an_advance(shop):
    shop.promote("off", "pilot")
    done = shop.run("candidates", FLAG, "--write")
    assert done.code == 0
    assert "pilot is live in test" in " ".join(done.out.split())
    assert "it is an advance" in " ".join(done.out.split())
    assert asked(shop, "--write")["written"]["live_in"] == ["test"]


def test_fewer_fit_than_wanted_writes_nothing_and_shows_the_nearest(shop):
    before = shop.read(FILE)
    done = shop.run("candidates", FLAG, "--write", "--min-runs", "500", "--max-runs", "600")
    assert done.code == 5
    assert "0 of the 1 merchants wanted are fit" in done.err
    assert "against:" in done.err
    assert shop.read(FILE) == before


def test_who_is_named_in_a_later_phase_is_chosen_too(shop):
    (best,) = ids(asked(shop, "--limit", "1"))
    shop.edit(
        FILE, "  - {name: 10%", f"  - {{name: friends, merchants: [{best}]}}\n  - {{name: 10%"
    )
    found = asked(shop, "--limit", "1000")["candidates"]
    reasons = next(one["reasons"] for one in found if one["merchant"] == best)
    assert "named in phase friends already" in [reason["text"] for reason in reasons]


def test_nobody_with_runs_is_said_so(desk):
    done = desk.run("candidates", FLAG)
    assert done.code == 0
    assert "No merchant had a run in the last 30 d." in done.out
    assert desk.run("candidates", FLAG, "--write").code == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["other"], "the files have no flag other"),
        ([FLAG, "--active-within", "soon"], "--active-within"),
        ([FLAG, "--min-age", "999999999d"], "--min-age"),
        ([FLAG, "--success-above", "101%"], "--success-above"),
        ([FLAG, "--min-runs", "0"], "--min-runs"),
        ([FLAG, "--min-runs", "9", "--max-runs", "8"], "nobody has at least 9 and at most 8 runs"),
        ([FLAG, "--trouble-free", "31d"], "runs are counted for 30 days only"),
        ([FLAG, "--limit", "0"], "--limit"),
    ],
)
def test_wrong_input_is_said_and_nothing_is_written(desk, arguments, said):
    before = desk.read(FILE)
    done = desk.run("candidates", *arguments, "--write")
    assert (done.code, said in done.err) == (2, True), done.err
    assert desk.read(FILE) == before


def test_without_the_table_of_runs_it_says_what_to_mend(desk):
    desk.sql('DROP TABLE "WorkflowExecution" CASCADE')
    done = desk.run("candidates", FLAG)
    assert done.code == 5
    assert "the runs cannot be read" in done.err
    assert "workflow_data" in done.err


def test_a_status_that_nobody_explained_is_never_guessed(shop):
    shop.sql("UPDATE \"WorkflowExecution\" SET status = 'paused' WHERE status = 'failed'")
    done = shop.run("candidates", FLAG)
    assert done.code == 5
    assert "of a status that is not in the configuration" in done.err


def test_hostile_names_stay_text_and_are_never_written(shop):
    (best,) = ids(asked(shop, "--limit", "1"))
    shop.sql('UPDATE "Merchant" SET "shopDomain" = %s WHERE id = %s', "x\x1b]0;y\x07\u202e", best)
    out = shop.run("candidates", FLAG).out
    assert "\x1b" not in out
    assert "\u202e" not in out
    hostile = "a: [b]\n# c"
    shop.sql('UPDATE "Merchant" SET id = %s WHERE id = %s', hostile, best)
    found = asked(shop, "--limit", "1000")["candidates"]
    reasons = next(one["reasons"] for one in found if one["merchant"] == hostile)
    assert {
        "rule": "known",
        "for": False,
        "text": "its id cannot be written into a file",
    } in reasons
    assert shop.run("candidates", FLAG, "--write").code == 0
    assert "# c" not in shop.read(FILE)


def test_a_flag_without_a_rollout_can_be_looked_at_but_not_written(shop):
    (shop.root / FILE).unlink()
    done = shop.run("candidates", FLAG)
    assert done.code == 0
    assert f"write rollout/{FLAG}.yaml" in done.out
    assert shop.run("candidates", FLAG, "--write").code == 2


def test_a_first_phase_by_percentage_names_nobody(shop):
    shop.edit(FILE, "  - {name: pilot, merchants: [m01], soak: 2d}\n", "")
    done = shop.run("candidates", FLAG, "--write")
    assert done.code == 2
    assert "goes by percentage and names nobody" in done.err
    assert "{name: pilot, merchants: [ID]}" in done.err
    assert shop.run("candidates", FLAG).code == 0
