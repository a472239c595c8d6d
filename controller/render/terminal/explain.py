"""Why one merchant has each flag or not, for the terminal."""

from collections.abc import Iterator

from controller.domain.explanation import Agreement, Explanation
from controller.domain.instants import format_instant
from controller.inquiry.merchant import Inquiry
from controller.render import explanation_words, standing_words, words
from controller.render.escape import terminal
from controller.render.terminal.style import bad, faint, good, strong, warn


def explain_text(inquiry: Inquiry) -> str:
    """Everything about one merchant."""
    return "\n".join(_lines(inquiry)) + "\n"


def _lines(inquiry: Inquiry) -> Iterator[str]:
    merchant = inquiry.merchant
    activity = "active" if merchant.is_active else "not active"
    yield (
        f"{strong(terminal(merchant.shop_domain))}  {terminal(merchant.id)}  {activity}, created "
        f"{format_instant(merchant.created_at)}"
    )
    yield faint(
        f"{terminal(inquiry.environment)} · generation {inquiry.generation} · "
        f"{format_instant(inquiry.now)}"
    )
    if older := standing_words.files(inquiry.files):
        yield warn(older)
    for explanation in inquiry.explanations:
        yield ""
        yield f"{strong(explanation.flag)}  {_has(explanation)}"
        for label, text in _facts(explanation):
            yield f"  {label:<12}{text}"


def _has(explanation: Explanation) -> str:
    has = explanation.app_has
    text = explanation_words.on(has).upper()
    if has is None:
        return warn(text)
    return good(text) if has else text


def _facts(explanation: Explanation) -> Iterator[tuple[str, str]]:
    decision, wanted = explanation.decision, explanation_words.on(explanation.should_have)
    if explanation.halt:
        yield "halted", bad(terminal(words.halted(explanation.halt)))
    yield "should be", f"{wanted}: {terminal(explanation_words.because(explanation))}"
    yield "phase", explanation.phase
    if decision.bucket is not None:
        yield "bucket", f"{decision.bucket} (0 to 9999)"
        yield "eligible", explanation_words.eligible(explanation)
    if explanation.expired:
        old = explanation.expired
        meant = explanation_words.on(old.value)
        yield "override", f"{meant}, expired after {old.expires}: {terminal(old.reason)}"
    if explanation.column:
        yield "database", _database(explanation)
    for value in explanation.found.globals:
        yield "deploy env", terminal(explanation_words.global_value(value))
    yield "state", _state(explanation)
    for number, phase in enumerate(explanation.later):
        yield "" if number else "later", explanation_words.later(explanation, phase)


def _database(explanation: Explanation) -> str:
    value, ours = explanation.found.value, explanation.found.authorship.ours
    held = "no row or value, so off" if value is None else str(value).lower()
    text = f"{explanation.column}: {held}"
    if ours is None:
        return f"{text}; never written by rolloutctl"
    wrote = explanation_words.on(ours.value)
    return (
        f"{text}; rolloutctl turned it {wrote} at {format_instant(ours.at)} "
        f"(generation {ours.generation}, {words.why(ours.value, ours.cause)})"
    )


def _state(explanation: Explanation) -> str:
    text = explanation_words.agreement(explanation)
    match explanation.agreement:
        case Agreement.DRIFT:
            return bad(text)
        case Agreement.PENDING:
            return warn(text)
        case _:
            return text
