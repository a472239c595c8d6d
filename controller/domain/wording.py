"""Numbers in sentences: reasons of decisions, problems of files, and everything that is shown."""


def counted(number: int, noun: str = "merchant", plural: str = "") -> str:
    """`1 merchant`, `2 merchants`, `1,000 merchants`; `2 time series` with a plural of its own."""
    return f"{number:,} {form(number, noun, plural)}"


def form(number: int, noun: str, plural: str = "") -> str:
    """The noun as it follows a number: `run` after one, `runs` after any other."""
    return noun if number == 1 else plural or f"{noun}s"


def have(number: int) -> str:
    """`1 merchant has it`, `2 merchants have it`."""
    return "has it" if number == 1 else "have it"
