"""How many small changes of the claims' own code no test sees.

    python benchmarks/mutate.py --sample 200 --seed 11

Each mutant is one changed operator, constant, or condition of one function. It is made in a forked process, where the function's
code is swapped, so that all who have imported it have the mutant; then the tests that belong to the module run. Only quick tests:
what the real helmfile tells of one small platform is asked once, before anything is changed. What only other tests would see
counts as unseen, so the share is a lower bound. Needs `fork` (Linux, macOS).
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import functools
import importlib
import io
import json
import os
import random
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

TOP = Path(__file__).parent.parent
TIME_LIMIT = 30
"""Seconds of the processor for the tests of one mutant; one that needs more counts as seen."""
FILES, REFERENCES = "tests/claims/test_files.py", "tests/claims/test_references.py"
TARGETS = {
    "migrate.claims.order": ("tests/claims/test_order.py", "tests/claims/test_order_kept.py"),
    "migrate.claims.order_kept": ("tests/claims/test_order_kept.py",),
    "migrate.claims.hook_files": ("tests/claims/test_hooks_equal.py",),
    "migrate.claims.hook_variables": ("tests/claims/test_hooks_equal.py",),
    "migrate.claims.hooks_equal": ("tests/claims/test_hooks_equal.py",),
    "migrate.claims.command_filling": ("tests/claims/test_command_filling.py",),
    "migrate.claims.command_failures": ("tests/claims/test_command_filling.py",),
    "migrate.claims.commands_equal": ("tests/claims/test_command_filling.py",),
    "migrate.claims.random_leaves": ("tests/claims/test_random_leaves.py", "tests/claims/test_rendering.py"),
    "migrate.claims.draws": ("tests/claims/test_random_leaves.py", "tests/claims/test_rendering.py"),
    "migrate.claims.rendering": ("tests/claims/test_rendering.py",),
    "migrate.claims.bytes_kept": (FILES,),
    "migrate.claims.comments_kept": (FILES,),
    "migrate.claims.comment_homes": (FILES,),
    "migrate.claims.every_file_has_a_verdict": (FILES,),
    "migrate.claims.used_files": (FILES,),
    "migrate.claims.references_resolve": (REFERENCES,),
    "migrate.claims.no_stale_mentions": (REFERENCES,),
    "migrate.claims.syntax_kept": (REFERENCES,),
    "migrate.claims.pieces": ("tests/claims/test_pieces.py", REFERENCES, FILES),
    "migrate.formats.manifests": ("tests/claims/test_manifests.py", "tests/claims/test_rendering.py"),
    "migrate.formats.comment_places": ("tests/formats/test_comment_places.py", FILES),
}
SLOW = "not command_line and not bash_says"
"""Those of the tests above that ask the real tools anew."""

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Sub: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Add: ast.Sub,
}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}
Change = Callable[[ast.AST], bool]


def changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """What can be changed at a node: in words, and a function that does it in place."""
    for field, value in ast.iter_fields(node):
        for at, child in enumerate(value if isinstance(value, list) else [value]):
            new = SWAPS.get(type(child)) if isinstance(child, ast.AST) else None
            if new is not None:
                yield f"{type(child).__name__} -> {new.__name__}", _putting(field, new(), at)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "without `not`", _putting("operand", ast.UnaryOp(ast.Not(), node.operand))
    if isinstance(node, ast.Name) and node.id in NAMES:
        yield f"{node.id} -> {NAMES[node.id]}", _putting("id", NAMES[node.id])
    yield from _constants(node)
    yield from _conditions(node)


def _constants(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} -> {not node.value}", _putting("value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield f"{node.value} -> {node.value + 1}", _putting("value", node.value + 1)


def _conditions(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.If | ast.IfExp):
        for value in (True, False):
            yield f"if {value}", _putting("test", ast.Constant(value))
    if isinstance(node, ast.comprehension) and node.ifs:
        yield "without its `if`", _putting("ifs", [], -1)


def _putting(field: str, new: object, at: int = 0) -> Change:
    return functools.partial(_put, field=field, at=at, new=new)


def _put(node: ast.AST, *, field: str, at: int, new: object) -> bool:
    value = getattr(node, field)
    if isinstance(value, list) and at >= 0:
        value[at] = new
    else:
        setattr(node, field, new)
    return True


def mutants(module: str) -> Iterator[tuple[str, int, str, types.CodeType]]:
    """Module, line, the change in words, and the whole module's code with it."""
    path = TOP / (module.replace(".", "/") + ".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for position, node in enumerate(ast.walk(tree)):
        if not _inside_function(tree, node):
            continue
        for number, (words, _) in enumerate(changes(node)):
            mutant = copy.deepcopy(tree)
            found = next(each for at, each in enumerate(ast.walk(mutant)) if at == position)
            list(changes(found))[number][1](found)
            line = getattr(node, "lineno", 0) or getattr(getattr(node, "target", None), "lineno", 0)
            yield module, line, words, compile(ast.fix_missing_locations(mutant), str(path), "exec")


@functools.cache
def _bodies(tree: ast.Module) -> frozenset[int]:
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(id(node) for function in functions for part in function.body for node in ast.walk(part))


def _inside_function(tree: ast.Module, node: ast.AST) -> bool:
    return id(node) in _bodies(tree)


def functions_of(owner: object) -> Iterator[tuple[str, types.FunctionType]]:
    """The functions and methods that a module or a class defines, by their qualified names."""
    for value in vars(owner).values():
        plain = getattr(value, "__func__", None) or getattr(value, "fget", None) or getattr(value, "func", None) or value
        plain = getattr(plain, "__wrapped__", plain)
        if isinstance(plain, types.FunctionType):
            yield plain.__qualname__, plain
        elif isinstance(value, type) and not isinstance(owner, type):
            yield from functions_of(value)


def codes_of(code: types.CodeType) -> Iterator[types.CodeType]:
    """All code objects in a code object."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from codes_of(constant)


def swap(module: str, code: types.CodeType) -> None:
    """Give every function of a loaded module the code that it has in another version of the module."""
    new = {each.co_qualname: each for each in codes_of(code)}
    for name, function in functions_of(sys.modules[module]):
        if function.__module__ == module and name in new and len(new[name].co_freevars) == len(function.__code__.co_freevars):
            function.__code__ = new[name]


def survives(module: str, code: types.CodeType) -> bool:
    """Whether the tests of a module pass with a mutant, tried in a process of its own."""
    child = os.fork()
    if child == 0:
        signal.setitimer(signal.ITIMER_PROF, TIME_LIMIT)
        with Path(os.devnull).open("w") as nothing, contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
            swap(module, code)
            os._exit(int(run_tests(TARGETS[module]) == 0))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


def run_tests(paths: tuple[str, ...]) -> int:
    """The exit code of pytest."""
    return int(pytest.main([*paths, "-x", "-q", "-p", "no:cacheprovider", "-k", SLOW]))


def measure_once() -> None:
    """Ask the real tools for the small platform, and let every later run of the tests have that."""
    from migrate.measuring import gather  # noqa: PLC0415 -- loaded before the first fork
    from migrate.system.helmfile import Sides  # noqa: PLC0415
    from migrate.system.toolbox import ToolOptions, find  # noqa: PLC0415
    from tests.claims import small_platform, test_files  # noqa: PLC0415

    tools = find(ToolOptions()).pair()
    gathered = gather(small_platform.case(), Sides(tools.helmfile.path, tools.helm.path), lambda *_: None, only="dev")
    vars(test_files)["gather"] = lambda *_, **__: gathered


def main() -> int:
    """Try a sample, and print the survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--only", default="", help="a part of a module's name")
    options = parser.parse_args()
    os.chdir(TOP)
    sys.path.insert(0, str(TOP))
    for module in TARGETS:
        importlib.import_module(module)
    measure_once()
    with contextlib.redirect_stdout(io.StringIO()):
        unchanged = run_tests(tuple(dict.fromkeys(path for paths in TARGETS.values() for path in paths)))
    if unchanged:
        raise SystemExit("the tests fail without any change")
    every = [mutant for module in TARGETS if options.only in module for mutant in mutants(module)]
    chosen = random.Random(options.seed).sample(every, min(options.sample, len(every)))  # noqa: S311  (no secret: a sample)
    start, left = time.monotonic(), 0
    for number, (module, line, words, code) in enumerate(chosen, start=1):
        if survives(module, code):
            left += 1
            click.echo(f"{module}:{line}: {words}")
        click.echo(f"{number} of {len(chosen)}, {left} left\r", nl=False, err=True)
    took = round(time.monotonic() - start)
    figures = {"mutants": len(every), "tried": len(chosen), "survived": left, "seconds": took, "seed": options.seed}
    click.echo(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
