"""Gathering for `dashboard`: where every rollout stands, what its gate said, and how it came there.

Everything is read as `status`, `stale` and `history` read it. The gates' answers are those that the
ledger keeps; they are asked anew only where somebody wishes it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controller.domain.desired import Desired, DesiredFlag
from controller.domain.ledger import RunRecord
from controller.domain.staleness import Patience
from controller.domain.standing import Standing
from controller.errors import RolloutError
from controller.inquiry.gate import step_of, why_free
from controller.inquiry.judged import Judged, is_of_this_stay, read_judged
from controller.inquiry.staleness import StaleReport, look_for_stale
from controller.inquiry.status import Status, look
from controller.judging import Judgement, ask
from controller.merchant_store.interface import MerchantStore, StoredEvidence
from controller.ports import Ports

DETAILED: Final = 25
"""So many rollouts, the most urgent ones, are shown with all their evidence and history."""
JUDGEMENTS: Final = 30
"""So many judgements of a detailed rollout are read, the newest ones."""
RUNS: Final = 12
"""So many runs of a detailed rollout are read, the newest ones."""


@dataclass(frozen=True, slots=True)
class Board:
    """One rollout.

    Attributes:
        desired: What the files say; None where they have the flag no more.
        judged: The newest first; of a rollout that is not detailed at most one.
        runs: The newest first; empty for one that is not detailed.
        refusal: Why its gate could not be asked anew; None where it could, or need not.
    """

    standing: Standing
    desired: DesiredFlag | None
    judged: tuple[Judged, ...]
    runs: tuple[RunRecord, ...]
    refusal: RolloutError | None
    is_detailed: bool

    @property
    def newest(self) -> Judged | None:
        """The last judgement."""
        return self.judged[0] if self.judged else None

    @property
    def current(self) -> tuple[Judged, ...]:
        """The judgements about the stay in the present phase, the oldest first.

        What was judged of an earlier stay has begun to count at another time.
        """
        applied = self.standing.applied
        if applied is None:
            return ()
        return tuple(
            judged for judged in reversed(self.judged) if is_of(judged, applied.desired.phase, self)
        )


def is_of(judged: Judged, phase: str, board: Board) -> bool:
    """Whether a judgement is about a phase as it was entered last."""
    applied = board.standing.applied
    return applied is not None and judged.phase == phase and is_of_this_stay(judged, applied)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One environment.

    Attributes:
        boards: In the order of `status`: the most urgent first.
        others: The other environments; a flag's files are theirs, too.
        asked: Whether the gates were asked anew.
    """

    status: Status
    stale: StaleReport
    boards: tuple[Board, ...]
    others: tuple[str, ...]
    asked: bool


def gather(
    ports: Ports,
    desired: Desired,
    patience: Patience,
    *,
    others: tuple[str, ...] = (),
    asking: str | None = None,
) -> Dashboard:
    """Look at everything.

    Args:
        ports: The outside world.
        desired: What git says.
        patience: After how long a flag is stale.
        others: The other environments.
        asking: Who asks the gates anew, for the ledger; None leaves them alone.

    Raises:
        Refused: A flag's column has a type that no flag can live in, or there are no merchants.
        DatabaseUnreachable: The database did not answer.
    """
    answers = _ask(ports, desired, asking) if asking is not None else {}
    status = look(ports, desired)
    stale = look_for_stale(ports, desired, patience, None)
    kept = _look_up(ports.store, [standing.flag for standing in status.overview.standings])
    boards = tuple(
        _board(standing, desired, answers.get(standing.flag), kept)
        for standing in status.overview.standings
    )
    return Dashboard(status, stale, boards, others, asking is not None)


def _ask(ports: Ports, desired: Desired, actor: str) -> Mapping[str, Judgement | RolloutError]:
    """What the gates say now; flags without a gate to pass are left out."""
    with ports.store.snapshot() as snapshot:
        ledger, now = snapshot.ledger, snapshot.now
    found: dict[str, Judgement | RolloutError] = {}
    for flag in desired.flags:
        if why_free(step_of(flag, ledger, now, None)) is not None:
            continue
        try:
            found[flag.key] = ask(ports, desired, flag.key, actor=actor)
        except RolloutError as problem:
            found[flag.key] = problem
    return found


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the ledger keeps, read at once for all flags.

    Attributes:
        runs: Has an entry for each flag that is shown in full.
    """

    evidence: Mapping[str, Sequence[StoredEvidence]]
    runs: Mapping[str, Sequence[RunRecord]]


def _look_up(store: MerchantStore, flags: Sequence[str]) -> _Kept:
    """Three questions, however many flags there are."""
    detailed, listed = flags[:DETAILED], flags[DETAILED:]
    evidence: defaultdict[str, list[StoredEvidence]] = defaultdict(list)
    for stored in (
        *store.newest_evidence(detailed, limit=JUDGEMENTS),
        *store.newest_evidence(listed),
    ):
        evidence[stored.flag].append(stored)
    runs = store.newest_runs(detailed, limit=RUNS)
    return _Kept(evidence, {flag: runs.get(flag, ()) for flag in detailed})


def _board(
    standing: Standing, desired: Desired, answer: Judgement | RolloutError | None, kept: _Kept
) -> Board:
    judged = [read_judged(one) for one in kept.evidence.get(standing.flag, ())]
    if isinstance(answer, Judgement):
        judged += _unkept(answer, judged)
    judged.sort(key=lambda one: one.judged_at, reverse=True)
    return Board(
        standing=standing,
        desired=desired.find(standing.flag),
        judged=tuple(judged),
        runs=tuple(kept.runs.get(standing.flag, ())),
        refusal=answer if isinstance(answer, RolloutError) else None,
        is_detailed=standing.flag in kept.runs,
    )


def _unkept(answer: Judgement, judged: list[Judged]) -> Iterator[Judged]:
    """An answer that the ledger does not keep: the role may only read, for example."""
    if any(one.id == answer.id for one in judged):
        return
    report = answer.report
    yield Judged(
        id=answer.id,
        phase=report.phase,
        verdict=str(report.verdict),
        judged_at=report.judged_at,
        revision=None,
        actor="this page",
        evidence=answer.evidence,
        problem=answer.problem,
    )
