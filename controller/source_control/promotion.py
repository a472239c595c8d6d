"""Promotion: a flag goes to its next phase, by the one line that says so.

Nothing is judged here but the ladder. The gate judges the pull request, and again what is merged.
"""

from pathlib import Path

from controller.config.loader import load_files
from controller.config.phase_edit import set_phase
from controller.config.problems import did_you_mean
from controller.domain.rollout import OFF
from controller.errors import Refused, UsageError
from controller.source_control.ground import Ground, stand_on
from controller.source_control.proposal import FileChange, Proposal, State, tree_with, write


def promote(
    root: Path,
    flag: str,
    *,
    to: str | None = None,
    environment: str | None = None,
    start: str = "HEAD",
    dry_run: bool = False,
) -> Proposal:
    """Propose that a flag goes to its next phase.

    Args:
        root: The folder that holds `flags/` and `rollout/`; only commits are read and made, what is
            checked out stays as it is.
        flag: The flag's key.
        to: The next phase, to be sure; found by itself without it.
        environment: Where; see `ground.stand_on`.
        start: The revision to make it on.
        dry_run: Whether to leave out the commit and the branch.

    Raises:
        Refused: It would skip a phase, there is no next one, or the branch holds something else.
        ProblemsFound: The files are wrong, before or after it.
        UsageError: There is no such phase, flag, environment or revision.
    """
    ground = stand_on(root, start, flag, environment)
    target = _target(ground, to)
    title = f"Promote {flag} from {ground.flag.phase} to {target} in {ground.where}"
    draft = Proposal(
        flag=flag,
        environments=ground.environments,
        from_phase=ground.flag.phase,
        to_phase=target,
        start=ground.start,
        branch=ground.branch("promote", target),
        commit=None,
        files=(),
        state=State.NOTHING_TO_DO,
        title=title,
    )
    return draft if target == ground.flag.phase else _made(ground, draft, dry_run=dry_run)


def _target(ground: Ground, to: str | None) -> str:
    rollout, key = ground.rollout, ground.flag.key
    names = (OFF, *(phase.name for phase in rollout.phases))
    if to is not None and to not in names:
        raise UsageError(f"{key} has no phase {to}", did_you_mean(to, names))
    position = rollout.position if to is None else rollout.position_of(to)
    if position < rollout.position:
        raise UsageError(
            f"{key} is at {rollout.phase} in {ground.where}; {to} is below it",
            f"rolloutctl rollback {key}",
        )
    if to == rollout.phase:
        return to
    following = _next(ground)
    if to is not None and to != following:
        raise Refused(
            f"{key} is at {rollout.phase} in {ground.where}: going to {to} at once would skip "
            f"{following}",
            f"rolloutctl promote {key} --to {following}",
        )
    return following


def _next(ground: Ground) -> str:
    following = ground.rollout.phases[ground.rollout.position :]
    if following:
        return following[0].name
    raise Refused(
        f"{ground.flag.key} is at {ground.rollout.phase} in {ground.where}, the last phase",
        "to turn it on for everyone through the deploy environment, write `global: true` in "
        f"flags/{ground.flag.key}.yaml",
    )


def _made(ground: Ground, draft: Proposal, *, dry_run: bool) -> Proposal:
    before = ground.text(ground.file)
    after = set_phase(before, draft.to_phase, ground.only, ground.configuration.environments)
    load_files({**ground.sources.files, ground.file: after.encode()})
    tree = tree_with(ground.root, ground.start, {ground.file: after.encode()})
    return write(
        ground.root, draft, tree, (FileChange(ground.file, before, after),), dry_run=dry_run
    )
