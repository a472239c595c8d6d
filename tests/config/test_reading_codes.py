"""Whatever cannot be read or has the wrong shape is an error, never a warning."""

from controller.config import reading_codes
from controller.config.problems import Code, Severity


def test_ids_and_severity():
    declared = [value for value in vars(reading_codes).values() if isinstance(value, Code)]
    assert {code.id[:3] for code in declared} == {"RC0", "RC1", "RC2"}
    assert {code.severity for code in declared} == {Severity.ERROR}
