"""Files of well-known tools in YAML or JSON: which of their values are paths, patterns, or regular expressions.

Adding one is a line in `TOOLS`. A key path is written with `*` for any key or item, and `**` for any depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrate.formats.yaml_source import Node
from migrate.model.paths import RepoPath
from migrate.model.references import Mention, Piece
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.loose_calls import loose_calls
from migrate.references.snippet import Snippet
from migrate.references.tokens import mention
from migrate.references.yaml_paths import YamlPlaces

KIND = "settings"
EXPRESSION = "it is a regular expression, which is not rewritten"
INSIDE = "it is run in a container, where what is mounted decides what lies there"
OTHER_REPOSITORY = "`repoURL` decides whether it means this repository"


@dataclass(frozen=True, slots=True)
class Tool:
    """A kind of settings file: how it is named, and the keys of its paths.

    `files` is matched with the end of the path. `paths` are read from the file's own folder if `own`, else from the top;
    `patterns` are globs, where a `!` or a slash at the beginning is no part of the path; `parts` are `a:b` or `a=b` with a path
    in them; `expressions` are only told.
    """

    files: str
    paths: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    expressions: tuple[str, ...] = ()
    own: bool = False
    doubt: str = ""
    runs: bool = False
    """it has command lines, which run in a container"""


TOOLS: tuple[Tool, ...] = (
    Tool(r"\.coderabbit\.ya?ml", patterns=("reviews.path_filters.*", "reviews.path_instructions.*.path", "**.filePatterns.*")),
    Tool(r"\.github/dependabot\.ya?ml", patterns=("updates.*.directory", "updates.*.directories.*", "updates.*.exclude-paths.*")),
    Tool(r"\.github/labeler\.ya?ml", patterns=("**",)),
    Tool(r"\.github/auto_assign\.ya?ml|\.github/filters\.ya?ml", patterns=("**",)),
    Tool(r"\.pre-commit-config\.ya?ml", expressions=("**.files", "**.exclude"), patterns=("repos.*.hooks.*.args.*",)),
    Tool(
        r"(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml",
        paths=(
            "services.*.build",
            "services.*.build.context",
            "services.*.env_file",
            "services.*.env_file.*",
            "services.*.env_file.*.path",
            "services.*.extends.file",
            "services.*.volumes.*.source",
            "configs.*.file",
            "secrets.*.file",
            "include.*",
            "include.*.path",
        ),
        parts=("services.*.volumes.*",),
        own=True,
        runs=True,
    ),
    Tool(
        r"kustomization\.ya?ml|Kustomization",
        paths=(
            "resources.*",
            "bases.*",
            "components.*",
            "crds.*",
            "configurations.*",
            "generators.*",
            "transformers.*",
            "patchesStrategicMerge.*",
            "patches.*.path",
            "patchesJson6902.*.path",
            "replacements.*.path",
            "helmCharts.*.valuesFile",
            "helmCharts.*.additionalValuesFiles.*",
            "helmGlobals.chartHome",
            "openapi.path",
            "*.*.envs.*",
            "*.*.env",
        ),
        parts=("configMapGenerator.*.files.*", "secretGenerator.*.files.*"),
        own=True,
    ),
    Tool(r"(?:\.github/)?ct(?:-[^/]*)?\.ya?ml", patterns=("chart-dirs.*", "charts.*", "excluded-charts.*", "helm-extra-args")),
    Tool(r"(?:\.github/)?\.?codecov\.ya?ml", patterns=("ignore.*", "**.paths.*", "**.path")),
    Tool(r"mkdocs\.ya?ml", paths=("docs_dir", "site_dir", "theme.custom_dir", "watch.*"), own=True),
    Tool(
        r"renovate\.json|\.github/renovate\.json|\.renovaterc(?:\.json)?",
        patterns=("**.ignorePaths.*", "**.includePaths.*", "**.matchFileNames.*", "**.matchPaths.*"),
        expressions=("**.fileMatch.*", "**.managerFilePatterns.*"),
    ),
)
ARGO = Tool(
    "",
    paths=(
        "**.source.path",
        "**.sources.*.path",
        "**.generators.**.path",
        "**.helm.valueFiles.*",
        "**.helm.fileParameters.*.path",
    ),
    doubt=OTHER_REPOSITORY,
)
"""Applications of Argo CD, known by what they hold and not by their name"""
_ARGO = re.compile(rb"apiVersion:\s*argoproj\.io/")
_FIXED = re.compile(rb"[A-Za-z0-9_-]+/(?:[A-Za-z0-9_-]+/?)*")
_STATE = re.compile(rb"(?<![\w./-])helmfile\\*\.ya?ml(?:\\*\.gotmpl)?")
"""The root, with or without an escaped dot"""
_SEPARATED = re.compile(rb"[:=]")


class SettingsFiles:
    """Settings of tools that many repositories have."""

    def reads(self, path: RepoPath, head: bytes) -> bool:
        """By its path, or by its first lines for Argo CD."""
        return _tool(path, head) is not None

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:  # noqa: ARG002  # the shape of a finder
        """Each value stands for itself. UnreadableSource if it is no YAML."""
        tool = _tool(snippet.file, snippet.text)
        places = YamlPlaces.of(snippet, KIND)
        if tool is None:
            return
        for document in places.documents:
            folders = _folders(snippet.file, tool, document)
            for path, node in _scalars(document, ""):
                yield from _value(places, node, path, tool, folders)
        if tool.runs:
            yield from loose_calls(snippet, (_top(snippet.file),), KIND, INSIDE, "calls")


def _tool(path: RepoPath, text: bytes) -> Tool | None:
    named = next((tool for tool in TOOLS if re.search(rf"(?:^|/)(?:{tool.files})$", path)), None)
    return named or (ARGO if path.endswith((".yaml", ".yml")) and _ARGO.search(text) else None)


def _scalars(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Each scalar with its keys, joined by NUL; a list's items have `-`."""
    if node.kind == "scalar":
        yield path, node
    for key, value in node.pairs:
        yield from _scalars(value, f"{path}\0{key.value}")
    for item in node.items:
        yield from _scalars(item, f"{path}\0-")


