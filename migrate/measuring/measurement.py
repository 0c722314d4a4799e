"""All that is asked of open sides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from migrate.claims.command_forms import CommandForm, command_forms
from migrate.claims.fetched import Fetched, address_of
from migrate.claims.gathered import Gathered, Merged, digests_of
from migrate.claims.matrix import cells_of, values_apart
from migrate.claims.outgoing import built_charts
from migrate.claims.side_facts import SideFacts
from migrate.measuring.environments import MODERN_SIDE, Environments
from migrate.measuring.jobs import Jobs
from migrate.measuring.renders import renders
from migrate.model.case import ProofCase
from migrate.model.facts import Failure, Run, ValuesFile
from migrate.model.reaching import Offline
from migrate.model.tree import blob_id
from migrate.ports import Progress, Side


class Measurement:
    """The sides while they are open."""

    def __init__(self, case: ProofCase, sides: Sequence[Side], tools: Mapping[str, str], progress: Progress, only: str) -> None:
        self._case = case
        self._sides = sides
        self._tools = tools
        self._only = only
        self._jobs = Jobs(progress)

    def gathered(self, reading: Future[object] | None = None, *, render: bool = True) -> Gathered:
        """`reading` is somebody at work on the files that the command lines are in."""
        facts = Environments(self._case, self._sides, self._only, self._jobs).facts()
        modern = facts[MODERN_SIDE] if len(facts) > MODERN_SIDE else None
        gathered = Gathered(self._case, facts[0], facts[1], self._tools, cells_of(facts), {}, modern=modern)
        if not render:
            return self._with_values(gathered)
        with ThreadPoolExecutor(1) as beside, self._jobs.stopped_by_an_error():  # neither waits for the last calls of the other
            commands = beside.submit(lambda: {} if self._only else self._commands(facts[0], reading))
            with_values = self._with_values(gathered)
            rendered = renders(with_values, self._sides, self._jobs)
            return replace(with_values, renders=rendered, commands=commands.result())

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
        found = self._jobs.each("fetching charts", wanted, lambda a: old.fetched(a.chart, a.version, devel=a.devel))
        known = ((address, files) for address, files in zip(wanted, found, strict=True) if files is not None)
        return {address: self._ids(files) for address, files in known}

    def _ids(self, files: Mapping[str, bytes]) -> Mapping[str, str]:
        return {name: blob_id(data, self._case.old.digits) for name, data in files.items()}

    def offline(self, new: SideFacts) -> Offline:
        """What the new side wanted of the network that is cut off from it. Asked last, when all else has been."""
        side, charts = self._sides[1], built_charts(new)
        prepared = self._jobs.each("building dependencies with the network cut off", charts, side.prepared)
        return Offline(side.reached_out(), dict(zip(charts, prepared, strict=True)))

    def _commands(self, old: SideFacts, reading: Future[object] | None) -> Mapping[CommandForm, tuple[Run, Run]]:
        """The repository's own command lines, run on both sides."""
        if reading is not None:
            reading.result()
        forms = command_forms(self._case, old)
        words = list(dict.fromkeys((number, form) for f in forms for number, form in ((0, f.old), (1, f.new))))
        runs = dict(
            zip(words, self._jobs.each("running command lines", words, lambda w: self._sides[w[0]].command(w[1])), strict=True)
        )
        return {form: (runs[0, form.old], runs[1, form.new]) for form in forms}

    def _merged(self, number: int, values: Iterable[tuple[ValuesFile, ...]]) -> Merged:
        """What helm reads from sets of values files, as digests only."""
        wanted = {digests_of(files): files for files in values}
        read = self._jobs.each("reading values", list(wanted.values()), lambda files: _read(self._sides[number], files))
        return dict(zip(wanted, read, strict=True))


def _read(side: Side, files: tuple[ValuesFile, ...]) -> str | Failure:
    read = side.read_values(files)
    return read if isinstance(read, Failure) else hashlib.sha256(read).hexdigest()
