"""The guard that stays after the cleanup: a script for CI that fails when a commit brings back a path that has moved.

It stands on its own (bash and git) and reads its table beside the record, one line a piece: the old path, a tab, the new one.
That is how writers from outside, who know nothing of the migration, learn where their file is now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import accumulate
from shlex import quote

from migrate.layout import Layout
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.operations import Create

SCRIPT = "check-legacy-paths.sh"
TABLE = "moved.txt"
WORKFLOWS = ".github/workflows"
WORKFLOW = "legacy-paths.yml"
SUB_ISSUE = 14

HEADING = f"""\
# What has moved: old path, tab, new path; a folder ends in a slash, nothing after the tab means that the piece is gone.
# {SCRIPT} lets no commit bring back an old path, nor anything in a folder that stands here.
"""
STEPS = """\
# Fails when a commit brings back a path that has moved; {table} says where the pieces are.
name: legacy-paths
on: [push, pull_request]
permissions:
  contents: read
jobs:
  legacy-paths:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - env:
          BEFORE: ${{{{ github.event_name == 'push' && !github.event.forced && github.event.before || '' }}}}
        run: |
          bash {script} "$BEFORE"
"""


def guard(moved: Mapping[str, str], layout: Layout, tree: Tree) -> tuple[Create, ...]:
    """The script, its table, and a workflow if the repository has any on GitHub.

    `moved` gives each legacy path its new one, or an empty text for one that is gone; `tree` is the tree without them: a folder
    of theirs in which it has nothing left is closed as a whole.
    """
    script, table = RepoPath(f"{layout.scripts}/{SCRIPT}"), RepoPath(f"{layout.record.folder}/{TABLE}")
    text = files("migrate.flatten").joinpath(SCRIPT).read_text(encoding="utf-8").replace("'@TABLE@'", quote(table))
    made = [
        Create(script, text, Mode.EXECUTABLE, "CI runs it, so that nothing comes back to a legacy path", SUB_ISSUE),
        Create(table, table_of(moved, tree), Mode.FILE, f"what {SCRIPT} knows of the move", SUB_ISSUE),
    ]
    if any(path.startswith(f"{WORKFLOWS}/") for path in tree):
        steps = STEPS.format(table=table, script=quote(script))
        made.append(Create(RepoPath(f"{WORKFLOWS}/{WORKFLOW}"), steps, Mode.FILE, f"runs {SCRIPT}", SUB_ISSUE))
    return tuple(made)


def table_of(moved: Mapping[str, str], tree: Tree) -> str:
    """The table, sorted. A folder that moved as it was is one line; one whose pieces went apart is closed, with a line each."""
    kept = frozenset(folder for path in tree for folder in _above(path))
    lines = sorted(_lines(dict(moved), "", kept), key=lambda line: line[0].encode("utf-8", "surrogateescape"))
    return HEADING + "".join(f"{_escaped(old)}\t{_escaped(new)}\n" for old, new in lines)


def _lines(moved: Mapping[str, str], folder: str, kept: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The lines for what lies below a folder (`""`, or with a slash at its end)."""
    if folder and folder not in kept:
        target = _moved_whole(moved, folder)
        yield folder, target or ""
        if target is not None:
            return
    below: dict[str, dict[str, str]] = {}
    for old, new in moved.items():
        head, slash, _ = old[len(folder) :].partition("/")
        below.setdefault(head + slash, {})[old] = new
    for name, pieces in below.items():
        if name.endswith("/"):
            yield from _lines(pieces, folder + name, kept)
        else:
            yield from pieces.items()


def _moved_whole(moved: Mapping[str, str], folder: str) -> str | None:
    """Where a folder went, if all of it went there under the same names (empty: it is gone); None if its pieces went apart.

    One file that was renamed says nothing of its folder.
    """
    if not any(moved.values()):
        return ""
    targets = {new[: -len(old) + len(folder)] for old, new in moved.items() if new.endswith("/" + old[len(folder) :])}
    alike = len(targets) == 1 and all(new == next(iter(targets)) + old[len(folder) :] for old, new in moved.items())
    return next(iter(targets)) if alike else None


def _above(path: str) -> Iterator[str]:
    """`a/b/c` -> `a/`, `a/b/`."""
    return (f"{folder}/" for folder in accumulate(path.split("/")[:-1], lambda above, name: f"{above}/{name}"))


def _escaped(path: str) -> str:
    """As bash's `printf %b` reads it back: tabs, line ends, backslashes and what is no UTF-8; a `#` would begin a comment."""
    text = path.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    text = "".join(f"\\0{ord(each) - 0xDC00:03o}" if "\udc80" <= each <= "\udcff" else each for each in text)
    return "\\0043" + text[1:] if text.startswith("#") else text
