"""`rolloutctl stale --open-pr`: the one pull request that removes the files of finished flags."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from controller.checking import Check
from controller.cli.pull_requests import forge_of_this_job, judged, opened_and_judged
from controller.cli.session import open_ports
from controller.config.loader import load
from controller.config.problems import ProblemsFound
from controller.domain.plan import FlagPlan, Move
from controller.domain.staleness import Patience
from controller.errors import UsageError
from controller.inquiry.finished import Finished, find_finished
from controller.inquiry.staleness import Checkout
from controller.proposing import REMOTE
from controller.render.escape import terminal
from controller.render.markdown.removal import removal_body
from controller.source_control import git
from controller.source_control.removal import Removal, draft_removal, keep


def open_tidy_up(
    root: Path, code: Path | None, patience: Patience, base_branch: str, actor: str
) -> None:
    """Open the pull request, or bring it up to date; with nothing to remove, say so.

    Args:
        root: The folder that holds `flags/` and `rollout/`.
        code: All of the app's code; what it still names is not removed.
        patience: How long is long.
        base_branch: What the pull request is to be merged into.
        actor: Who asks, for the ledger.

    Raises:
        UsageError: No code is given, or a variable is not set.
        Refused: Somebody else has added to the branch.
    """
    if code is None:
        raise UsageError(
            "--open-pr removes only what no code asks for, so it has to know the app's code",
            "rolloutctl stale --open-pr --code FOLDER, the app's git checkout",
        )
    finished = find_finished(
        load(root),
        git.revision(root),
        lambda environment: open_ports(environment, root, with_deploy_env=False),
        patience,
        Checkout(code, root),
    )
    made, check = _what_may_go(root, finished, base_branch, actor)
    if check is None or made.commit is None:
        click.echo("nothing to remove: no flag is finished everywhere and out of the code")
        return
    gone = [one for one in finished if one.key in made.flags]
    made = keep(root, made)
    with forge_of_this_job() as forge:
        body = removal_body(gone, _plans(check))
        opened = opened_and_judged(root, forge, made, base_branch, actor, body)
    if opened is not None:
        how = "brought up to date" if opened.was_open else "opened"
        url = terminal(opened.pull_request.url)
        click.echo(f"{terminal(made.title)}: pull request {how}: {url}")


def _what_may_go(
    root: Path, finished: tuple[Finished, ...], base_branch: str, actor: str
) -> tuple[Removal, Check | None]:
    """Without the flags that `check` would object to."""
    start = f"{REMOTE}/{base_branch}"
    keys = [one.key for one in finished if _can_go(root, one.key, start)]
    made = draft_removal(root, keys, start=start)
    while made.commit is not None:
        check, _ = judged(root, start, made.commit, actor)
        held = {o.flag: o.message for o in check.obstacles if o.flag in made.flags}
        if not held:
            return made, check
        for key, message in held.items():
            click.echo(f"{key}: stays: {terminal(message)}")
        made = draft_removal(root, sorted(set(made.flags) - held.keys()), start=start)
    return replace(made, commit=None), None


def _can_go(root: Path, key: str, start: str) -> bool:
    """Whether the files are right without it; an allowance in an environment's may name it."""
    try:
        draft_removal(root, [key], start=start)
    except ProblemsFound as found:
        problem = next(one for one in found.problems if one.is_error)
        said = f"{problem.place.file}:{problem.place.line}: {problem.message}"
        click.echo(f"{key}: stays: without it {terminal(said)}")
        return False
    return True


def _plans(check: Check) -> Mapping[str, Mapping[str, tuple[FlagPlan, int]]]:
    """What becomes of the released flags, by flag and environment."""
    found: dict[str, dict[str, tuple[FlagPlan, int]]] = {}
    for one in check.environments:
        plan = one.survey.plan if one.survey else None
        for flag in plan.flags if plan else ():
            if plan is not None and flag.move is Move.RELEASE:
                pair = (flag, plan.merchants)
                found.setdefault(flag.flag, {})[one.meaning.environment] = pair
    return found
