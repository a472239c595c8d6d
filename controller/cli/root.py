"""Finding the repository: the folder with flags/ and rollout/."""

from pathlib import Path

from controller.errors import UsageError


def find_root(start: Path) -> Path:
    """The folder with flags/ and rollout/: `start`, or the nearest one above it.

    Raises:
        UsageError: There is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "flags").is_dir() and (folder / "rollout").is_dir():
            return folder
    raise UsageError(
        f"neither {start} nor a folder above it has flags/ and rollout/",
        "go to the repository that holds them, name it with -C FOLDER, or begin one: "
        "rolloutctl init FOLDER",
    )
