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
    return {"format": _FORMAT, "runs": [_run(run) for run in runs]}


def merchant(history: MerchantHistory) -> dict[str, Any]:
    """What happened to one merchant."""
    return {
        "format": _FORMAT,
        "merchant": {"id": history.merchant, "shop_domain": history.shop_domain},
        "changes": [change(record) for record in history.changes],
    }


def _run(run: RunRecord) -> dict[str, Any]:
    return {
        "id": run.id,
        "generation": run.generation,
        "kind": run.kind,
        "revision": run.revision,
        "actor": run.actor,
        "at": instant(run.at),
        "plan": run.plan_hash or None,
        "changed": dict(run.changed),
        "summary": dict(run.summary),
        "story": list(run_words.story(run)),
    }
