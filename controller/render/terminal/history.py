"""Who changed what, when and why, for the terminal."""

from collections.abc import Iterable, Iterator

from controller.domain.instants import format_instant
from controller.domain.ledger import ChangeRecord, RunRecord
from controller.inquiry.history import MerchantHistory
from controller.render import run_words, words
from controller.render.escape import terminal
from controller.render.explanation_words import on
from controller.render.terminal.style import bad, faint, good, strong

_NOTHING = "nothing recorded yet"


def runs_text(runs: Iterable[RunRecord]) -> str:
    """Runs, in the order given."""
    return "".join(f"{line}\n" for run in runs for line in _run(run)) or f"{_NOTHING}\n"


def merchant_text(history: MerchantHistory) -> str:
    """What happened to one merchant."""
    name = terminal(history.shop_domain) if history.shop_domain else "deleted"
    lines = [f"{strong(terminal(history.merchant))}  {name}", *map(_change, history.changes)]
    return "\n".join(lines if history.changes else [*lines, f"  {_NOTHING}"]) + "\n"


def _run(run: RunRecord) -> Iterator[str]:
    kind = bad(terminal(run.kind)) if run.kind == "halt" else strong(terminal(run.kind))
    revision = f"  revision {terminal(words.revision(run.revision))}" if run.revision else ""
    yield (
        f"{run.generation:>6}  {format_instant(run.at)}  {kind}  by {terminal(run.actor)}"
        f"{faint(revision)}"
    )
    for sentence in run_words.story(run):
        yield f"        {terminal(sentence)}"


def _change(change: ChangeRecord) -> str:
    value = good(on(change.value)) if change.value else on(change.value)
    return (
        f"{change.generation:>6}  {format_instant(change.at)}  {terminal(change.flag)} {value}  "
        f"({words.why(change.value, change.cause)})"
    )
