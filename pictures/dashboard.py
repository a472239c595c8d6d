"""Pictures of the dashboard: of each kind of company, at three widths, in both colour schemes.

`python -m pictures.dashboard FOLDER [KIND ...]` writes them.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from controller.inquiry.dashboard import Dashboard
from controller.render.html.page import page
from pictures.browser import Browser
from tests.render.gate_reports import HOSTILE
from tests.render.html import boards

WIDTHS: Final = (360, 768, 1280)
"""A phone, a tablet, a desk."""
COMPANIES: Final[Mapping[str, Callable[[], Dashboard]]] = {
    "trouble": boards.trouble,
    "hostile": lambda: boards.trouble(HOSTILE[0]),
    "empty": lambda: boards.dashboard(()),
    "many": lambda: boards.many(40, 3),
}
"""One company of each kind, as what was gathered about it."""


def write(folder: Path, kinds: Iterable[str] = COMPANIES) -> list[Path]:
    """Write the pictures; the paths of them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with Browser.start() as browser:
        for kind in kinds:
            path = folder / f"{kind}.html"
            path.write_text(page(COMPANIES[kind]()), encoding="utf-8")
            for dark in (False, True):
                for width in WIDTHS:
                    shown = browser.open(path.resolve().as_uri(), width, dark=dark)
                    name = f"{kind}-{width}-{'dark' if dark else 'light'}.png"
                    (folder / name).write_bytes(shown.picture())
                    written.append(folder / name)
    return written


if __name__ == "__main__":
    for made in write(Path(sys.argv[1]), sys.argv[2:] or COMPANIES):
        sys.stdout.write(f"{made}\n")
