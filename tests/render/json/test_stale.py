"""Stale flags for machines: every line of code, and text that is text."""

import json

from controller.render import json as rendering
from controller.render.json.stale import stale
from tests.render.stale_reports import lines, report


def test_every_line_of_code_is_there():
    (found,) = stale(report(*lines(40)))["stale"]
    assert len(found["references"]) == 40
    assert found["step"] == "remove_code"
    assert [one["reason"] for one in found["reasons"]] == ["everyone"]


def test_it_can_be_written_whatever_a_file_is_called():
    text = rendering.text(stale(report(*lines(1, "a\udcff.ts"))))
    (found,) = json.loads(text.encode())["stale"]
    assert found["references"][0]["path"] == "a?.ts"


def test_what_was_not_searched_is_not_empty():
    whole, cut = stale(report()), stale(report(is_whole=False))
    assert whole["stale"][0]["references"] == []
    assert (whole["code"]["whole"], cut["code"]["whole"]) == (True, False)
