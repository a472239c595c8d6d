"""The big list of naughty strings in every text of a flag, a waiver and an environment."""

import json
from pathlib import Path

import pytest

from controller.config.kinds import KINDS
from controller.config.layout import locate
from controller.config.yaml_reader import read_yaml
from tests.config.repository import VALID

BLNS = Path(__file__).parents[3] / "shared/data/blns.json"

pytestmark = pytest.mark.skipif(not BLNS.exists(), reason="../shared/data/blns.json is not here")

PLACES = {
    "description": ("flags/checkout.yaml", "A new checkout."),
    "owner": ("flags/banner.yaml", '"@acme/web"'),
    "reason": ("flags/checkout.yaml", "custom integration"),
    "merchant": ("flags/checkout.yaml", "clx001"),
    "enabled": ("flags/checkout.yaml", '"1"'),
    "column": ("flags/checkout.yaml", "enableCheckout"),
    "variable": ("flags/banner.yaml", "BANNER"),
    "phase": ("rollout/checkout.yaml", "pilot,"),
    "salt": ("rollout/checkout.yaml", "checkout, version"),
    "soak": ("rollout/checkout.yaml", "2d"),
    "percent": ("rollout/checkout.yaml", "100}"),
    "approved_by": ("rollout/waivers/shop-down.yaml", "ann"),
    "path": ("rollout/environments/demo.yaml", ".env.demo"),
    "url": ("rollout/environments/demo.yaml", "managed}"),
}
AFTER = {"phase": ",", "salt": ", version", "percent": "}", "url": "}"}
BEFORE = {"url": "managed, url: "}


def strings():
    return json.loads(BLNS.read_text(encoding="utf-8"))


def read(file, text):
    """One file, as far as its own shape goes."""
    document, problems = read_yaml(file, text.encode("utf-8", "surrogatepass"))
    if document is None:
        return None, problems
    model, misfits = KINDS[locate(file).kind].fit(document)
    return model, problems + misfits


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("style", ["quoted", "plain"])
def test_every_string_is_refused_or_kept_as_it_is(place, style):
    file, old = PLACES[place]
    before, after = VALID[file].split(old, 1)
    for string in strings():
        text = string
        if style == "quoted":
            text = json.dumps(string, ensure_ascii=False).replace("\x7f", "\\x7f")
        new = f"{BEFORE.get(place, '')}{text}{AFTER.get(place, '')}"
        model, problems = read(file, before + new + after)
        for problem in problems:
            assert all(line.isprintable() for line in str(problem).split("\n"))
        if not problems and style == "quoted" and place == "description":
            assert model.description == string.strip()
