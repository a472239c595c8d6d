"""What every deploy environment must do, as tests: for ours, and for the adapter that you write.

    class TestMyAdapter(DeployEnvContract):
        @pytest.fixture
        def world(self):
            with MyFake() as fake:
                yield MyWorld(fake)

A `World` is the adapter together with the other side of it, so that the tests can compare what the
adapter says with what is really stored.
"""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from controller.deploy_env.interface import DeployEnv
from controller.domain.deploy import LIVE_TARGET, DeployAction, DeployChange, DeployState, Variable
from controller.errors import PartlyApplied, Refused, RolloutError, UsageError

NAME: Final = "SEQUENTIAL_WORKFLOW"
"""The variable that the tests manage."""

OTHER: Final = "SOMEBODY_ELSES"
"""A variable that must never be touched."""

HOSTILE: Final = (
    "",
    " ",
    " leading and trailing ",
    "two words",
    "#comment",
    "a #b",
    "it's",
    'say "no"',
    "both ' and \"",
    "$HOME ${HOME} $(id) `id`",
    "back\\slash \\n",
    "line\nbreak",
    "carriage\rreturn",
    "tab\tinside",
    "a=b=c",
    "null",
    "{}",
    "ünïcödé ✓ 😀",
    "right\u202eto\u202cleft",
    "x" * 5_000,
)
"""Values that a careless adapter mangles."""


class World(Protocol):
    """An adapter and what is behind it."""

    @property
    def targets(self) -> Sequence[str]:
        """Targets to test with, `production` among them."""

    def open(self) -> DeployEnv:
        """A new adapter on this world, as a new run of the program would make it."""

    def open_with(self, **options: str) -> DeployEnv:
        """A new adapter with other options besides those it needs."""

    def put(self, name: str, value: str, target: str) -> None:
        """Store a variable as somebody else would."""

    def stored(self, name: str, target: str) -> str | None:
        """What is really stored; None where nothing is."""

    def live(self, name: str) -> str | None:
        """What the app in production really runs with."""


def change(target: str, value: str, managed: Sequence[str] = (), name: str = NAME) -> DeployChange:
    """A step for one variable, as the plan makes it."""
    return DeployChange(
        flag="sequential_workflow",
        variable=name,
        target=target,
        action=DeployAction.UPDATE,
        after=value,
        enables=value == "1",
        managed=tuple(sorted(managed or (target,))),
    )


class DeployEnvContract:
    """Inherit from it, and give it a fixture `world`. No network but the world's own is used."""

    def test_nothing_is_stored_at_first(self, world: World) -> None:
        """A world without variables reads as one, not as an error."""
        _expect(_read(world).variables == (), "nothing is stored, but something was read")

    def test_shows_what_somebody_else_stored(self, world: World) -> None:
        """A value from outside is seen as it is, and for its target."""
        world.put(NAME, "0", LIVE_TARGET)
        _expect(_value(world, LIVE_TARGET) == "0", "the stored value was not read")

    def test_shows_only_what_is_wanted(self, world: World) -> None:
        """Variables that no flag names are nobody's business."""
        world.put(OTHER, "secret", LIVE_TARGET)
        _expect(_read(world).variables == (), "a variable was read that nobody asked for")

    def test_creates_each_target(self, world: World) -> None:
        """One step makes one target have the value."""
        env = world.open()
        for target in world.targets:
            env.write(change(target, "1", world.targets))
        env.close()
        for target in world.targets:
            _expect(world.stored(NAME, target) == "1", f"{target} does not have the value")
            _expect(_value(world, target) == "1", f"{target} does not read the value back")

    def test_updates_and_leaves_the_rest_alone(self, world: World) -> None:
        """Another variable keeps its value, to the last character."""
        world.put(OTHER, "keep me", LIVE_TARGET)
        world.put(NAME, "0", LIVE_TARGET)
        _write(world, change(LIVE_TARGET, "1", world.targets))
        _expect(world.stored(NAME, LIVE_TARGET) == "1", "the value was not updated")
        _expect(world.stored(OTHER, LIVE_TARGET) == "keep me", "somebody else's variable changed")

    def test_writing_twice_is_writing_once(self, world: World) -> None:
        """The second time finds it done."""
        for _ in range(2):
            _write(world, change(LIVE_TARGET, "1", world.targets))
        _expect(world.stored(NAME, LIVE_TARGET) == "1", "the value is not there any more")
        found = [v for v in _read(world).variables if LIVE_TARGET in v.targets]
        _expect(len(found) == 1, "there are two of them now")

    def test_goes_back(self, world: World) -> None:
        """Turning off works as turning on does."""
        for value in ("1", "0"):
            _write(world, change(LIVE_TARGET, value, world.targets))
        _expect(world.stored(NAME, LIVE_TARGET) == "0", "the value did not go back")

    def test_hostile_values_are_kept_or_refused(self, world: World) -> None:
        """A value arrives whole, or is refused and changes nothing; it is never mangled."""
        for value in HOSTILE:
            before = world.stored(NAME, LIVE_TARGET)
            try:
                _write(world, change(LIVE_TARGET, value, world.targets))
            except Refused:
                _expect(world.stored(NAME, LIVE_TARGET) == before, f"{value!r} was refused, but")
            else:
                _expect(world.stored(NAME, LIVE_TARGET) == value, f"{value!r} was mangled")
                _expect(_value(world, LIVE_TARGET) == value, f"{value!r} is read otherwise")

    def test_a_written_variable_reaches_the_app(self, world: World) -> None:
        """After redeploy, wait and verify the app runs with it, and the next read says so."""
        env = world.open()
        env.read({NAME: world.targets})
        env.write(change(LIVE_TARGET, "1", world.targets))
        env.wait_until_live(env.redeploy())
        env.verify({NAME: "1"})
        env.close()
        _expect(world.live(NAME) == "1", "the app does not run with it")
        state = _read(world)
        _expect(all(map(state.has_reached_app, state.variables)), "a redeploy is still pending")

    def test_verify_sees_another_value(self, world: World) -> None:
        """Production with another value, or none, is never verified."""
        for stored in (None, "0"):
            if stored is not None:
                world.put(NAME, stored, LIVE_TARGET)
            _expect_error(PartlyApplied, lambda: world.open().verify({NAME: "1"}))

    def test_unknown_options_are_refused(self, world: World) -> None:
        """A mistyped option is an error, never ignored."""
        _expect_error(UsageError, lambda: world.open_with(no_such_option="1"))

    def test_closes_twice(self, world: World) -> None:
        """Closing what is closed is no error."""
        env = world.open()
        env.close()
        env.close()


def _read(world: World) -> DeployState:
    env = world.open()
    try:
        return env.read({NAME: world.targets})
    finally:
        env.close()


def _write(world: World, step: DeployChange) -> None:
    env = world.open()
    try:
        env.write(step)
    finally:
        env.close()


def _value(world: World, target: str) -> str | None:
    found: list[Variable] = [v for v in _read(world).variables if target in v.targets]
    return found[0].value if found else None


def _expect(condition: bool, otherwise: str) -> None:  # noqa: FBT001 -- reads as a sentence
    if not condition:
        raise AssertionError(otherwise)


def _expect_error(kind: type[RolloutError], action: Callable[[], object]) -> None:
    try:
        action()
    except kind as error:
        _expect(bool(error.message and error.hint), "an error must say what to do next")
        return
    raise AssertionError(f"{kind.__name__} was expected")
