"""What a benchmark found, against its goal."""

from dataclasses import dataclass

_MILLI = 1_000


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be.

    Attributes:
        at_most: Whether the figure is a ceiling; otherwise it is a floor.
    """

    figure: float
    at_most: bool

    def met_by(self, figure: float) -> bool:
        """Whether a measured figure is good enough."""
        return figure <= self.figure if self.at_most else figure >= self.figure


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    Attributes:
        what: What was measured, with its size.
        ours: What it took us.
        peer: What it is compared with, and what that took; empty for an absolute goal.
        figure: The ratio, or the absolute figure.
        unit: Of the figure, for example ` x`.
        goal: None where the size is only shown for its trend.
    """

    what: str
    ours: str
    peer: str
    figure: float
    unit: str
    goal: Goal | None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        return self.goal.met_by(self.figure) if self.goal else None


def at_most(what: str, ours: float, peer: tuple[str, float], limit: float | None) -> Result:
    """We take this many times as long as something, and should not take longer.

    Args:
        what: What was measured.
        ours: Our seconds.
        peer: What it is compared with, and its seconds.
        limit: The goal; None where there is none at this size.
    """
    goal = Goal(limit, at_most=True) if limit is not None else None
    return Result(what, seconds(ours), _with_seconds(peer), ours / peer[1], " x", goal)


def faster(what: str, ours: float, peer: tuple[str, float], limit: float | None) -> Result:
    """We are this many times as fast as something, and should not be slower; see `at_most`."""
    goal = Goal(limit, at_most=False) if limit is not None else None
    return Result(what, seconds(ours), _with_seconds(peer), peer[1] / ours, " x faster", goal)


def below(what: str, figure: float, unit: str, limit: float | None) -> Result:
    """A figure that should stay below a limit, whatever others do."""
    goal = Goal(limit, at_most=True) if limit is not None else None
    shown = f"{figure:.3g}{unit}" if unit != " s" else seconds(figure)
    return Result(what, shown, "", figure, unit, goal)


def seconds(amount: float) -> str:
    """Seconds for people: `1.23 s`, `45.6 ms`, `23.1 ns`."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if amount >= size:
            return (
                f"{amount / size:.3g} {unit}" if amount < _MILLI * size else f"{amount:.0f} {unit}"
            )
    return f"{amount * 1e9:.3g} ns"


def _with_seconds(peer: tuple[str, float]) -> str:
    return f"{peer[0]}: {seconds(peer[1])}"
