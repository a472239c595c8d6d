"""Who changed what, when and why, for machines."""

from collections.abc import Iterable
from typing import Any, Final

from controller.domain.ledger import RunRecord
from controller.inquiry.history import MerchantHistory
from controller.render import run_words
from controller.render.json import instant
from controller.render.json.explain import change

_FORMAT: Final = "rolloutctl-history/1"


def runs(runs: Iterable[RunRecord]) -> dict[str, Any]:
    """Runs, in the order given."""
    return {"format": _FORMAT, "runs": [run(one) for one in runs]}


def merchant(history: MerchantHistory) -> dict[str, Any]:
    """What happened to one merchant."""
    return {
        "format": _FORMAT,
        "merchant": {"id": history.merchant, "shop_domain": history.shop_domain},
        "changes": [change(record) for record in history.changes],
    }


def run(record: RunRecord) -> dict[str, Any]:
    """One run."""
    return {
        "id": record.id,
        "generation": record.generation,
        "kind": record.kind,
        "revision": record.revision,
        "actor": record.actor,
        "at": instant(record.at),
        "plan": record.plan_hash or None,
        "changed": dict(record.changed),
        "summary": dict(record.summary),
        "story": list(run_words.story(record)),
    }
