"""Run benchmarks and print them: `make bench`, or `python -m benchmarks [NAME ...]`."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from benchmarks import report
from benchmarks.machine import facts
from benchmarks.result import Result
from benchmarks.workbench import Workbench

NAMES = (
    "start_up",
    "thousand_files",
    "bucketing",
    "one_by_one",
    "nothing_to_do",
    "promotion",
    "gate_verdict",
    "gate_counts",
    "candidates",
    "dashboard",
)
"""Each is a module of this package with a `run(bench)`."""

_SIZES = (10_000, 100_000, 1_000_000)
_QUICK_SIZES = (1_000,)
_NOTES = """\
- Nothing is tuned for the benchmarks: PostgreSQL runs with its default settings, and our side is
  the whole of what a person runs, from connecting to the last commit.
- Goals for large companies hold at 1,000,000 merchants; smaller sizes show the trend: there,
  connecting and preparing weigh more than reading.
- `turn on 10,000 merchants`: the first row's peer does what the script that people run today does
  for each merchant: it looks the merchant up, asks whether the table is there, and upserts its row,
  each in a transaction of its own. It is spared what the script really costs, a Node process and a
  connection for each merchant. The second row's peer only upserts. Both wait for the disk at every
  commit, so a faster disk makes both ratios smaller; a third of our time is what the first run
  pays once for creating the ledger, for connecting twice and for planning.
- The first UPDATE of a fresh table extends it page by page and costs up to three times the next,
  which reuses the space that a vacuum has freed. Both sides of `10% to 50%` start after the vacuum.
  A lower fillfactor on `MerchantConfig` makes both twice as fast again, because no flag column is
  indexed.
- A process's memory is its peak (VmHWM) over a whole `rolloutctl reconcile`.
"""


def main(arguments: Sequence[str]) -> int:
    """Run benchmarks and print them; the status is 1 where a goal is missed, unless quick."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    sizes = tuple(options.merchants or (_QUICK_SIZES if options.quick else _SIZES))
    known = facts()
    results: list[Result] = []
    with Workbench(
        merchants=tuple(sorted(sizes)), goals_at=_SIZES[-1], quick=options.quick
    ) as bench:
        for name in options.names or NAMES:
            print(f"{name} ...", file=sys.stderr, flush=True)
            results += _benchmark(name)(bench)
    print(f"{report.listing(known)}\n\n{report.table(results)}")
    if options.write:
        print(f"\nwrote {report.write(results, known, _NOTES)}")
    return int(not options.quick and any(result.met is False for result in results))


def _benchmark(name: str) -> Callable[[Workbench], list[Result]]:
    module: Mapping[str, Callable[[Workbench], list[Result]]] = vars(
        import_module(f"benchmarks.{name}")
    )
    return module["run"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument(
        "--merchants", type=int, action="append", metavar="N", help="a size; repeat"
    )
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it works")
    parser.add_argument("--write", action="store_true", help="rewrite benchmarks/RESULTS.md")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
