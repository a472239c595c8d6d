"""A real browser shows the page: nothing overflows, is fetched, or is complained of."""

import html
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from controller.render.html.page import page
from controller.render.html.style import DARK, LIGHT
from tests.render.gate_reports import HOSTILE
from tests.render.html.boards import dashboard, many, trouble

CHROMIUM = Path("/usr/bin/chromium")
WIDTHS = (360, 768, 1280)
PAGES = {
    "trouble": trouble,
    "hostile": lambda: trouble(HOSTILE[0]),
    "empty": lambda: dashboard(()),
    "many": lambda: many(40, 3),
}
_MEASURE = """
<!doctype html><title>m</title><pre></pre><script>
addEventListener("load", () => {
  const found = [...document.querySelectorAll("iframe")].map((frame) => {
    const page = frame.contentDocument, view = frame.contentWindow;
    return {
      wide: page.documentElement.scrollWidth, inner: view.innerWidth,
      outside: [...page.querySelectorAll("main *")]
        .filter((e) => !e.closest(".wide, svg, thead"))
        .filter((e) => e.getBoundingClientRect().right > view.innerWidth + 1)
        .map((e) => e.outerHTML).slice(0, 3),
      fetched: view.performance.getEntriesByType("resource").length,
      ground: view.getComputedStyle(page.body).backgroundColor,
      scripts: page.scripts.length,
    };
  });
  document.querySelector("pre").textContent = "MEASURED" + JSON.stringify(found) + "END";
});
</script>
"""


def look(folder, shown, *, dark):
    """The page in a frame of each width: what the browser says of it, and what it complained of."""
    if not CHROMIUM.exists():
        pytest.skip("there is no /usr/bin/chromium to look at the page with")
    source = html.escape(shown)
    frames = "".join(
        f'<iframe width="{width}" height="900" frameborder="0" srcdoc="{source}"></iframe>'
        for width in WIDTHS
    )
    (folder / "frames.html").write_text(_MEASURE + frames, encoding="utf-8")
    done = subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--enable-logging=stderr",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            f"--user-data-dir={folder / 'profile'}",
            "--virtual-time-budget=5000",
            "--dump-dom",
            (folder / "frames.html").as_uri(),
        ],
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (measured,) = re.findall(r"<pre>MEASURED(.*)END</pre>", done.stdout, re.DOTALL)
    return json.loads(html.unescape(measured)), re.findall(r".*CONSOLE.*", done.stderr)


def rgb(colour):
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_it_fits_and_is_silent_at_every_width(tmp_path, name, dark):
    found, complaints = look(tmp_path, page(PAGES[name]()), dark=dark)
    assert complaints == []
    for one, width in zip(found, WIDTHS, strict=True):
        assert one["outside"] == []
        assert one["wide"] <= one["inner"] <= width
        assert one["fetched"] == one["scripts"] == 0
        assert one["ground"] == rgb((DARK if dark else LIGHT)["page"])
