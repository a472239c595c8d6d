"""Whether to print in colour: what the environment says before what the terminal is."""

from collections.abc import Mapping


def wanted(variables: Mapping[str, str]) -> bool | None:
    """By the conventions that other tools follow, too; the first that speaks decides.

    `NO_COLOR` (https://no-color.org), `FORCE_COLOR` and `CLICOLOR_FORCE`, `CLICOLOR=0`, and a
    terminal that calls itself dumb.

    Args:
        variables: Of this process.

    Returns:
        Yes, no, or None: in colour where the output is a terminal.
    """
    if variables.get("NO_COLOR"):
        return False
    if any(variables.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if variables.get("CLICOLOR") == "0" or variables.get("TERM") == "dumb":
        return False
    return None
