"""A real browser shows the page: it fits, is silent, and can be used without eyes or mouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.render.html.page import page
from controller.render.html.style import DARK, LIGHT
from pictures.browser import CHROMIUM, Browser, Page
from pictures.dashboard import COMPANIES, WIDTHS
from tests.node_packages import installed

SCHEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
EVERY_COMPANY = pytest.mark.parametrize("name", COMPANIES)

_MEASURE = """({
    wide: document.documentElement.scrollWidth,
    outside: [...document.querySelectorAll("main *")]
        .filter((e) => !e.closest("svg, thead"))
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
        .map((e) => e.outerHTML.slice(0, 300)).slice(0, 3),
    ground: getComputedStyle(document.body).backgroundColor,
    scripts: document.scripts.length,
})"""
_OPEN = "document.querySelectorAll('details').forEach((d) => { d.open = true })"
_AXE = """axe.run(document, {resultTypes: ["violations"]}).then((found) =>
    found.violations.map((v) => `${v.id}: ${v.nodes[0].html}: ${v.nodes[0].failureSummary}`))"""
_REACHABLE = """[...document.querySelectorAll("a, summary, [tabindex]")]
    .filter((e) => e.checkVisibility())"""
_FOCUSED = f"""(() => {{
    const e = document.activeElement, box = e.getBoundingClientRect();
    return {{
        place: {_REACHABLE}.indexOf(e),
        outline: parseFloat(getComputedStyle(e).outlineWidth),
        style: getComputedStyle(e).outlineStyle,
        seen: box.bottom > 0 && box.top < innerHeight,
    }};
}})()"""
_FOLDED = """[...document.querySelectorAll("details > :not(summary)")]
    .filter((e) => !e.checkVisibility()).length"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM} to look at the page with")
    with Browser.start() as found:
        yield found


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder, found = tmp_path_factory.mktemp("pages"), {}
    for name, company in COMPANIES.items():
        path: Path = folder / f"{name}.html"
        path.write_text(page(company()), encoding="utf-8")
        found[name] = path.as_uri()
    return found


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


@SCHEMES
@EVERY_COMPANY
def test_it_fits_and_is_silent_at_every_width(browser, addresses, name, dark):
    shown = browser.open(addresses[name], WIDTHS[0], dark=dark)
    for width in WIDTHS:
        shown.resize(width)
        found = shown.evaluate(_MEASURE)
        assert found["outside"] == []
        assert found["wide"] <= width
        assert found["scripts"] == 0
        assert found["ground"] == rgb((DARK if dark else LIGHT)["page"])
    assert shown.complaints == []
    assert shown.requests == [addresses[name]]


@SCHEMES
@EVERY_COMPANY
def test_axe_finds_nothing_at_any_width(browser, addresses, name, dark):
    axe = installed("axe-core-4.10.3", "axe-core@4.10.3") / "axe-core/axe.min.js"
    shown = browser.open(addresses[name], WIDTHS[0], dark=dark)
    shown.evaluate(axe.read_text(encoding="utf-8"))
    shown.evaluate(_OPEN)
    for width in WIDTHS:
        shown.resize(width)
        assert shown.evaluate(_AXE) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keyboard_reaches_everything_in_order_and_one_sees_where_it_is(
    browser, addresses, width
):
    shown = browser.open(addresses["trouble"], width)
    reachable = shown.evaluate(f"{_REACHABLE}.length")
    assert reachable > 20
    places = []
    for _ in range(reachable):
        shown.press("Tab")
        focused = shown.evaluate(_FOCUSED)
        assert focused["seen"], focused
        assert (focused["style"], focused["outline"] >= 2) == ("solid", True), focused
        places.append(focused["place"])
    assert places[0] == 0
    assert sorted(set(places)) == places


def test_what_is_folded_opens_with_a_key(browser, addresses):
    shown = browser.open(addresses["trouble"], WIDTHS[-1])
    shown.evaluate("document.querySelector('summary').focus()")
    shown.press("Enter")
    assert shown.evaluate("document.querySelector('details').open") is True


@pytest.mark.parametrize("name", ["trouble", "hostile"])
def test_it_prints_everything_on_white_also_what_is_folded(browser, addresses, name):
    shown: Page = browser.open(addresses[name], 690, dark=True)
    assert shown.evaluate(_FOLDED) > 0
    shown.prefer(dark=True, media="print")
    assert shown.evaluate(_FOLDED) == 0
    found = shown.evaluate(_MEASURE)
    assert found["wide"] <= 690
    assert found["ground"] == "rgb(255, 255, 255)"
    assert shown.evaluate("getComputedStyle(document.body).color") == rgb(LIGHT["ink"])
    assert shown.printed().startswith(b"%PDF-")
