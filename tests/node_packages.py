"""Packages of npm, for tests that hold us against other people's programs.

They skip, visibly, where node is missing or nothing can be installed.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


def installed(name: str, *packages: str) -> Path:
    """The `node_modules` with these packages, installed once a machine, outside the repository.

    Args:
        name: Of the folder, their versions included.
        packages: As npm takes them, each with its version.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rolloutctl-tests"
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / name
    problem = None if folder.exists() else _install(folder, packages)
    if problem:
        pytest.skip(problem)
    return folder / "node_modules"


def _install(folder: Path, packages: tuple[str, ...]) -> str | None:
    """Install into the folder, whole or not at all; why it cannot be, if so."""
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
    listed = " ".join(packages)
    beside = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        subprocess.run(
            [*command, "--prefix", str(beside), *packages],
            check=True,
            capture_output=True,
            text=True,
            timeout=180,
        )
        with contextlib.suppress(OSError):  # another worker was faster
            beside.rename(folder)
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or ["no reason given"]
        return f"npm cannot install {listed}: {lines[-1]}"
    except subprocess.TimeoutExpired:
        return f"npm did not install {listed} in time"
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return None
