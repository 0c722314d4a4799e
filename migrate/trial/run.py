"""Faults -> which of them the proof catches. Each is looked at narrowly first; what no look shows gets a whole proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from threading import Lock
from types import MappingProxyType

from migrate import measuring, prover
from migrate.analyzers.needed import needed
from migrate.claims import Claim
from migrate.claims.gathered import Gathered
from migrate.model.case import Attributes, ProofCase
from migrate.model.planted import Fault, SelfTest, Tried
from migrate.model.proof import ClaimVerdict
from migrate.model.tree import Tree
from migrate.plant import KINDS, Ground, Planter, plant
from migrate.ports import Overlays, Progress, Side, SideFactory
from migrate.trial.looks import JUDGING, NAMED, Look, Question, file_claims_for, looks_for
from migrate.trial.sides import Memory, Narrowed, RememberedOld

AttributesOf = Callable[[Tree], Attributes]
"""A tree -> the git attributes of all its paths, by its own .gitattributes."""
WORKERS = 4
RENDERED = 2
"""Of how many faults of a kind one is rendered even if the first witness sees it: renders take most of the time."""
FILES, WHOLE = "files", "whole proof"


def try_faults(  # noqa: PLR0913 -- what is tried, then the outside world
    healthy: Gathered,
    factory: SideFactory,
    attributes: AttributesOf,
    progress: Progress,
    *,
    count: int,
    seed: int,
    claims: Mapping[str, Claim] = NAMED,
    kinds: Mapping[str, Planter] = KINDS,
) -> SelfTest:
    """Plant at most `count` faults in the new tree of a proof that holds, and judge each of them alone.

    The same seed plants the same faults. `claims` are those that looks and whole proofs are judged by, `kinds` what is planted.
    """
    ground = Ground(healthy.case, healthy.new.environments, healthy.old.sources())
    faults = plant(ground, count, seed, kinds)
    with _opened(healthy.case, factory) as (old, overlays):
        trial = _Trial(healthy, factory, attributes, claims, old, overlays)
        tried = trial.all(faults, progress)
    return SelfTest(seed, count, tuple(kinds), tuple(tried))


@contextmanager
def _opened(case: ProofCase, factory: SideFactory) -> Iterator[tuple[Side, Overlays]]:
    """The old side, and the new tree for faulty ones to be laid over."""
    before, after = needed(case.old, case.old_state), needed(case.new, case.new_state)
    with ExitStack() as stack:
        old = stack.enter_context(
            factory.open(before, case.old_state, lent=case.lent_old, hooks=case.hooks, fetch=case.fetch, complete=case.incomplete)
        )
        overlays = stack.enter_context(factory.overlays(after, case.new_state, lent=case.lent_new, hooks=case.hooks))
        yield old, overlays


@dataclass(slots=True)
class _Trial:
    """The judging of faults one by one. Safe to use from several threads."""

    healthy: Gathered
    factory: SideFactory
    attributes: AttributesOf
    claims: Mapping[str, Claim]
    old: Side
    overlays: Overlays
    _memory: Memory = field(init=False)
    _controls: Memory = field(init=False)
    _tops: frozenset[str] = field(init=False)
    _whole: Lock = field(init=False, default_factory=Lock)

    def __post_init__(self) -> None:
        case = self.healthy.case
        self._memory, self._controls = Memory(self.old), Memory(self.old)
        self._tops = frozenset(path.partition("/")[0] for path in needed(case.new, case.new_state) if "/" in path)

    def all(self, faults: Sequence[Fault], progress: Progress) -> list[Tried]:
        """The outcomes in the order of the faults."""
        done, lock = 0, Lock()

        def one(job: tuple[Fault, bool]) -> Tried:
            nonlocal done
            tried = self.one(job[0], render=job[1])
            with lock:
                done += 1
                progress("trying planted faults", done, len(faults))
            return tried

        pool = ThreadPoolExecutor(WORKERS)
        try:
            return list(pool.map(one, _with_renders(faults)))
        finally:
            pool.shutdown(cancel_futures=True)

    def one(self, fault: Fault, *, render: bool) -> Tried:
        """What the proof makes of a fault, looked at until a claim that has to see it does."""
        case = self._faulty(fault)
        failing: set[str] = set()
        for name, found in self._looks(fault, case, render=render):
            failing |= found
            if found & fault.expected or (found and not fault.expected):
                return Tried(fault, tuple(sorted(failing)), name)
        return Tried(fault, tuple(sorted(failing)), "")

    def _faulty(self, fault: Fault) -> ProofCase:
        case = self.healthy.case
        new = fault.applied_to(case.new)
        ruled = any(path.name == ".gitattributes" for path in fault.touched)
        return replace(case, new=new, new_attributes=self.attributes(new) if ruled else case.new_attributes)

    def _looks(self, fault: Fault, case: ProofCase, *, render: bool) -> Iterator[tuple[str, frozenset[str]]]:
        """Each look with the claims that fail in it."""
        names = file_claims_for(fault)
        if names:
            yield FILES, self._failing(replace(self.healthy, case=case), names)
        yield from self._narrow(fault, case, render=render)
        with self._whole:
            yield WHOLE, self._failing_whole(case)

    def _narrow(self, fault: Fault, case: ProofCase, *, render: bool) -> Iterator[tuple[str, frozenset[str]]]:
        looks = (look for look in looks_for(fault, render=render) if self._is_witness(look))
        first = next(looks, None)
        if first is not None:
            with self.overlays.open(self._part(case.new)) as side:
                for look in chain((first,), looks):
                    yield str(look), self._failing(self._look(look, case, side), JUDGING[look.question])

    def _look(self, look: Look, case: ProofCase, side: Side) -> Gathered:
        sides = RememberedOld(self._memory, look), Narrowed(side, look)
        render = look.question is Question.RENDER
        return measuring.gather_from(case, sides, self.healthy.tools, only=look.environment, render=render)

    def _is_witness(self, look: Look) -> bool:
        """Whether the same look at the healthy tree finds nothing wrong, and something to judge."""
        return self._controls.once(look, lambda: self._control(look))

    def _control(self, look: Look) -> bool:
        case = self.healthy.case
        with self.overlays.open(self._part(case.new)) as side:
            gathered = self._look(look, case, side)
            verdicts = {self.claims[name](gathered).verdict for name in JUDGING[look.question] if name in self.claims}
            return ClaimVerdict.HOLDS in verdicts and ClaimVerdict.FAILS not in verdicts

    def _failing(self, gathered: Gathered, names: Sequence[str]) -> frozenset[str]:
        judged = (self.claims[name](gathered) for name in names if name in self.claims)
        return frozenset(result.claim for result in judged if result.verdict is ClaimVerdict.FAILS)

    def _failing_whole(self, case: ProofCase) -> frozenset[str]:
        """Every claim of a whole proof that does not hold, and `cells` for a red one; what is left out of `claims` has no say."""
        proof = prover.prove(case, self.factory, lambda *_: None)
        failing = {claim.claim for claim in proof.claims if claim.verdict is not ClaimVerdict.HOLDS}
        red = {"cells"} if any(not cell.verdict.green for cell in proof.cells) else set()
        return frozenset(name for name in failing | red if name in self.claims or name not in NAMED)

    def _part(self, tree: Tree) -> Tree:
        """What of a tree helmfile can read: the folders that it reads of the healthy one."""
        kept = {path: entry for path, entry in tree.entries.items() if "/" not in path or path.partition("/")[0] in self._tops}
        return Tree(tree.commit, MappingProxyType(kept), tree.reader, tree.fresh)


def _with_renders(faults: Sequence[Fault]) -> Iterator[tuple[Fault, bool]]:
    """Each fault, and whether the second witness looks at it in any case: every other one of a kind that can show there."""
    seen: Counter[str] = Counter()
    for fault in faults:
        yield fault, seen[fault.kind] % RENDERED == 0
        seen[fault.kind] += bool(fault.cells)
