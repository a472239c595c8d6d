"""What somebody else changed, for the terminal."""

from collections.abc import Iterator

from controller.domain.drift import MerchantDrift, Origin
from controller.domain.instants import format_instant
from controller.domain.wording import counted
from controller.inquiry.drift import DriftReport, Witness, shown
from controller.render import drift_words
from controller.render.escape import terminal
from controller.render.explanation_words import on
from controller.render.terminal.style import bad, faint, good, strong, warn


def drift_text(report: DriftReport) -> str:
    """The whole report."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: DriftReport) -> Iterator[str]:
    yield (
        f"{strong(terminal(report.environment))} · generation {report.generation} · "
        f"{format_instant(report.now)}"
    )
    if report.deploy_problem is not None:
        yield warn(f"deploy environment: {terminal(report.deploy_problem.message)}")
    if not report.drift.is_found:
        known = "no drift: nobody else has changed a value"
        yield good(f"{known} of the database" if report.deploy_problem else known)
        return
    for found in report.drift.merchants:
        yield from _merchants(found, report)
    yield from _variables(report)
    yield from _next_steps(report)


def _merchants(found: MerchantDrift, report: DriftReport) -> Iterator[str]:
    count = counted(len(found.merchants))
    origin = drift_words.ORIGINS[found.origin]
    yield ""
    yield f"{strong(found.flag)}  {bad(f'{count} {on(found.value)}')}, {origin}"
    for merchant in shown(found):
        yield _merchant(merchant, report.witnesses.get((found.flag, merchant)))
    if more := len(found.merchants) - len(shown(found)):
        yield faint(f"    and {more:,} more")


def _merchant(merchant: str, witness: Witness | None) -> str:
    if witness is None or witness.merchant is None:
        return f"    {terminal(merchant)}"
    name = f"{terminal(merchant)}  {terminal(witness.merchant.shop_domain)}"
    return f"    {name}  {faint(drift_words.author(witness.authorship))}"


def _variables(report: DriftReport) -> Iterator[str]:
    if report.drift.variables:
        yield ""
        yield strong("deploy environment")
    for found in report.drift.variables:
        yield f"  {bad(terminal(drift_words.variable(found)))}"


def _next_steps(report: DriftReport) -> Iterator[str]:
    yield ""
    yield "  put it back:  rolloutctl reconcile"
    kept = (
        found.flag for found in report.drift.merchants if found.origin is not Origin.DURING_HALT
    )
    for flag in sorted(set(kept)):
        yield f"  or keep it:   rolloutctl adopt {flag}"
