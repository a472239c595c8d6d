"""A flag's policy as the ledger's text, and back.

Around the commit: written beside the flag's definition, read to judge its next advance.
"""

import json
from typing import Final

from controller.domain.flag_policy import FlagPolicy
from controller.gate import codec

_VERSION: Final = 1


def encode_policy(policy: FlagPolicy) -> str:
    """The canonical JSON text of a policy: equal policies give equal bytes."""
    return codec.dump({"v": _VERSION, "policy": codec.to_json(policy)})


def decode_policy(text: str | None) -> FlagPolicy | None:
    """Read what `encode_policy` wrote; None where another version wrote something else.

    A policy that cannot be read lets nothing pass, and the next run without an advance writes it
    anew.
    """
    if text is None:
        return None
    try:
        document = json.loads(text)
        if document["v"] != _VERSION:
            return None
        return codec.from_json(FlagPolicy, document["policy"])
    except (ValueError, TypeError, KeyError):
        return None
