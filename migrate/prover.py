"""Two commits -> the proof that the same is rendered and deployed.

Everything is measured first, on sides opened by the factory; the claims then judge what was gathered, and ask nothing more.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import takewhile
from threading import Event, Lock
from typing import TypeVar

from migrate.analyzers.needed import needed
from migrate.analyzers.variables import looks
from migrate.claims import (
    CLAIMS,
    LOCKED,
    OFFLINE,
    ON_CURRENT,
    WITH_VARIABLES,
    chart_labels,
    charts_locked,
    commands_equal,
    loads_on_current,
    skip_deps,
)
from migrate.claims.cells import judge_cells
from migrate.claims.command_forms import CommandForm, command_forms
from migrate.claims.every_file_has_a_verdict import overwritten
from migrate.claims.fetched import Fetched, address_of
from migrate.claims.gathered import Gathered, Merged, digests_of, inputs_of, unequal_inputs
from migrate.claims.loads_on_current import COMMANDS as ON_CURRENT_COMMANDS
from migrate.claims.matrix import cells_of, values_apart
from migrate.claims.order_kept import declared_changes
from migrate.claims.outgoing import built_charts
from migrate.claims.pieces import left_for_later, moves_of
from migrate.claims.rendering import RenderResult, both_ways, compare_renders
from migrate.claims.side_facts import SideFacts
from migrate.claims.syntax_kept import scripts
from migrate.claims.vendoring import builds_from_folders
from migrate.model.case import DEFAULT_ENVIRONMENT, ProofCase
from migrate.model.facts import CellId, EnvironmentFacts, Failure, HelmInputs, ReleaseId, Run, ValuesFile
from migrate.model.paths import RepoPath
from migrate.model.proof import Proof
from migrate.model.reaching import Offline
from migrate.model.tree import blob_id
from migrate.ports import COMMANDS, Progress, Side, SideFactory
from migrate.references import read_ahead

MODERN = "modern helmfile"
"""The key of `SideFactory.versions` that says that helmfile 1.x is at hand."""
MODERN_SIDE = 2
"""its place behind the old and the new side"""
LATER = "the new state file comes in a later phase"
ASKED_ONLINE = "migrate.yaml says `offline: false`"
WORKERS = 8
"""Calls of helmfile and helm under way at once; the factory limits how many of them run."""

A = TypeVar("A")
B = TypeVar("B")


def prove(case: ProofCase, factory: SideFactory, progress: Progress) -> Proof:
    """The judgement of two commits. What the tools refuse outright (ToolMissing, BadInput) is raised."""
    return judge(gather(case, factory, progress))


def judge(gathered: Gathered) -> Proof:
    """The verdicts that follow from what was gathered. Pure."""
    record = gathered.case.record
    possible = (
        (ON_CURRENT, gathered.modern),
        (WITH_VARIABLES, gathered.with_variables),
        (LOCKED, charts_locked.is_asked(gathered.case)),
        (OFFLINE, gathered.offline),
    )
    claims = tuple(claim(gathered) for claim in (*CLAIMS, *(claim for claim, given in possible if given)))
    cells = judge_cells(gathered, claims)
    return Proof(
        base=gathered.case.base,
        branch=gathered.case.branch,
        tools=gathered.tools,
        cells=cells,
        claims=claims,
        declared_changes=(
            *declared_changes(gathered),
            *loads_on_current.declared_changes(gathered),
            *skip_deps.declared(gathered),
            *chart_labels.declared(gathered),
        ),
        left_out=tuple(_left_out(gathered)),
        edited=tuple(dict.fromkeys((*record.edited, *overwritten(gathered.case)))) if record else (),
        removed=tuple(path for path in record.removed if path not in _replaced(gathered.case)) if record else (),
        unmatched=tuple(str(entry) for entry in gathered.case.unproved if not any(entry.covers(c.id, c.cause) for c in cells)),
    )


def _replaced(case: ProofCase) -> frozenset[RepoPath]:
    """The legacy files whose content is judged at its new place: those with a copy, and the merged state files."""
    copied = case.record.copies if case.record else ()
    return frozenset((*case.merged, *(old for old, new in copied if case.old.entries.get(old) == case.new.entries.get(new))))


def _left_out(gathered: Gathered) -> Iterator[str]:
    if not gathered.modern:
        yield f"loads_on_current: {LATER if gathered.case.legacy_runs else 'helmfile 1.x is not installed'}"
    yield from commands_equal.left_out(gathered)
    yield from left_for_later(gathered.case)
    if not gathered.offline:
        yield f"renders_offline: {gathered.online}"


def gather(case: ProofCase, factory: SideFactory, progress: Progress, *, only: str = "") -> Gathered:
    """All measurements, with both sides closed again; of one environment alone if `only` names it."""
    tools = factory.versions()
    before, after = needed(case.old, case.old_state), needed(case.new, case.new_state)
    given = looks((before, after))
    online = LATER if case.legacy_runs else factory.without_network() if case.offline else ASKED_ONLINE
    with ExitStack() as stack:
        reading = None if only else stack.enter_context(_reading(case))

        def sides(these: Mapping[str, str], *, cut: bool = False) -> list[Side]:
            old = factory.open(
                before,
                case.old_state,
                lent=case.lent_old,
                hooks=case.hooks,
                variables=these,
                fetch=case.fetch,
                complete=case.incomplete,
            )
            new = factory.open(after, case.new_state, lent=case.lent_new, hooks=case.hooks, variables=these, offline=cut)
            return [stack.enter_context(old), stack.enter_context(new)]

        asked = sides({}, cut=not online)
        if MODERN in tools and not case.legacy_runs:
            modern = factory.open(after, case.new_state, lent=case.lent_new, modern=True, hooks=case.hooks)
            asked.append(stack.enter_context(modern))
        measurement = _Measurement(case, asked, tools, progress, only)
        gathered = measurement.gathered(reading)
        gathered = replace(gathered, offline=None if online else measurement.offline(gathered.new), online=online)
        again = [_Measurement(case, sides(these), tools, progress, only).gathered(render=False) for these in given]
        gathered = replace(gathered, with_variables=tuple(again))
    return replace(gathered, complaints={script: factory.shell_complaint(script) for script in dict.fromkeys(scripts(case))})


@contextmanager
def _reading(case: ProofCase) -> Iterator[Future[object]]:
    """The files that the command lines are in are read while helmfile is asked; no longer than the block lasts."""
    ended = Event()
    read = takewhile(lambda _: not ended.is_set(), read_ahead(case.old, case.new, moves_of(case)))
    with ThreadPoolExecutor(1) as pool:
        try:
            yield pool.submit(deque[object], read, 0)
        finally:
            ended.set()


def gather_from(case: ProofCase, sides: Sequence[Side], tools: Mapping[str, str], *, only: str, render: bool) -> Gathered:
    """The measurements of one environment on sides that are open and stay so: the old, the new; without renders if so asked."""
    return _Measurement(case, sides, tools, lambda *_: None, only).gathered(render=render)


class _Measurement:
    """The sides while they are open."""

    def __init__(self, case: ProofCase, sides: Sequence[Side], tools: Mapping[str, str], progress: Progress, only: str) -> None:
        self._case = case
        self._sides = sides
        self._tools = tools
        self._progress = progress
        self._only = only
        self._stopped = Event()

    def gathered(self, reading: Future[object] | None = None, *, render: bool = True) -> Gathered:
        """`reading` is somebody at work on the files that the command lines are in."""
        facts = self._all_facts()
        modern = facts[MODERN_SIDE] if len(facts) > MODERN_SIDE else None
        gathered = Gathered(self._case, facts[0], facts[1], self._tools, cells_of(facts), {}, modern=modern)
        if not render:
            return self._with_values(gathered)
        with ThreadPoolExecutor(1) as beside, self._stopped_by_an_error():  # neither waits for the last calls of the other
            commands = beside.submit(lambda: {} if self._only else self._commands(facts[0], reading))
            with_values = self._with_values(gathered)
            renders = self._renders(with_values)
            return replace(with_values, renders=renders, commands=commands.result())

    @contextmanager
    def _stopped_by_an_error(self) -> Iterator[None]:
        """No more jobs are begun once something went wrong or the user interrupts."""
        try:
            yield
        except BaseException:
            self._stopped.set()
            raise

    def _with_values(self, gathered: Gathered) -> Gathered:
        modern = gathered.modern
        old, new = values_apart(gathered.cells, gathered.old, gathered.new)
        also_new, current = values_apart(gathered.cells, gathered.new, modern) if modern else ([], [])
        with_values = replace(
            gathered,
            old_merged=self._merged(0, old),
            new_merged=self._merged(1, [*new, *also_new]),
            modern_merged=self._merged(2, current),
        )
        completed = {chart: self._ids(self._sides[0].completed(chart)) for chart in self._case.incomplete}
        return replace(with_values, fetched=self._fetched(with_values), completed=completed)

    def _fetched(self, gathered: Gathered) -> Fetched:
        """The charts that the old tree lacks, of the releases that it does not render: only their files are left to compare."""
        cells = [cell for cell in gathered.cells if self._case.fetch and gathered.old.template(cell) is None]
        named = {address_of(self._case.old, found) for cell in cells for found in gathered.old.definitions(cell)}
        wanted = sorted(address for address in named if address is not None)
        old = self._sides[0]
        found = self._each("fetching charts", wanted, lambda a: old.fetched(a.chart, a.version, devel=a.devel))
        known = ((address, files) for address, files in zip(wanted, found, strict=True) if files is not None)
        return {address: self._ids(files) for address, files in known}

    def _ids(self, files: Mapping[str, bytes]) -> Mapping[str, str]:
        return {name: blob_id(data, self._case.old.digits) for name, data in files.items()}

    def offline(self, new: SideFacts) -> Offline:
        """What the new side wanted of the network that is cut off from it. Asked last, when all else has been."""
        side, charts = self._sides[1], built_charts(new)
        prepared = self._each("building dependencies with the network cut off", charts, side.prepared)
        return Offline(side.reached_out(), dict(zip(charts, prepared, strict=True)))

    def _all_facts(self) -> list[SideFacts]:
        """The facts of each side for every environment that the case or a `build` names."""
        found: list[dict[str, EnvironmentFacts]] = [{} for _ in self._sides]
        wanted = [self._only] if self._only else sorted({*self._case.environments, DEFAULT_ENVIRONMENT})
        while wanted:
            jobs = [(number, name) for name in wanted for number in range(len(self._sides))]
            results = self._each("asking helmfile", jobs, lambda job: self._facts(*job))
            for (number, name), facts in zip(jobs, results, strict=True):
                found[number][name] = facts
            wanted = [] if self._only else sorted(self._declared(found) - found[0].keys())
        self._fill(found)
        self._fill_broken(found)
        return [SideFacts(side.tree, side.state_file, facts) for side, facts in zip(self._sides, found, strict=True)]

    def _facts(self, number: int, environment: str, expected: Sequence[ReleaseId] = ()) -> EnvironmentFacts:
        """helmfile 1.x is asked only for what its claim looks at."""
        commands = ON_CURRENT_COMMANDS if number == MODERN_SIDE else COMMANDS
        return self._sides[number].facts(environment, expected, commands)

    def _declared(self, found: Sequence[Mapping[str, EnvironmentFacts]]) -> set[str]:
        """The environments that the asked state files name, as `build` prints them. Those of sub-helmfiles can't be asked for."""
        names: set[str] = set()
        for side, environments in zip(self._sides, found, strict=True):
            for facts in environments.values():
                states = () if isinstance(facts.states, Failure) else facts.states
                own = (state for state in states if state.source == side.state_file)
                names.update(name for state in own for name in state.document.get("environments") or {})
        return names

    def _fill(self, found: list[dict[str, EnvironmentFacts]]) -> None:
        """Ask again where `list` fails though the environment loads: each release known from elsewhere is then run by itself."""
        known = self._known(found)
        jobs = [
            (number, name)
            for number, environments in enumerate(found)
            for name, facts in environments.items()
            if isinstance(facts.listed, Failure) and not isinstance(facts.states, Failure)
        ]
        results = self._each("asking release by release", jobs, lambda job: self._facts(*job, known))
        for (number, name), facts in zip(jobs, results, strict=True):
            found[number][name] = facts

    def _fill_broken(self, found: list[dict[str, EnvironmentFacts]]) -> None:
        """`sync` of each release by itself where a state file beside the asked one fails to load: others may deploy before it."""
        jobs = [
            (number, name, release)
            for number, environments in enumerate(found[:MODERN_SIDE])
            for name, facts in environments.items()
            if isinstance(facts.states, Failure) and facts.states.path != self._sides[number].state_file
            for release in self._known(found)
        ]
        runs = self._each("deploying release by release", jobs, lambda job: self._sides[job[0]].record(job[1], "sync", job[2]))
        for (number, name, release), run in zip(jobs, runs, strict=True):
            facts = found[number][name]
            found[number][name] = replace(facts, alone_sync={**facts.alone_sync, release: run})

    def _known(self, found: Sequence[Mapping[str, EnvironmentFacts]]) -> Sequence[ReleaseId]:
        """Every release that any side knows in any environment."""
        sides = [SideFacts(s.tree, s.state_file, facts) for s, facts in zip(self._sides, found, strict=True)]
        return sorted({release for side in sides for name in side.environments for release in side.releases(name)})

    def _commands(self, old: SideFacts, reading: Future[object] | None) -> Mapping[CommandForm, tuple[Run, Run]]:
        """The repository's own command lines, run on both sides."""
        if reading is not None:
            reading.result()
        forms = command_forms(self._case, old)
        words = list(dict.fromkeys((number, form) for f in forms for number, form in ((0, f.old), (1, f.new))))
        runs = dict(
            zip(words, self._each("running command lines", words, lambda w: self._sides[w[0]].command(w[1])), strict=True)
        )
        return {form: (runs[0, form.old], runs[1, form.new]) for form in forms}

    def _merged(self, number: int, values: Iterable[tuple[ValuesFile, ...]]) -> Merged:
        """What helm reads from sets of values files, as digests only."""
        wanted = {digests_of(files): files for files in values}
        read = self._each("reading values", list(wanted.values()), lambda files: _read(self._sides[number], files))
        return dict(zip(wanted, read, strict=True))

    def _renders(self, gathered: Gathered) -> Mapping[CellId, RenderResult]:
        """One comparison for each distinct pair of inputs; a render is never shared by the two sides."""
        pairs: dict[tuple[object, object], tuple[HelmInputs, HelmInputs, bool]] = {}
        cells: dict[CellId, tuple[object, object]] = {}
        for cell in gathered.cells:
            old, new = gathered.old.template(cell), gathered.new.template(cell)
            if old is not None and new is not None:
                before, after = inputs_of(old), inputs_of(new)
                cells[cell] = before.key, after.key
                same = not unequal_inputs(old, new, gathered.old_merged, gathered.new_merged)
                pairs[cells[cell]] = before, after, same
        results = self._each("rendering", list(pairs.values()), self._compared)
        by_pair = dict(zip(pairs, results, strict=True))
        return {cell: by_pair[pair] for cell, pair in cells.items()}

    def _compared(self, pair: tuple[HelmInputs, HelmInputs, bool]) -> RenderResult:
        old, new = self._sides[0], self._sides[1]
        before, after, same = pair
        plain = compare_renders(lambda: old.render(before), lambda: new.render(after), certified=same)
        if not all(builds_from_folders(side.tree, inputs.chart_folder) for side, inputs in ((old, before), (new, after))):
            return plain
        built = compare_renders(lambda: old.render(before, built=True), lambda: new.render(after, built=True), certified=same)
        return both_ways(plain, built)

    def _each(self, what: str, jobs: Sequence[A], work: Callable[[A], B]) -> list[B]:
        """The results in the order of the jobs, with progress told as they come."""
        done, lock = 0, Lock()

        def one(job: A) -> B:
            nonlocal done
            if self._stopped.is_set():
                raise CancelledError
            result = work(job)
            with lock:
                done += 1
                self._progress(what, done, len(jobs))
            return result

        if not jobs:
            return []
        self._progress(what, 0, len(jobs))
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, jobs))


def _read(side: Side, files: tuple[ValuesFile, ...]) -> str | Failure:
    read = side.read_values(files)
    return read if isinstance(read, Failure) else hashlib.sha256(read).hexdigest()
