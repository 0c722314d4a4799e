"""Both sides opened, measured and closed again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import takewhile
from threading import Event

from migrate.analyzers.needed import needed
from migrate.analyzers.variables import looks
from migrate.claims.gathered import Gathered
from migrate.claims.pieces import moves_of
from migrate.claims.syntax_kept import scripts
from migrate.measuring.measurement import Measurement
from migrate.model.case import ProofCase
from migrate.ports import Progress, Side, SideFactory
from migrate.references import read_ahead

MODERN = "modern helmfile"
"""The key of `SideFactory.versions` that says that helmfile 1.x is at hand."""
LATER = "the new state file comes in a later phase"
ASKED_ONLINE = "migrate.yaml says `offline: false`"


def gather(case: ProofCase, factory: SideFactory, progress: Progress, *, only: str = "") -> Gathered:
    """All measurements, with both sides closed again; of one environment alone if `only` names it."""
    tools = factory.versions()
    before, after = needed(case.old, case.old_state), needed(case.new, case.new_state)
    online = LATER if case.legacy_runs else factory.without_network() if case.offline else ASKED_ONLINE
    with ExitStack() as stack:

        def sides(these: Mapping[str, str], *, cut: bool = False, current: bool = False) -> list[Side]:
            old = partial(factory.open, before, case.old_state, lent=case.lent_old, hooks=case.hooks, variables=these)
            new = partial(factory.open, after, case.new_state, lent=case.lent_new, hooks=case.hooks)
            openings = [partial(old, fetch=case.fetch, complete=case.incomplete), partial(new, variables=these, offline=cut)]
            return _opened(stack, [*openings, partial(new, modern=True)] if current else openings)

        asked = sides({}, cut=not online, current=MODERN in tools and not case.legacy_runs)
        reading = None if only else stack.enter_context(_reading(case))
        given = stack.enter_context(ThreadPoolExecutor(1)).submit(looks, (before, after))
        measurement = Measurement(case, asked, tools, progress, only)
        gathered = measurement.gathered(reading)
        gathered = replace(gathered, offline=None if online else measurement.offline(gathered.new), online=online)
        again = [Measurement(case, sides(these), tools, progress, only).gathered(render=False) for these in given.result()]
        gathered = replace(gathered, with_variables=tuple(again))
    return replace(gathered, complaints={script: factory.shell_complaint(script) for script in dict.fromkeys(scripts(case))})


def _opened(stack: ExitStack, openings: Sequence[Callable[[], Side]]) -> list[Side]:
    """The sides, written out side by side. What could be opened is closed with the stack, also where another could not be."""
    with ThreadPoolExecutor(len(openings)) as pool:
        opening = [pool.submit(each) for each in openings]
    sides = [stack.enter_context(done.result()) for done in opening if done.exception() is None]
    for done in opening:
        done.result()  # raises what kept a side from being opened
    return sides


@contextmanager
def _reading(case: ProofCase) -> Iterator[Future[object]]:
    """The files that the command lines are in are read while helmfile is asked; no longer than the block lasts.

    Begin it when the sides are written out: both need Python, and helmfile waits for them.
    """
    ended = Event()
    read = takewhile(lambda _: not ended.is_set(), read_ahead(case.old, case.new, moves_of(case)))
    with ThreadPoolExecutor(1) as pool:
        try:
            yield pool.submit(deque[object], read, 0)
        finally:
            ended.set()


def gather_from(case: ProofCase, sides: Sequence[Side], tools: Mapping[str, str], *, only: str, render: bool) -> Gathered:
    """The measurements of one environment on sides that are open and stay so: the old, the new; without renders if so asked."""
    return Measurement(case, sides, tools, lambda *_: None, only).gathered(render=render)
