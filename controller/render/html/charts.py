"""Pictures of what a gate saw: intervals against target and floor, now and over time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from controller.domain.instants import format_instant
from controller.gate.report import CriterionResult
from controller.gate.words import rounded_down
from controller.render import gate_words
from controller.render.html.markup import Markup, tag

_WIDTH: Final = 240
_LOWEST: Final = 0.9
"""A scale of rates begins here at the latest, so that little things do not look big."""
_HIGH: Final = 130
_TOP: Final = 12
_LEFT: Final = 44
_WIDE: Final = 270
_NAMES: Final = 78
_LONG: Final = 340
_ROOM: Final = 13
"""A line of text needs so much height."""


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
    x = [_along(value, low, 6, _WIDTH - 6) for value in found]
    parts = [tag("path", d=f"M2 14H{_WIDTH - 2}", class_="s-rule")]
    parts.append(tag("path", d=f"M{x[0]} 14H{x[1]}", class_="bar s-line"))
    for share, style in ((result.floor, "s-bad dash"), (result.target, "s-good")):
        if share is not None:
            at = _along(share.basis_points / 10_000, low, 6, _WIDTH - 6)
            parts.append(tag("path", d=f"M{at} 3V25", class_=style))
    rate = result.all_runs.tally.rate
    if rate is not None:
        at = _along(rate, low, 6, _WIDTH - 6)
        parts.append(tag("path", d=f"M{at} 14h0", class_="mid s-ink"))
    parts.append(tag("text", rounded_down(low), x=0, y=39, class_="l"))
    parts.append(tag("text", "100 %", x=_WIDTH, y=39, class_="r"))
    return _picture(sentence(result), parts, _WIDTH, 42)


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
        round(_LEFT + 8 + (_WIDE - _LEFT - 16) * (p.at - first.at).total_seconds() / length, 1)
        for p in points
    ]
    parts = [tag("path", d=f"M{_LEFT} {_HIGH}H{_WIDE}M{_LEFT} {_TOP}H{_WIDE}", class_="s-rule")]
    parts.append(tag("path", d=_band(points, xs, low), class_="band"))
    parts += [
        tag("path", d=f"M{_LEFT} {_up(share, low)}H{_WIDE}", class_=f"{style} thin")
        for share, style in (
            (_share(last, "floor"), "s-bad dash"),
            (_share(last, "target"), "s-good"),
        )
        if share is not None
    ]
    found = _dots(points, xs, low)
    line = "M" + "L".join(f"{x} {y}" for x, y in found)
    parts.append(tag("path", d=line, class_="thin s-ink"))
    parts.append(tag("path", d="".join(f"M{x} {y}h0" for x, y in found), class_="mid s-ink"))
    parts += _axes(points, low)
    return _picture(story(points), parts, _WIDE + _NAMES, _HIGH + 22)


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
        y = 12 + 42 * number
        parts.append(tag("text", label, x=0, y=y, class_="l"))
        parts.append(tag("text", said, x=_LONG, y=y, class_="r here"))
        wide = max(1, round(_LONG * length / longest, 1))
        parts.append(tag("path", d=f"M0 {y + 13}H{_LONG}", class_="flat s-page"))
        parts.append(tag("path", d=f"M0 {y + 13}h{wide}", class_=f"flat s-{colour}"))
    return _picture(title, parts, _LONG, 42 * len(rows) - 8)


def _limits(result: CriterionResult) -> str:
    limits = (
        f"; floor {gate_words.percent(result.floor)}" if result.floor else "",
        f"; target {gate_words.percent(result.target)}" if result.target else "",
    )
    return "".join(limits)


def _along(value: float, low: float, left: float, right: float) -> float:
    return round(left + (right - left) * (min(max(value, low), 1) - low) / (1 - low), 1)


def _up(value: float, low: float) -> float:
    return _along(value, low, _HIGH, _TOP)


def _band(points: Sequence[Point], xs: Sequence[float], low: float) -> str:
    """The area in which the true rate lay: along its upper edge, and back along the lower one."""
    edges = [(x, b) for x, b in zip(xs, (bounds(p.result) for p in points), strict=True) if b]
    upper = [f"{x} {_up(b[1], low)}" for x, b in edges]
    lower = [f"{x} {_up(b[0], low)}" for x, b in reversed(edges)]
    return f"M{'L'.join(upper + lower)}Z"


def _dots(points: Sequence[Point], xs: Sequence[float], low: float) -> list[tuple[float, float]]:
    shares = ((x, point.result.all_runs) for x, point in zip(xs, points, strict=True))
    rates = ((x, share.tally.rate) for x, share in shares if share)
    return [(x, _up(rate, low)) for x, rate in rates if rate is not None]


def _share(point: Point, name: str) -> float | None:
    limit = point.result.floor if name == "floor" else point.result.target
    return limit.basis_points / 10_000 if limit else None


def _axes(points: Sequence[Point], low: float) -> Iterator[Markup]:
    """Times below, rates to the left, and the limits by name to the right, never one on another."""
    last = points[-1]
    ends = [format_instant(p.at).removesuffix(" UTC")[5:] for p in (points[0], last)]
    yield tag("text", "100 %", x=_LEFT - 6, y=_TOP + 4, class_="r")
    yield tag("text", rounded_down(low), x=_LEFT - 6, y=_HIGH + 4, class_="r")
    yield tag("text", ends[0], x=_LEFT, y=_HIGH + 18, class_="l")
    yield tag("text", ends[1], x=_WIDE, y=_HIGH + 18, class_="r")
    floor, target = _share(last, "floor"), _share(last, "target")
    above = _up(target, low) + 4 if target is not None else 0.0
    if target is not None:
        said = f"target {gate_words.percent(last.result.target)}"
        yield tag("text", said, x=_WIDE + 6, y=above, class_="l good")
    if floor is not None:
        said = f"floor {gate_words.percent(last.result.floor)}"
        y = max(_up(floor, low) + 4, above + _ROOM)
        yield tag("text", said, x=_WIDE + 6, y=y, class_="l bad")


def _picture(title: str, parts: Iterable[Markup], width: int, height: int) -> Markup:
    size = {"width": width, "height": height}
    return tag(
        "svg", tag("title", title), *parts, viewBox=f"0 0 {width} {height}", role="img", **size
    )
