"""`git revert` is the rollback: of every commit of a long history, on a real repository.

The history is one that people could have made: two flags that step up and down, exceptions, gates
and limits that change, branches that are merged. Each of its commits is applied to a real database,
and who has what then is kept. No gate would ever pass (there are no runs at all), every phase has
to soak, and the check may not even ask: a revert that only takes something away is green all the
same, and what it leaves is exactly what was there before.
"""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from controller.checking import Check, check
from controller.config.loader import load
from controller.domain.environment import Allowance, Environment, Guardrail
from controller.domain.merchant import Merchant
from controller.domain.targeting import decide
from controller.errors import DatabaseUnreachable, ExitCode
from controller.ports import Ports
from controller.source_control.comparison import compare
from tests.git_calls import GitRefusedError
from tests.workshop import COLUMN, ENVIRONMENT, FLAG, FLAG_FILE, Workshop, ladder

MERCHANTS: Final = tuple(f"m{number:04}" for number in range(1, 61))
LADDER: Final = ("off", "pilot", "10%", "50%", "100%")
COLUMNS: Final = {FLAG: COLUMN, "second": "enableSecond"}
COMMITS: Final = 14
LIFTED: Final = tuple(
    Allowance(name, None, "this is how it happened", "tester", None)
    for name in (Guardrail.ADVANCE_WITHOUT_GATE, Guardrail.SOAK_NOT_OVER)
)
GATE: Final = {"method": "deterministic", "min_runs": 3, "require": []}

Having = Mapping[str, frozenset[str]]


@dataclass
class History:
    """A repository that grows, and what its files say by now.

    Attributes:
        had: Who had what after each commit of `main`, as the database held it.
    """

    workshop: Workshop
    dice: random.Random
    at: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))
    overrides: dict[str, dict[str, bool]] = field(default_factory=lambda: {f: {} for f in COLUMNS})
    min_runs: int = 3
    had: list[tuple[str, Having]] = field(default_factory=list)

    def begin(self) -> None:
        self.workshop.merchants(*MERCHANTS)
        for flag in COLUMNS:
            self.write(flag)
        self.workshop.write("rollout/gates/small.yaml", GATE)
        self.workshop.commit("begin")
        self.keep()

    def live(self) -> None:
        """One more commit on `main`, applied."""
        kind = self.dice.choice(["up", "up", "up", "down", "off", "override", "policy", "merge"])
        if kind == "merge":
            self.merge()
        else:
            self.edit(kind, self.dice.choice(list(COLUMNS)))
            self.workshop.commit(kind)
        self.keep()

    def merge(self) -> None:
        """A branch of two commits, merged with a merge commit."""
        git = self.workshop.git
        git("checkout", "--quiet", "-B", "side")
        for flag in COLUMNS:
            self.edit(self.dice.choice(["up", "override"]), flag)
            self.workshop.commit("on a branch")
        git("checkout", "--quiet", "main")
        git("merge", "--quiet", "--no-ff", "--no-edit", "side")

    def edit(self, kind: str, flag: str) -> None:
        top = len(LADDER) - 1
        steps = {"up": min(self.at[flag] + 1, top), "down": max(self.at[flag] - 1, 0), "off": 0}
        self.at[flag] = steps.get(kind, self.at[flag])
        if kind == "override":
            merchant = self.dice.choice(MERCHANTS[:5])
            if self.overrides[flag].pop(merchant, None) is None:
                self.overrides[flag][merchant] = self.dice.random() < 0.5
        if kind == "policy":
            self.min_runs += 1
            gate = {**GATE, "min_runs": self.min_runs}
            self.workshop.write("rollout/gates/small.yaml", gate)
        self.write(flag)

    def write(self, flag: str) -> None:
        given: dict[str, Any] = {
            **FLAG_FILE,
            "key": flag,
            "merchant_config": {"column": COLUMNS[flag]},
            "overrides": [
                {"merchant": merchant, "value": value, "reason": "they asked"}
                for merchant, value in sorted(self.overrides[flag].items())
            ],
        }
        del given["deploy_env"]
        rollout = {
            "flag": flag,
            "phase": LADDER[self.at[flag]],
            "bucketing": {"salt": flag, "version": 1},
            "phases": [{**phase, "gate": "small"} for phase in ladder(soak="2d")],
        }
        self.workshop.write(f"flags/{flag}.yaml", given)
        self.workshop.write(f"rollout/{flag}.yaml", rollout)

    def keep(self) -> None:
        commit = self.workshop.git("rev-parse", "HEAD")
        assert self.workshop.reconcile(allowances=LIFTED).exit_code is ExitCode.DONE
        self.had.append((commit, in_database(self.workshop)))
        assert self.had[-1][1] == said_by_files(self.workshop)