def _is(path: str, keys: tuple[str, ...]) -> bool:
    return any(_expression(key).fullmatch(path) for key in keys)


def _expression(key: str) -> re.Pattern[str]:
    steps = {"**": "(?:\0[^\0]*)*", "*": "\0[^\0]*"}
    return re.compile("".join(steps.get(step, "\0" + re.escape(step)) for step in key.split(".")))


def _value(places: YamlPlaces, node: Node, path: str, tool: Tool, folders: tuple[str, ...]) -> Iterator[Mention]:
    place = Place(folders, group=f"value {node.line}")
    if _is(path, tool.expressions):
        yield from _fixed_parts(places, node, place)
    elif _is(path, tool.paths):
        yield from places.path(node, place, doubt=tool.doubt)
    elif _is(path, tool.patterns):
        yield from places.glob(node, place, tool.doubt)
    elif _is(path, tool.parts):
        for start, end in _separated(places.snippet(node).text):
            yield mention(places.snippet(node), start, end, place, KIND, doubt=places.doubt(node))


def _fixed_parts(places: YamlPlaces, node: Node, place: Place) -> Iterator[Mention]:
    """The paths that a regular expression holds."""
    text = places.snippet(node)
    for found in _FIXED.finditer(text.text):
        yield mention(text, *found.span(), place, KIND, doubt=EXPRESSION)
    for found in _STATE.finditer(text.text):
        pieces = (Piece(found[0].replace(b"\\", b"").decode()),)
        yield Mention(text.file, text.line(found.start()), pieces, place.folders, KIND, doubt=EXPRESSION, group=place.group)


def _separated(text: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    for found in (*_SEPARATED.finditer(text), None):
        end = found.start() if found else len(text)
        if end > at:
            yield at, end
        at = end + 1


def _folders(file: RepoPath, tool: Tool, document: Node) -> tuple[str, ...]:
    """The folders that paths are read from. Value files of an Argo CD application are read from that of its chart."""
    if tool is not ARGO:
        return (file.folder if tool.own else _top(file),)
    charts = (node.value for path, node in _scalars(document, "") if path.endswith("\0path"))
    return ("", *(chart for chart in charts if not set(chart) & set("{}*") and not chart.startswith(("/", ".."))))


def _top(path: RepoPath) -> str:
    """The folder that a tool takes for the top: where its settings lie, or the one above `.github`."""
    return path.folder.removesuffix(".github").rstrip("/")


SETTINGS_FILES = SettingsFiles()
"""The finder for settings of tools."""
