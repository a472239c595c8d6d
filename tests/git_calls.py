"""git as tests call it: always by the same person, and by nobody's own settings."""

import os
import subprocess
from pathlib import Path

_PERSON = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


class GitRefusedError(Exception):
    """git did not do it; its own words."""


def run_git(folder: Path, *arguments: str, given: bytes | None = None) -> str:
    """What it prints."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **_PERSON},
        input=given,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise GitRefusedError(done.stderr.decode())
    return done.stdout.decode().strip()
