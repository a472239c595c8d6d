"""Which merchants a mistyped id or shop domain may mean.

Beside the way of a change, for the person who typed it. The database finds candidates in one pass,
this module ranks them.
"""

import re
from collections.abc import Iterable
from typing import Final

from controller.domain.merchant import Merchant

MOST_CANDIDATES: Final = 1_000
"""How many candidates are ranked."""

_LONGEST: Final = 100
_SHORTEST_PART: Final = 3
_CUTOFF: Final = 0.6
_SPECIAL: Final = re.compile(r"[\\%_]")
_ESCAPED: Final = r"\\\g<0>"


def typo_proof_patterns(reference: str) -> list[str]:
    """Patterns for LIKE: the two halves of what tells a shop from others, in lower case.

    One typo leaves one of them whole. The part behind the first dot is the same for every shop and
    says nothing; short texts have no halves worth looking for.
    """
    stem = reference[:_LONGEST].lower().partition(".")[0]
    middle = len(stem) // 2
    halves = [half for half in (stem[:middle], stem[middle:]) if len(half) >= _SHORTEST_PART]
    parts = halves or ([stem] if len(stem) >= _SHORTEST_PART else [])
    return [f"%{_SPECIAL.sub(_ESCAPED, part)}%" for part in parts]


def likeliest(reference: str, candidates: Iterable[Merchant], limit: int) -> tuple[Merchant, ...]:
    """The candidates that are most like the reference, by id or by shop domain, best first."""
    from difflib import SequenceMatcher  # noqa: PLC0415 -- costs start-up and is for typos only

    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(reference[:_LONGEST].lower())

    def likeness(text: str) -> float:
        matcher.set_seq1(text[:_LONGEST].lower())
        return matcher.ratio()

    scored = [(max(likeness(m.id), likeness(m.shop_domain)), m) for m in candidates]
    alike = sorted(
        (found for found in scored if found[0] >= _CUTOFF),
        key=lambda found: (-found[0], found[1].id),
    )
    return tuple(merchant for _, merchant in alike[:limit])
