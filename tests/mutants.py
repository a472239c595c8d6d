"""Break the gate on purpose, one place at a time, and see whether a test notices.

    python -m tests.mutants [MODULE[:FIRST] ...]

Works on a copy of the working tree in a temporary folder. Each mutant is tried with the tests of
its own module, then with those of the whole judgement, then with all of the gate's; survivors are
printed, each with its number. `statistics:34` begins with the module's mutant number 34, where a
run was broken off. docs/mutation.md says which ones are left and why. It takes an hour: nothing
runs it by itself.
"""

import ast
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = Path("controller/gate")
TESTS = Path("tests/gate")
JUDGEMENT = ("test_judge.py", "test_missing_data.py", "test_evidence.py")
LONGEST = 300  # seconds; a mutant that loops is noticed too

_COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
}
_CALLS = {"max": "min", "min": "max", "any": "all", "all": "any"}
_LADDERS = {
    "Verdict": ("PROCEED", "FIX_MINOR", "INSUFFICIENT_DATA", "ERROR", "ROLLBACK"),
    "CriterionVerdict": (
        "PASS",
        "WARN",
        "INCONCLUSIVE",
        "INSUFFICIENT_DATA",
        "ERROR",
        "FAIL",
    ),
    "CriterionKind": ("NEVER", "LIMIT", "DURATION", "EVERY_RUN", "RATE", "WORST_MERCHANT"),
    "WaiverEffect": ("APPLIED", "NOT_NEEDED", "REFUSED", "NO_SUCH_CRITERION"),
    "FlawKind": ("SENSELESS", "NEVER_PASSES", "TOO_SLOW", "ALWAYS_PASSES"),
}
_SHORT = ("_PASS", "_WARN", "_ERROR", "_TOO_EARLY")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed place."""

    module: str
    line: int
    before: str
    after: str
    source: str


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a module, one after the other."""
    for index in range(len(list(_sites(ast.parse(source))))):
        tree = ast.parse(source)
        node, position = list(_sites(tree))[index]
        before = ast.unparse(node)
        _change(node, position)
        changed = ast.unparse(ast.fix_missing_locations(tree))
        yield Mutant(module, node.lineno, before, ast.unparse(node), changed)


def _sites(tree: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, int]]:
    typing = {id(part) for node in ast.walk(tree) for part in _of_types_and_decorators(node)}
    for node in ast.walk(tree):
        if id(node) not in typing and isinstance(node, ast.expr | ast.stmt):
            yield from ((node, position) for position in _positions(node))


def _of_types_and_decorators(node: ast.AST) -> Iterator[ast.AST]:
    parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
    for part in (*parts, *getattr(node, "decorator_list", ())):
        if part is not None:
            yield from ast.walk(part)


def _positions(node: ast.AST) -> Iterator[int]:
    match node:
        case ast.Compare():
            yield from (i for i, op in enumerate(node.ops) if type(op) in _COMPARISONS)
        case ast.BoolOp():
            yield from range(-1, len(node.values))  # -1: and for or; else: drop that operand
        case ast.BinOp() | ast.AugAssign() if type(node.op) in _OPERATORS:
            yield 0
        case ast.UnaryOp(op=ast.Not() | ast.USub()) | ast.If() | ast.IfExp() | ast.While():
            yield 0
        case ast.Constant(value=bool() | int() | float()):
            yield 0
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield 0
        case ast.Attribute(value=ast.Name(id=name)) if node.attr in _LADDERS.get(name, ()):
            yield 0
        case ast.Name(id=name, ctx=ast.Load()) if name in _SHORT:
            yield 0


def _change(node: ast.AST, position: int) -> None:
    match node:
        case ast.Compare():
            node.ops[position] = _COMPARISONS[type(node.ops[position])]()
        case ast.BoolOp() if position < 0:
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.BoolOp():
            del node.values[position]
        case ast.BinOp() | ast.AugAssign():
            node.op = _OPERATORS[type(node.op)]()
        case ast.UnaryOp(op=ast.Not()):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.UnaryOp():
            node.op = ast.UAdd()
        case ast.If() | ast.IfExp() | ast.While():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case _:
            _change_value(node)


def _change_value(node: ast.AST) -> None:
    match node:
        case ast.Constant():
            node.value = _another(node.value)
        case ast.Call(func=ast.Name()):
            node.func.id = _CALLS[node.func.id]
        case ast.Attribute(value=ast.Name()):
            node.attr = _next(_LADDERS[node.value.id], node.attr)
        case ast.Name():
            node.id = _next(_SHORT, node.id)


def _another(value: float) -> float:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value * 1.5 + 0.01


def _next(names: tuple[str, ...], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)]


def _passes(tests: tuple[str, ...]) -> bool:
    """Run tests in a child of this process, which has imported what is slow to import."""
    # An example that killed one mutant must not be tried first on the next: it may be a flaky one.
    shutil.rmtree(".hypothesis", ignore_errors=True)
    child = os.fork()
    if child == 0:
        _run_and_exit(tests)
    return os.waitpid(child, 0)[1] == 0


def _run_and_exit(tests: tuple[str, ...]) -> None:
    signal.alarm(LONGEST)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    status = 99
    try:
        # Plain assertions: rewriting them is slow, and nobody reads why a mutant died.
        options = ("-x", "-q", "--assert=plain", "-p", "no:cacheprovider")
        status = int(pytest.main([*options, *tests]))
    finally:
        os._exit(status)


def _survives(mutant: Mutant) -> bool:
    own = TESTS / f"test_{mutant.module}.py"
    stages = ((str(own),), tuple(str(TESTS / name) for name in JUDGEMENT), (str(TESTS),))
    return all(_passes(tests) for tests in stages if Path(tests[0]).exists())


def main(modules: list[str]) -> None:
    """Try every mutant, print the survivors."""
    names = modules or sorted(p.stem for p in (ROOT / PACKAGE).glob("[a-z]*.py"))
    with tempfile.TemporaryDirectory() as folder:
        for part in ("controller", "tests", "benchmarks", "docs", "pyproject.toml"):
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, Path(folder) / part)
        os.chdir(folder)
        sys.path.insert(0, folder)
        sys.dont_write_bytecode = True
        _import_what_is_slow()
        for name in names:
            module, _, first = name.partition(":")
            _try_module(module, PACKAGE / f"{module}.py", int(first or 0))


def _import_what_is_slow() -> None:
    for name in ("hypothesis.strategies", "numpy", "scipy.stats"):
        import_module(name)


def _try_module(name: str, path: Path, first: int) -> None:
    source = path.read_text(encoding="utf-8")
    tried = survivors = 0
    for number, mutant in islice(enumerate(mutants(name, source)), first, None):
        path.write_text(mutant.source, encoding="utf-8")
        tried += 1
        if _survives(mutant):
            survivors += 1
            _say(f"{name}:{mutant.line}: {mutant.before}  ->  {mutant.after}  (number {number})")
    path.write_text(source, encoding="utf-8")
    if not _passes((str(TESTS),)):
        sys.exit("the tests fail without any mutant: whatever died proves nothing")
    _say(f"{name}: {tried} mutants, {survivors} survived")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
