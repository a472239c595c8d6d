"""`make pictures`: the pictures of the README and the docs, from the real commands.

A company is founded, a rollout is lived through, and what people see on the way is photographed by
a headless Chromium. Written to docs/pictures/; committed, so that nobody needs a browser to read.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Final, Protocol

from controller.demo.company import Behaviour
from pictures import frame
from pictures.browser import CHROMIUM, Browser
from pictures.camera import photograph
from pictures.company import FLAG, Company, founded
from pictures.screen import Screen

FOLDER: Final = Path(__file__).parents[1] / "docs" / "pictures"
_ABOVE_THE_FOLD: Final = 1_085


class Photograph(Protocol):
    """Writes one picture."""

    def __call__(self, name: str, page: str, height: int | None = None) -> None:
        """Of a page in HTML, or of so many pixels from its top."""


def main() -> int:
    """Make every picture."""
    if not CHROMIUM.exists():
        sys.stderr.write(
            f"there is no {CHROMIUM}, and a picture of a page needs a browser\n"
            "  next: apt install chromium\n"
        )
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="pictures-") as folder,
        Browser.start() as browser,
        founded() as company,
    ):
        _live_through(company, _camera(browser, Path(folder)), Path(folder))
    return 0


def _live_through(company: Company, camera: Photograph, folder: Path) -> None:
    company.typed("reconcile")
    company.hours_pass(12, Behaviour.QUIET)
    _type(company, camera, "gate", "gate", FLAG)
    company.typed("promote", FLAG)
    branch = company.proposed()
    _propose(company, camera, "pull-request-held", branch)
    company.hours_pass(48, Behaviour.FLAWLESS, pace=40)
    _propose(company, camera, "pull-request", branch)
    company.merge(branch)
    _type(company, camera, "plan", "plan")
    company.typed("reconcile")
    company.hours_pass(2, Behaviour.GOOD, pace=60)
    company.runs_begin()
    _type(company, camera, "monitor", "monitor", FLAG, watch_for=8)
    company.hours_pass(48, Behaviour.FAILING, pace=15)
    _type(company, camera, "status", "status")
    company.typed("dashboard", "--ask", "--out", str(folder / "dashboard"))
    page = (folder / "dashboard" / "index.html").read_text(encoding="utf-8")
    camera("dashboard", page, height=_ABOVE_THE_FOLD)


def _propose(company: Company, camera: Photograph, name: str, branch: str) -> None:
    """The comment and the status of the pull request that would merge this branch."""
    sides = ("--base", "main", "--head", branch)
    answer = json.loads(company.said("check", *sides, "--format", "json"))
    markdown = company.said("check", *sides, "--format", "markdown")
    title = company.workplace.git("log", "-1", "--format=%s", branch).strip()
    camera(name, frame.comment(title, markdown, answer["because"], passes=answer["may_merge"]))


def _type(
    company: Company,
    camera: Photograph,
    name: str,
    *words: str,
    watch_for: float | None = None,
) -> None:
    screen = Screen()
    screen.write(company.typed(*words, watch_for=watch_for))
    camera(name, frame.terminal(f"rolloutctl {' '.join(words)}", screen.html()))


def _camera(browser: Browser, folder: Path) -> Photograph:
    def take(name: str, page: str, height: int | None = None) -> None:
        path = folder / f"{name}.html"
        path.write_text(page, encoding="utf-8")
        picture = photograph(browser, path.as_uri(), height=height)
        (FOLDER / f"{name}.png").write_bytes(picture)
        sys.stdout.write(f"docs/pictures/{name}.png  {len(picture) // 1024} kB\n")

    return take


if __name__ == "__main__":
    sys.exit(main())
