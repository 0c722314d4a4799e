"""syntax_kept: a second parser accepts each edited file.

The edits were found by one parser; another one reads the result: bash for shell scripts, Python's own compiler, a strict YAML
reader, JSON. What it refused before it may refuse afterwards. Files of other kinds have no syntax that an edit could break.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterator

from migrate.claims.gathered import Gathered
from migrate.errors import UnreadableSource
from migrate.formats.plain_yaml import load_plain
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, Evidence
from migrate.model.tree import Tree

NAME = "syntax_kept"
ASSERTS = "a second parser accepts each edited file"
SHELL = (".sh", ".bash", ".bats", ".envrc")
_SHEBANG = re.compile(rb"#!.*\b(?:ba|da|k)?sh\b")


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each edited file, and one for the number of files."""
    evidence = tuple(_of_file(gathered, path) for path in edited(gathered.case))
    rest = Evidence("edited files", True, f"{len(evidence)} files differ between base and branch")
    return ClaimResult.of(NAME, ASSERTS, (*evidence, rest))


def edited(case: ProofCase) -> tuple[RepoPath, ...]:
    """The files that are on both sides, with other bytes."""
    return tuple(path for path, entry in case.old.entries.items() if path in case.new and case.new.entries[path].oid != entry.oid)


def scripts(case: ProofCase) -> Iterator[bytes]:
    """What bash has to be asked of: the edited shell scripts as they were and as they are."""
    for path in edited(case):
        for tree in (case.old, case.new):
            data = _bytes(tree, path)
            if data is not None and is_script(path, data):
                yield data


def is_script(path: RepoPath, data: bytes) -> bool:
    """Whether bash reads it, by its ending or its first line."""
    return path.endswith(SHELL) or bool(_SHEBANG.match(data))


def _bytes(tree: Tree, path: RepoPath) -> bytes | None:
    try:
        return tree.read(path)
    except KeyError:
        return None


def _of_file(gathered: Gathered, path: RepoPath) -> Evidence:
    before, after = _bytes(gathered.case.old, path), _bytes(gathered.case.new, path)
    if before is None or after is None:
        return Evidence(path, False, "its content is not in this clone")
    parser, accepts = _parser(gathered, path, after)
    trouble = accepts(after)
    if trouble and not accepts(before):
        return Evidence(path, False, f"{parser} refuses it: {trouble}")
    return Evidence(path, True, f"accepted by {parser}" if not trouble else f"{parser} refused it before as well")


def _parser(gathered: Gathered, path: RepoPath, data: bytes) -> tuple[str, Callable[[bytes], str]]:
    if is_script(path, data):
        return "bash", lambda text: gathered.complaints[text]
    if path.endswith(".py"):
        return "Python", _python
    if path.endswith((".yaml", ".yml")):
        return "the YAML reader", _yaml
    if path.endswith(".json"):
        return "the JSON reader", _json
    return "nobody, for it has no syntax", lambda _: ""


def _python(data: bytes) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "<edited>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return f"line {getattr(error, 'lineno', 0)}"
    return ""


def _yaml(data: bytes) -> str:
    try:
        load_plain(data, "it")
    except UnreadableSource as error:
        return error.message
    return ""


def _json(data: bytes) -> str:
    try:
        json.loads(data)
    except ValueError as error:
        return str(error)
    return ""
