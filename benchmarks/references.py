"""Whether the time to find references grows with the bytes only.

    python benchmarks/references.py          fails if four times the files cost more than six times the CPU time

Made trees, so that no helmfile is needed. The figures are CPU seconds of this process, the ratio is what counts.
"""

from __future__ import annotations

import sys
import time
from types import MappingProxyType

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.references import find_all
from migrate.references.moves import Moves

FILES = 300
ALLOWED = 6.0
KINDS = {
    "scripts/{}.sh": "set -e\nfor e in dev prod; do\n  helmfile -e $e diff\n  cat environments/$e/values.yaml\ndone\n",
    "tools/{}.py": "import subprocess\nfor e in ('dev', 'prod'):\n    open(f'environments/{{e}}/values.yaml')\n",
    "docs/{}.md": "# Notes\n\nSee `environments/dev/values.yaml`.\n\n```sh\nhelmfile -e dev apply\n```\n",
    "other/{}.txt": "nothing in here\n" * 40,
}
LEGACY = [RepoPath(f"environments/{name}/values.yaml") for name in ("dev", "prod")]


def made(count: int) -> Tree:
    """A tree with this many files of each kind."""
    put = dict.fromkeys(LEGACY, (Mode.FILE, b"a: 1\n"))
    for name, text in KINDS.items():
        put |= {RepoPath(name.format(number)): (Mode.FILE, f"{text}# {number}\n".encode()) for number in range(count)}
    return Tree("0" * 40, MappingProxyType({}), dict[str, bytes]().__getitem__).changed(put)


def seconds(count: int) -> float:
    """CPU time to find all references of such a tree."""
    tree = made(count)
    files = {path: RepoPath(f"helmfile/{path}") for path in LEGACY}
    root, state = RepoPath("helmfile.yaml"), RepoPath("helmfile/helmfile.yaml")
    start = time.process_time()
    for _ in find_all(tree, Moves(files, frozenset({root}), root, state, frozenset(tree))):
        pass
    return time.process_time() - start


if __name__ == "__main__":
    seconds(10)
    one, four = seconds(FILES), seconds(4 * FILES)
    sys.stdout.write(f"{FILES} files of each kind: {one:.2f} s, {4 * FILES}: {four:.2f} s, ratio {four / one:.1f}" + "\n")
    sys.exit(four / one > ALLOWED)
