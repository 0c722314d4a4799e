"""How many small changes of the claims' own code no test sees.

    python benchmarks/mutate.py --only claims.order prover
    python benchmarks/mutate.py --sample 200 --seed 11

Each mutant is made in a forked process, where the function's code is swapped, so that all who have imported it have the mutant;
then the tests run that call this function. What the real tools tell is asked once, before anything is changed, and remembered:
the claims are pure functions over what was gathered. Tests that still take long then are left out, so what only they would see
counts as unseen. Needs `fork` (Linux, macOS).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import signal
import sys
import threading
import time
import types
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest
from _pytest.runner import runtestprotocol

TOP = Path(__file__).parent.parent
sys.path[:0] = [str(TOP), str(TOP / "benchmarks")]

from measured import Measured  # noqa: E402  (the path has to be set first)
from mutations import Mutant, mutants  # noqa: E402  (likewise)

CPU_LIMIT, CLOCK_LIMIT = 5, 120
"""Seconds beyond what the tests of one mutant need: of the processor, and in all. One that takes more counts as seen."""
SLOW = 1.0
"""Seconds of the processor; a test that takes longer with all measurements at hand is left out."""
TESTS = ("tests/claims", "tests/test_prover.py", "tests/formats/test_comment_places.py")
MODULES = (
    *(f"migrate.claims.{path.stem}" for path in sorted((TOP / "migrate/claims").glob("*.py")) if path.stem != "__init__"),
    *(f"migrate.measuring.{path.stem}" for path in sorted((TOP / "migrate/measuring").glob("*.py")) if path.stem != "__init__"),
    *("migrate.prover", "migrate.formats.manifests", "migrate.formats.comment_places"),
)


class Trial:
    """A pytest plugin that tries mutants instead of running the tests once."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._measured = Measured(options.keep)
        self._callers: dict[tuple[str, str], list[pytest.Item]] = {}
        self._seconds: dict[pytest.Item, float] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """With --told, only tests that ask no tool: those on evidence told beforehand."""
        if self._options.told:
            items[:] = [item for item in items if "tools" not in getattr(item, "fixturenames", ())]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure, look which test calls what, and try the mutants."""
        self._measured.install()
        for number, item in enumerate(session.items, start=1):
            click.echo(f"measuring {number} of {len(session.items)}\r", nl=False, err=True)
            if complaint := failed(item):
                raise SystemExit(f"{item.nodeid} fails without any change\n{complaint}")
        self._measured.closed = True
        self._seconds = {item: self._look_at(item) for item in session.items}
        slow = [item for item, seconds in self._seconds.items() if seconds > SLOW]
        for (file, _), items in self._callers.items():
            name = Path(file).stem
            items[:] = sorted(set(items).difference(slow), key=lambda item: (name not in item.path.stem, self._seconds[item]))
        click.echo(f"{len(session.items)} tests, {len(slow)} of them left out, for they take long", err=True)
        gc.freeze()
        self._try_all(session)
        return True

    def _look_at(self, item: pytest.Item) -> float:
        """How long a test takes now; the functions that it calls are kept."""
        called: set[tuple[str, str]] = set()

        def profile(frame: types.FrameType, event: str, _: object) -> None:
            if event == "call":
                called.add((frame.f_code.co_filename, frame.f_code.co_qualname.partition(".<locals>")[0]))

        start = time.process_time()
        sys.setprofile(profile)
        threading.setprofile(profile)
        try:
            failed(item)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
        for function in called:
            self._callers.setdefault(function, []).append(item)
        return time.process_time() - start

    def _try_all(self, session: pytest.Session) -> None:
        every = [each for module in MODULES if module.endswith(tuple(self._options.only)) for each in mutants(module)]
        if self._options.again:
            known = self._options.again.read_text(encoding="utf-8").splitlines()
            every = [each for each in every if any(line.startswith(f"{each}  (") for line in known)]
        chosen = every
        if self._options.sample:
            chosen = random.Random(self._options.seed).sample(every, min(self._options.sample, len(every)))  # noqa: S311  (no secret)
        start, left = time.monotonic(), 0
        for number, mutant in enumerate(chosen, start=1):
            items = self._tests_of(mutant, session)[: self._options.most]
            limit = CPU_LIMIT + 3 * sum(map(self._seconds.__getitem__, items))
            seen_by = first_failing(mutant, items, limit)
            if seen_by is None:
                left += 1
                text = mutant.file.read_text(encoding="utf-8").splitlines()[mutant.line - 1].strip()
                click.echo(f"{mutant}  ({len(items)} tests)  {text}")
            elif seen_by < len(items):  # it will often see the next one, too
                callers = self._tests_of(mutant, session)
                callers.insert(0, callers.pop(callers.index(items[seen_by])))
            click.echo(f"{number} of {len(chosen)}, {left} left\r", nl=False, err=True)
        took = round(time.monotonic() - start)
        click.echo(json.dumps({"mutants": len(every), "tried": len(chosen), "survived": left, "seconds": took}))

    def _tests_of(self, mutant: Mutant, session: pytest.Session) -> list[pytest.Item]:
        """Those that call the function; all of the module's for a constant."""
        file = str(mutant.file)
        if not mutant.constant:
            return self._callers.get((file, mutant.function), [])
        callers = {item for (where, _), items in self._callers.items() if where == file for item in items}
        return [item for item in session.items if item in callers]


