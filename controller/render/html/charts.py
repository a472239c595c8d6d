"""Pictures of what a gate saw: intervals against target and floor, now and over time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from controller.domain.instants import format_instant
from controller.gate.report import CriterionResult
from controller.gate.words import rounded_down
from controller.render import gate_words
from controller.render.html.markup import Markup, tag

_WIDTH: Final = 200
_LOWEST: Final = 0.9
"""A scale of rates begins here at the latest, so that little things do not look big."""
_HIGH: Final = 110
_LEFT: Final = 34
_WIDE: Final = 290


@dataclass(frozen=True, slots=True)
class Point:
    """What one criterion said at one time."""

    at: datetime
    result: CriterionResult


def bounds(result: CriterionResult) -> tuple[float, float] | None:
    """Where the true rate lies, as `gate_words.interval` says it."""
    if result.all_runs is None:
        return None
    return (result.capped or result.all_runs).lower, result.all_runs.upper


def lowest(results: Iterable[CriterionResult]) -> float:
    """Where the scale begins on which all of them can be drawn: a multiple of ten percent."""
    values = [_LOWEST]
    for result in results:
        values += [value for value in (bounds(result) or ()) if value is not None]
        values += [share.basis_points / 10_000 for share in (result.floor, result.target) if share]
    return max(0, int(min(values) * 10) / 10)


def interval(result: CriterionResult, low: float) -> Markup | None:
    """One criterion: the interval as a bar, what was found as a dot, floor and target as lines."""
    found = bounds(result)
    if found is None or result.all_runs is None:
        return None
    x = [_along(value, low, 4, _WIDTH - 4) for value in found]
    parts = [tag("path", d=f"M4 12H{_WIDTH - 4}", class_="s-rule")]
    parts.append(tag("path", d=f"M{x[0]} 12H{x[1]}", class_="bar s-line"))
    for share, style in ((result.floor, "s-bad dash"), (result.target, "s-good")):
        if share is not None:
            at = _along(share.basis_points / 10_000, low, 4, _WIDTH - 4)
            parts.append(tag("path", d=f"M{at} 2V22", class_=style))
    rate = result.all_runs.tally.rate
    if rate is not None:
        at = _along(rate, low, 4, _WIDTH - 4)
        parts.append(tag("path", d=f"M{at} 12h0", class_="mid s-ink"))
    return _picture(sentence(result), parts, _WIDTH, 24)


def sentence(result: CriterionResult) -> str:
    """What the picture of one criterion shows."""
    share = result.all_runs
    said = f"{result.name}: {gate_words.good_of(share)} good" if share else result.name
    if share and share.tally.rate is not None:
        said += f" ({gate_words.rate(share)})"
    return f"{said}, true rate {gate_words.interval(result)}{_limits(result)}"


def over_time(points: Sequence[Point]) -> Markup:
    """One criterion as evidence came together; at least two points, the oldest first."""
    low = lowest(point.result for point in points)
    first, last = points[0], points[-1]
    length = (last.at - first.at).total_seconds() or 1
    xs = [
        round(_LEFT + 6 + (_WIDE - _LEFT - 12) * (p.at - first.at).total_seconds() / length, 1)
        for p in points
    ]
    parts = [tag("path", d=f"M{_LEFT} {_HIGH}H{_WIDE}M{_LEFT} 8H{_WIDE}", class_="s-rule")]
    parts += [
        tag("path", d=f"M{_LEFT} {_up(share.basis_points / 10_000, low)}H{_WIDE}", class_=style)
        for share, style in ((last.result.floor, "s-bad dash"), (last.result.target, "s-good"))
        if share is not None
    ]
    parts.append(tag("path", d=_bars(points, xs, low), class_="bar s-line"))
    parts.append(tag("path", d=_dots(points, xs, low), class_="mid s-ink"))
    parts += _axes(low, first.at, last.at)
    return _picture(story(points), parts, _WIDE + 10, _HIGH + 22)


def story(points: Sequence[Point]) -> str:
    """What the picture over time shows."""
    told = [
        f"{gate_words.interval(point.result)} after {gate_words.good_of(point.result.all_runs)} "
        f"good on {format_instant(point.at)}"
        for point in (points[0], points[-1])
        if point.result.all_runs
    ]
    last = points[-1].result
    return f"{last.name} over time, true rate: {', then '.join(told)}{_limits(last)}"


def bars(title: str, rows: Sequence[tuple[str, float, str, str]]) -> Markup:
    """Lengths side by side: a label, the length, how it is said, and its colour."""
    longest = max(length for _, length, _, _ in rows) or 1
    parts = []
    for number, (label, length, said, colour) in enumerate(rows):
        y = 14 + 40 * number
        parts.append(tag("text", f"{label}: {said}", x=0, y=y, class_="l"))
        wide = max(1, round(_WIDE * length / longest, 1))
        parts.append(tag("path", d=f"M0 {y + 12}h{wide}", class_=f"dot s-{colour} flat"))
    return _picture(title, parts, _WIDE, 40 * len(rows))


def _limits(result: CriterionResult) -> str:
    limits = (
        f"; floor {gate_words.percent(result.floor)}" if result.floor else "",
        f"; target {gate_words.percent(result.target)}" if result.target else "",
    )
    return "".join(limits)


def _along(value: float, low: float, left: float, right: float) -> float:
    return round(left + (right - left) * (min(max(value, low), 1) - low) / (1 - low), 1)


def _up(value: float, low: float) -> float:
    return _along(value, low, _HIGH, 8)


def _bars(points: Sequence[Point], xs: Sequence[float], low: float) -> str:
    found = ((x, bounds(point.result)) for x, point in zip(xs, points, strict=True))
    return "".join(f"M{x} {_up(b[0], low)}V{_up(b[1], low)}" for x, b in found if b)


def _dots(points: Sequence[Point], xs: Sequence[float], low: float) -> str:
    shares = ((x, point.result.all_runs) for x, point in zip(xs, points, strict=True))
    rates = ((x, share.tally.rate) for x, share in shares if share)
    return "".join(f"M{x} {_up(rate, low)}h0" for x, rate in rates if rate is not None)


def _axes(low: float, first: datetime, last: datetime) -> list[Markup]:
    ends = [format_instant(at).removesuffix(" UTC")[5:] for at in (first, last)]
    return [
        tag("text", "100 %", x=_LEFT - 4, y=12, class_="r"),
        tag("text", rounded_down(low), x=_LEFT - 4, y=_HIGH + 3, class_="r"),
        tag("text", ends[0], x=_LEFT, y=_HIGH + 17, class_="l"),
        tag("text", ends[1], x=_WIDE, y=_HIGH + 17, class_="r"),
    ]


def _picture(title: str, parts: Iterable[Markup], width: int, height: int) -> Markup:
    size = {"width": width, "height": height}
    return tag(
        "svg", tag("title", title), *parts, viewBox=f"0 0 {width} {height}", role="img", **size
    )
