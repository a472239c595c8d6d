"""Which problems of meaning are only warnings is decided once, and known."""

from controller.config import meaning_codes
from controller.config.problems import Code, Severity


def test_ids_and_warnings():
    declared = [value for value in vars(meaning_codes).values() if isinstance(value, Code)]
    assert {code.id[:3] for code in declared} == {f"RC{chapter}" for chapter in range(3, 9)}
    warnings = {code.id for code in declared if code.severity is Severity.WARNING}
    assert warnings == {
        *("RC311", "RC312", "RC405", "RC410", "RC411", "RC503", "RC514", "RC516", "RC605", "RC707"),
    }