def in_database(workshop: Workshop) -> Having:
    """Who has what, as the app would read it."""
    return {
        flag: frozenset(
            merchant
            for (merchant,) in workshop.sql(
                f'SELECT "merchantId" FROM "MerchantConfig" WHERE "{column}"'
            )
        )
        for flag, column in COLUMNS.items()
    }


def said_by_files(workshop: Workshop) -> Having:
    """Who should have what, by what is checked out."""
    now = datetime.now(UTC)
    created = now - timedelta(days=400)
    everyone = [Merchant(m, "", is_active=True, created_at=created) for m in MERCHANTS]
    desired = load(workshop.folder).desired(ENVIRONMENT)
    return {
        flag.key: frozenset(m.id for m in everyone if decide(flag, m, now, halted=False).value)
        for flag in desired.flags
    }


def judged_blindly(workshop: Workshop) -> Check:
    """Judge what is checked out against `main`, with a database that does not answer."""

    @contextmanager
    def refused(environment: Environment) -> Iterator[Ports]:
        raise DatabaseUnreachable("no answer", "is it up?")
        yield

    found = compare(workshop.folder, "main", "HEAD")
    return check(found, refused, datetime.now(UTC), actor="tester")


def takes_only(before: Having, after: Having) -> bool:
    return all(after[flag] <= before[flag] for flag in COLUMNS)


def phases(workshop: Workshop) -> dict[str, int]:
    desired = load(workshop.folder).desired(ENVIRONMENT)
    return {flag.key: LADDER.index(flag.phase) for flag in desired.flags}


def reverted(workshop: Workshop, commit: str) -> bool:
    """Revert a commit on what is checked out; False where git cannot, or there is nothing left."""
    parents = workshop.git("rev-list", "--parents", "--max-count=1", commit).split()[1:]
    mainline = ("--mainline", "1") if len(parents) > 1 else ()
    try:
        workshop.git("revert", "--no-edit", *mainline, commit)
    except GitRefusedError:
        workshop.git("reset", "--quiet", "--hard")
        return False
    return True


@pytest.fixture(params=[1, 2])
def history(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> History:
    """A history out of a seed, all of it applied."""
    workshop = Workshop.create(tmp_path / "repository", database)
    history = History(workshop, random.Random(request.param))
    history.begin()
    for _ in range(COMMITS):
        history.live()
    return history


def test_a_revert_that_only_takes_is_green_whatever_cannot_be_asked(history: History):
    """Of any commit, on top of today; and nothing else is green without having been asked."""
    workshop = history.workshop
    today, stand = history.had[-1][1], phases(workshop)
    made, green = 0, 0
    for commit, _ in history.had[1:]:
        workshop.git("checkout", "--quiet", "-B", "revert", "main")
        if not reverted(workshop, commit):
            continue
        made += 1
        then, found = said_by_files(workshop), judged_blindly(workshop)
        goes_up = any(phases(workshop)[flag] > stand[flag] for flag in COLUMNS)
        if takes_only(today, then) and not goes_up:
            assert found.may_merge, (commit, found.obstacles)
            green += 1
        else:
            assert not found.may_merge, commit
    assert made >= COMMITS // 3
    assert green >= 1


def test_reverting_the_newest_commits_brings_back_what_was(history: History):
    """One after the other, down to the first: each time exactly who had it then."""
    workshop = history.workshop
    for (commit, _), (_, earlier) in reversed(
        list(zip(history.had[1:], history.had, strict=False))
    ):
        now, stand = in_database(workshop), phases(workshop)
        if not reverted(workshop, commit):
            assert not workshop.git("diff", "--name-only", f"{commit}^", commit), "it was empty"
        goes_up = any(phases(workshop)[flag] > stand[flag] for flag in COLUMNS)
        lifted = () if takes_only(now, earlier) and not goes_up else LIFTED
        outcome = workshop.reconcile(allowances=lifted)
        assert outcome.exit_code is ExitCode.DONE, outcome.plan.standing
        assert in_database(workshop) == earlier
        assert not workshop.reconcile().plan.has_changes
