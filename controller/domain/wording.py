"""Numbers in the sentences that decisions give as their reasons."""


def counted(number: int, noun: str = "merchant") -> str:
    """`1 merchant`, `2 merchants`, `1,000 merchants`."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def have(number: int) -> str:
    """`1 merchant has it`, `2 merchants have it`."""
    return "has it" if number == 1 else "have it"