def failed(item: pytest.Item) -> str:
    """Run a test, and tell how it fails; empty if it does not. What belongs to the session stays set up."""
    session = item.session
    session._setupstate.teardown_exact(item)  # pytest has no public name for it
    other = next((each for each in session.items if each is not item), None)
    return "".join(report.longreprtext or "?" for report in runtestprotocol(item, log=False, nextitem=other) if report.failed)


def first_failing(mutant: Mutant, items: Sequence[pytest.Item], limit: float) -> int | None:
    """The place of the first test that fails with a mutant, tried in a process of its own; None if none does.

    The number of tests if it took too long, or broke the process.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.setitimer(signal.ITIMER_PROF, limit)
        signal.alarm(CLOCK_LIMIT + round(10 * limit))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        try:
            put_in(mutant)
            found = next((at for at, item in enumerate(items) if failed(item)), -1)
            os.write(writing, str(found).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        text = told.read()
    os.waitpid(child, 0)
    return None if text == "-1" else int(text or len(items))


def put_in(mutant: Mutant) -> None:
    """Give the functions of a loaded module the code that they have in a mutant, or everybody its constant."""
    module = sys.modules[mutant.module]
    forget()
    if mutant.function:
        swap(module, mutant.code())
        return
    made = types.ModuleType(mutant.module)
    sys.modules[mutant.module] = made  # where dataclasses look for it
    exec(mutant.code(), vars(made))  # noqa: S102  (the project's own code)
    sys.modules[mutant.module] = module
    old, new = vars(module)[mutant.constant], vars(made)[mutant.constant]
    for each in list(sys.modules.values()):
        if vars(each).get(mutant.constant) is old:
            vars(each)[mutant.constant] = new


def forget() -> None:
    """Empty the caches of functions, which hold what the unchanged code made."""
    for name, module in list(sys.modules.items()):
        for value in vars(module).values() if name.partition(".")[0] == "migrate" else ():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


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


def swap(module: types.ModuleType, code: types.CodeType) -> None:
    """Give every function of a loaded module the code that it has in another version of the module."""
    new = {each.co_qualname: each for each in codes_of(code)}
    for name, function in functions_of(module):
        code_of = new.get(name, function.__code__)
        if function.__module__ == module.__name__ and len(code_of.co_freevars) == len(function.__code__.co_freevars):
            function.__code__ = code_of


def main() -> int:
    """Try all mutants or a sample, and print the survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="how many; all if it is not given")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--only", nargs="*", default=[""], help="ends of modules' names")
    parser.add_argument("--again", type=Path, help="what an earlier run printed: try its survivors only")
    parser.add_argument("--keep", type=Path, help="a folder for what was measured, so that a second run asks nothing")
    parser.add_argument("--most", type=int, help="how many tests each mutant is tried with at most; all if it is not given")
    parser.add_argument("--told", action="store_true", help="only with tests on evidence told beforehand, which ask no tool")
    parser.add_argument("--tests", nargs="*", default=TESTS, help="files or folders of tests")
    options = parser.parse_args()
    os.chdir(TOP)
    arguments = [*options.tests, "-q", "-s", "--tb=short", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return int(pytest.main(arguments, plugins=[Trial(options)]))


if __name__ == "__main__":
    sys.exit(main())
