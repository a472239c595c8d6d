"""The baseline's fingerprint: what was frozen at the beginning is what today is compared with.

Measured once, stored in the ledger with this hash, checked before every use. A baseline that moved
would let a feature be compared with itself.
"""

import hashlib
from dataclasses import replace

from controller.gate import codec
from controller.gate.counts import Baseline


def fingerprint(baseline: Baseline) -> str:
    """SHA-256 in hexadecimal over everything but the hash itself."""
    text = codec.canonical(replace(baseline, hash=""))
    return hashlib.sha256(text.encode()).hexdigest()


def frozen(baseline: Baseline) -> Baseline:
    """The baseline with its fingerprint, ready to be stored."""
    return replace(baseline, hash=fingerprint(baseline))


def is_intact(baseline: Baseline) -> bool:
    """Whether it is still what was frozen."""
    return baseline.hash == fingerprint(baseline)
