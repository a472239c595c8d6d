"""Waivers arrive whole."""

from datetime import date

from controller.config.waiver_file import WaiverFile, to_waiver
from controller.domain.gate_policy import Waiver


def test_a_waiver():
    keys = {"flag": "a", "phase": "10%", "criterion": "completed", "reason": "because"}
    file = WaiverFile.model_validate({**keys, "approved_by": "ann", "expires": "2026-12-01"})
    expected = Waiver("a", "10%", "completed", "because", "ann", date(2026, 12, 1))
    assert to_waiver(file) == expected
