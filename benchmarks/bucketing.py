"""Bucketing a merchant, beside flagd's own Python evaluator doing the same arithmetic."""

import numpy as np
from openfeature.contrib.tools.flagd.core import FlagdCore
from openfeature.evaluation_context import EvaluationContext

from benchmarks.result import Result, faster
from benchmarks.timing import medians, timed
from benchmarks.workbench import Workbench
from controller.demo.company.cuid import cuids
from controller.domain.bucketing import bucket, buckets

_FLAG = "sequential_workflow"
_KEYS = 1_000_000
_KEYS_ONE_BY_ONE = 10_000
_DEFINITION = {
    "flags": {
        _FLAG: {
            "state": "ENABLED",
            "variants": {"on": True, "off": False},
            "defaultVariant": "off",
            "targeting": {
                "fractional": [
                    {"cat": [f"{_FLAG}/", {"var": "targetingKey"}]},
                    ["on", 1_000],
                    ["off", 9_000],
                ]
            },
        }
    }
}


def run(bench: Workbench) -> list[Result]:
    """Seconds a key: all at once as planning does it, one by one as `explain` does it, flagd's."""
    count = _KEYS // 20 if bench.quick else _KEYS
    created = np.datetime64("2026-01-01", "ms") + np.arange(count) * np.timedelta64(60_000, "ms")
    ids = cuids(created, np.random.default_rng(1))
    few = ids[:_KEYS_ONE_BY_ONE]
    flagd = FlagdCore()
    flagd.set_flags(_DEFINITION)
    found = medians(
        {
            "ours": lambda: timed(lambda: _in_batches(ids)) / len(ids),
            "one by one": lambda: timed(lambda: [bucket(_FLAG, one) for one in few]) / len(few),
            "flagd": lambda: timed(lambda: [_flagd(flagd, one) for one in few]) / len(few),
        },
        bench.rounds(5),
    )
    peer = ("flagd's Python evaluator", found["flagd"])
    return [
        faster("a merchant's bucket, in batches of 10,000", found["ours"], peer, 200),
        faster("a merchant's bucket, one by one", found["one by one"], peer, None),
    ]


def _in_batches(ids: list[str]) -> None:
    for start in range(0, len(ids), _KEYS_ONE_BY_ONE):
        buckets(_FLAG, ids[start : start + _KEYS_ONE_BY_ONE])


def _flagd(flagd: FlagdCore, merchant: str) -> bool:
    context = EvaluationContext(targeting_key=merchant)
    return bool(flagd.resolve_boolean_value(_FLAG, False, context).value)
