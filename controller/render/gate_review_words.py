"""What reviewers of a gate see, in words: what it would do, what it would have done, and recounts.

Nothing here is escaped; see `gate_words.py`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from controller.domain.instants import format_instant
from controller.domain.wording import counted
from controller.gate import words
from controller.gate.backtest import Replay
from controller.gate.characteristics import Characteristics, OperatingPoint, summary
from controller.gate.evidence import Evidence, Recomputation
from controller.gate.verdict import Verdict
from controller.inquiry.gate_review import Preview
from controller.render.gate_words import title

POINT_TITLES = ("good runs", "passes", "rollback", "undecided", "runs, if it passes", "time")
REPLAY_TITLES = ("judged", "", "said then", "would say")
_LONGEST = 300
"""Characters of a difference that are shown; the JSON form has all."""


def preview_title(preview: Preview) -> str:
    """Which gate, and what it would have to judge by."""
    gate = f"gate {preview.gate} of phase {preview.phase}"
    traffic = preview.traffic
    if traffic is None:
        return gate
    merchants = counted(traffic.merchants, "merchant")
    return f"{gate}, about {merchants} with {traffic.runs_per_day:.3g} runs a day together"


def preview_gist(preview: Preview) -> str:
    """What it would do, in one sentence; nothing where it makes no sense, as its flaws say."""
    found = preview.characteristics
    return f"It {summary(found)}." if found.points else ""


def flaws(found: Characteristics) -> tuple[str, ...]:
    """What is wrong with a gate, one sentence each."""
    return tuple(f"{flaw.message[:1].upper()}{flaw.message[1:]}." for flaw in found.flaws)


def point(point: OperatingPoint) -> tuple[str, ...]:
    """One line of the table of what a gate does; the columns are `POINT_TITLES`."""
    low, high = point.usual_runs or (None, None)
    wait = point.usual_wait
    return (
        words.whole_percent(point.quality),
        words.probability(point.passes),
        words.probability(point.fails),
        words.probability(max(0.0, 1 - point.passes - point.fails)),
        "" if low is None or high is None else _span(f"{low:,}", f"{high:,}"),
        _span(*map(words.duration, wait)) if wait else "",
    )


def replays(found: Iterable[Replay]) -> list[tuple[str, ...]]:
    """Judgements of the past, those alike in a row together; the columns are `REPLAY_TITLES`."""
    rows: list[tuple[str, ...]] = []
    for (was, now), alike in groupby(found, key=lambda r: (r.was, _now(r))):
        same = list(alike)
        first, last = format_instant(same[0].at), format_instant(same[-1].at)
        times = f"{len(same):,} times" if len(same) > 1 else ""
        rows.append((_span(first, last), times, title(was), now))
    return rows


def replay_gist(found: Sequence[Replay]) -> str:
    """How many judgements would have been other ones."""
    judged = [replay for replay in found if replay.report is not None]
    turned = Counter(
        f"{title(replay.was)} to {title(replay.report.verdict)}"
        for replay in judged
        if replay.report is not None and replay.changed
    )
    text = f"{counted(len(found), 'judgement')} of the past"
    if left := len(found) - len(judged):
        text += f", {left:,} of them without what this gate asks for"
    if not judged:
        return f"{text}."
    if not turned:
        return f"{text}; this gate would have said the same."
    changes = ", ".join(f"{number:,} from {change}" for change, number in turned.items())
    return f"{text}; this gate would have said otherwise in {turned.total():,}: {changes}."


def recomputed(evidence: Evidence, found: Recomputation) -> str:
    """Whether today's program says the same, in one sentence."""
    report = evidence.report
    what = f"{report.flag} at {report.phase}, judged {format_instant(evidence.now)}"
    if not found.differences:
        return f"{what}: recomputed, and everything is the same: {title(report.verdict)}."
    if found.same_decision:
        return f"{what}: recomputed, every verdict is the same, some words or figures are not."
    return (
        f"{what}: recomputed, and a verdict is another one. It was {title(report.verdict)}, "
        f"today's program says {title(found.report.verdict)}."
    )


def differences(found: Recomputation) -> tuple[tuple[str, str, str], ...]:
    """Every difference: its path, what was and what is; verdicts first, long texts cut."""
    ordered = sorted(found.differences, key=lambda d: (not d.path.endswith("verdict"), d.path))
    return tuple((d.path, _cut(d.stored), _cut(d.recomputed)) for d in ordered)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... ({len(text):,} characters)"


def _now(replay: Replay) -> str:
    if replay.report is None:
        return f"cannot be said without {', '.join(replay.missing)}"
    verdict: Verdict = replay.report.verdict
    return title(verdict) if replay.changed else "the same"


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"
