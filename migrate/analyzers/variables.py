"""The environment variables that helmfile's templates read, by name, and those that vals puts into values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

_NAME = rb"([A-Za-z_][A-Za-z0-9_]*)"
_READS = (
    re.compile(rb"\b(?:env|requiredEnv)\s+[\"`]" + _NAME + rb"[\"`]"),
    re.compile(rb"[\"`]" + _NAME + rb"[\"`]\s*\|\s*(?:env|requiredEnv)\b"),
)
_TEXT = rb"(\"[^\"]*\"|`[^`]*`)"
_EXPANDS = re.compile(rb"\bexpandenv\s+" + _TEXT), re.compile(_TEXT + rb"\s*\|\s*expandenv\b")
_REFERS = re.compile(rb"ref\+envsubst://([^\s\"'`]+)")
"""A value that helmfile has vals replace, in any values of a release or an environment, rendered or not."""
_EXPANDED = re.compile(rb"\$\{?" + _NAME)
_RENDERED = re.compile(r"\.gotmpl$|(?:^|/)_[^/]*\.tpl$|\.ya?ml$")
_OF_CHARTS = re.compile(r"^(?P<chart>.*?)(?:^|/)(?:templates|crds)/")
"""helm knows no variables. A folder of this name beside no Chart.yaml is none of a chart."""
_ACTION = re.compile(rb"\{\{.*?\}\}", re.DOTALL)
_BRANCHES = re.compile(rb"\{\{-?\s*(?:if|else|with)\b")

_OF_HELM = (
    "BIN|BURST_LIMIT|.*_HOME|DEBUG|DIFF_.*|DRIVER.*|EXPERIMENTAL_.*|HOST|KUBE.*|MAX_HISTORY|NAMESPACE|NO_PLUGINS|PLUGIN.*|QPS"
    "|REGISTRY_.*|REPOSITORY_.*|SECRETS_.*|TLS_.*"
)
_OF_GIT = (
    "ASKPASS|CEILING_.*|COMMON_DIR|CONFIG.*|DIR|EXEC_PATH|INDEX_.*|NAMESPACE|OBJECT_.*|PROXY.*|SSH.*|SSL_.*|TRACE.*|WORK_TREE"
)
_OF_RECORDER = "RECORD|WORKSPACE|REAL_HELM|HELM_VERSION|PASS|INSTALLED|PAUSE"
_NEVER_SET = re.compile(
    rf"(?:HELMFILE|XDG|LD|DYLD|LC)_.*|HELM_(?:{_OF_HELM})|GIT_(?:{_OF_GIT})|MIGRATE_(?:{_OF_RECORDER})"
    r"|GO(?:DEBUG|FLAGS|GC|MAXPROCS|MEMLIMIT|TRACEBACK)|.*_proxy|KUBECONFIG|PATH|HOME|TMPDIR|LANG|TZ",
    re.IGNORECASE,
)
"""Variables that programs obey, not only templates."""
FIRST = 1_000_003
"""what the first variable is set to: a number that nobody writes out"""


def placeholders(names: Iterable[str]) -> Mapping[str, str]:
    """Another number for each variable that may be set: a number can stand where a text or a number is due."""
    wanted = sorted(name for name in names if not _NEVER_SET.fullmatch(name))
    return {name: str(FIRST + number) for number, name in enumerate(wanted)}


def looks(trees: Iterable[Tree]) -> tuple[Mapping[str, str], ...]:
    """What is set in each look: all variables first; then, of those that may hide each other, no two at once.

    `env "A" | default (env "B")` shows nothing of B while A is set. Variables hide each other within one action, and those of an
    `if`, `else` or `with` hide all others of their file.
    """
    names: set[str] = set()
    apart: set[frozenset[str]] = set()
    for tree in trees:
        for content in _contents(tree):
            names.update(_named(content))
            apart.update(_apart(content))
    numbers = placeholders(names)
    classes: list[set[str]] = []
    for name in sorted({name for pair in apart for name in pair if name in numbers}):
        home = next((c for c in classes if not any(frozenset((name, other)) in apart for other in c)), None)
        if home is None:
            classes.append({name})
        else:
            home.add(name)
    free = numbers.keys() - {name for each in classes for name in each}
    fewer = [{name: numbers[name] for name in sorted(free | each)} for each in classes] if len(classes) > 1 else []
    return (numbers, *fewer) if numbers else ()


def variables(tree: Tree) -> frozenset[str]:
    """The names that stand in state files, values templates and their helpers. A computed name is not found."""
    return frozenset(name for content in _contents(tree) for name in _named(content))


def _apart(content: bytes) -> Iterator[frozenset[str]]:
    """Pairs of variables of which one may hide the other."""
    everywhere = set(_named(content))
    for action in _ACTION.findall(content):
        here = set(_named(action))
        yield from map(frozenset, combinations(sorted(here), 2))
        if here and _BRANCHES.match(action):
            yield from (frozenset((one, other)) for one in here for other in everywhere - here)


def _contents(tree: Tree) -> Iterator[bytes]:
    """The texts that helmfile may render and that speak of the environment."""
    for path in tree:
        if (
            not _RENDERED.search(path)
            or _is_of_a_chart(tree, path)
            or tree.entries[path].mode not in (Mode.FILE, Mode.EXECUTABLE)
        ):
            continue
        try:
            content = tree.read(path)
        except KeyError:
            continue
        if b"env" in content or b"Env" in content:
            yield content


def _is_of_a_chart(tree: Tree, path: RepoPath) -> bool:
    found = _OF_CHARTS.match(path)
    return found is not None and RepoPath("/".join(filter(None, (found["chart"], "Chart.yaml")))) in tree


def _named(content: bytes) -> Iterator[str]:
    yield from (name.decode() for pattern in _READS for name in pattern.findall(content))
    texts = (text for pattern in (*_EXPANDS, _REFERS) for text in pattern.findall(content))
    yield from (name.decode() for text in texts for name in _EXPANDED.findall(text))
