"""Finding a port's adapter by its name, among those that are installed.

Adapters are entry points, so that a company can publish its own without a fork; ours are found in
the same way. Only the one that is asked for is imported.
"""

import difflib
from dataclasses import dataclass
from importlib.metadata import EntryPoint, EntryPoints, entry_points

from controller.errors import UsageError


@dataclass(frozen=True, slots=True)
class Port:
    """What adapters are published for.

    Attributes:
        group: The entry point group in which an adapter publishes its class.
        noun: What one of them is called in messages.
    """

    group: str
    noun: str

    def load(self, name: str, installed: EntryPoints | None = None) -> object:
        """The class that an adapter of this name publishes.

        Args:
            name: The adapter's name.
            installed: The adapters to choose from; None for all that are installed.

        Raises:
            UsageError: There is no such adapter, more than one, or it cannot be imported.
        """
        known = entry_points(group=self.group) if installed is None else installed
        entry = self._find(name, known)
        try:
            return entry.load()
        except (ImportError, AttributeError) as error:
            raise UsageError(
                f"the {self.noun} {name!r} cannot be imported ({entry.value}): {error}",
                "reinstall the package that it comes from",
            ) from error

    def _find(self, name: str, known: EntryPoints) -> EntryPoint:
        found = {entry.value: entry for entry in known if entry.name == name}
        if len(found) > 1:
            raise UsageError(
                f"more than one {self.noun} named {name!r} is installed: "
                f"{', '.join(sorted(found))}",
                "uninstall all but one of the packages they come from",
            )
        if not found:
            names = sorted({entry.name for entry in known})
            close = difflib.get_close_matches(name, names, n=1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            raise UsageError(
                f"there is no {self.noun} named {name!r}{meant}",
                f"installed are: {', '.join(names) or 'none'}; another one comes with its package",
            )
        return next(iter(found.values()))
