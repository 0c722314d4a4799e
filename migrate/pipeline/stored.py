"""The stored proof: what a proof leaves behind, and where it is found again.

`apply` writes it into the message of its last commit. There it needs no second ref, is pushed and signed with the branch, and
is seen where the commit is seen. A message can't name its own commit; it names the tree, and git ties the two together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from migrate import __version__
from migrate.errors import NoStoredProof, StoredProofDiffers
from migrate.model.case import ProofCase
from migrate.model.proof import Proof
from migrate.model.settings import Settings
from migrate.model.stored_difference import other_commits
from migrate.model.stored_proof import SCHEMA, Conditions, StoredProof, lent_digest, stored
from migrate.model.tree_id import tree_id
from migrate.pipeline.recorded import HISTORY
from migrate.ports import Repository

BLOCK = re.compile(r"^\{$.*?^\}$", re.MULTILINE | re.DOTALL)


def conditions(settings: Settings, passed: tuple[str, ...], lent: Mapping[str, bytes], base: str) -> Conditions:
    """What a proof was made under. Of lent files only a slow, salted digest is kept."""
    return Conditions(
        migrate=__version__,
        settings=settings.digest,
        passed=passed,
        lent={name: lent_digest(content, base, name) for name, content in lent.items()},
        run_commands=settings.run_commands,
    )


def stored_proof(proof: Proof, case: ProofCase, under: Conditions, *, branch: str) -> StoredProof:
    """What is kept of a proof; `branch` is the commit that was judged, or empty if it does not exist yet."""
    return stored(proof, branch=branch, tree=tree_id(case.new), states=(case.old_state, case.new_state), conditions=under)


def in_words(kept: StoredProof) -> str:
    """The part of a commit message that holds a stored proof."""
    counts = Counter[str]()
    for each in kept.cells.values():
        counts.update(each)
    figures = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    claims = f"{len(kept.claims)} claims, {sum(counts.values())} cells: {figures}"
    return f"Proved: {claims}.\n`migrate prove --verify` proves it again and compares:\n\n{kept.to_json().rstrip()}"


def stored_in_history(repository: Repository, base: str, branch: str) -> StoredProof:
    """The newest stored proof in the messages of the commits that the branch has and the base has not; NoStoredProof."""
    for commit, message in _messages(repository, base, branch):
        for block in BLOCK.findall(message):
            if f'"{SCHEMA}"' in block:
                return StoredProof.from_json(block, f"the message of commit {commit[:12]}")
    hint = "`apply` stores one in its last commit, unless a squash dropped it; `migrate prove --store FILE` makes one"
    raise NoStoredProof(f"no commit of {branch[:12]} that {base[:12]} lacks holds a stored proof", hint=hint)


def _messages(repository: Repository, base: str, branch: str) -> Iterator[tuple[str, str]]:
    below = frozenset(repository.ancestors(base, first_parent=False, limit=HISTORY))
    for commit in repository.ancestors(branch, first_parent=False, limit=HISTORY):
        if commit not in below:
            yield commit, repository.message(commit)


def require_same_commits(kept: StoredProof, case: ProofCase) -> None:
    """StoredProofDiffers if a stored proof speaks of other commits than those that are to be judged."""
    if found := other_commits(kept, case.base, case.branch, tree_id(case.new), (case.old_state, case.new_state)):
        hint = "`migrate prove` without --verify judges what is there now"
        raise StoredProofDiffers(f"the stored proof speaks of other commits: {'; '.join(found)}", hint=hint)
