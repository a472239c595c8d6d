"""Everything can be read in both palettes, and the policy allows exactly this sheet."""

import base64
import hashlib
import re

import pytest

from controller.render.html.style import DARK, LIGHT, policy, sheet

READ = ("ink", "faint", "good", "warn", "bad", "info")


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("ground", ["page", "panel"])
def test_what_is_read_stands_out(palette, ground):
    for name in READ:
        assert contrast(palette[name], palette[ground]) >= 4.5, name
    assert contrast(palette["line"], palette[ground]) >= 3


def test_the_palettes_have_the_same_names_and_the_sheet_uses_no_other():
    assert LIGHT.keys() == DARK.keys()
    assert set(re.findall(r"var\(--(\w+)\)", sheet())) == LIGHT.keys()


def test_the_policy_names_the_hash_of_the_sheet():
    digest = base64.b64encode(hashlib.sha256(sheet().encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy(sheet())


def test_the_sheet_loads_nothing():
    assert not re.search(r"url\(|@import|//|</", sheet())
