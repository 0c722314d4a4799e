"""Chart.yaml, and the requirements.yaml of older charts, as typed values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from migrate.errors import PathLeavesRepository, UnreadableSource
from migrate.formats.plain_yaml import PlainDocument, load_plain
from migrate.model.charts import Dependency
from migrate.model.paths import resolve
from migrate.model.tree import Mode, Tree

MANIFEST = "Chart.yaml"
REQUIREMENTS = "requirements.yaml"
FILE_SCHEME = "file://"


@dataclass(frozen=True, slots=True)
class Named:
    """A text of the manifest with the key and the line where it stands."""

    key: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What Chart.yaml says. A key that is missing or of another kind is empty.

    `urls` are those of home, icon, sources and maintainers; `annotations` the keys of the annotations.
    """

    path: str
    name: str
    version: str
    app_version: str
    api_version: str
    description: str
    library: bool
    urls: tuple[Named, ...]
    annotations: tuple[Named, ...]
    dependencies: tuple[Dependency, ...]
    document: PlainDocument

    def line(self, key: str) -> int:
        """The line of a top-level key."""
        return self.document.line(key)


def read_manifest(tree: Tree, folder: str) -> Manifest:
    """The manifest of the chart in `folder` (`""` is the top of the repository).

    Dependencies of a requirements.yaml replace those of Chart.yaml, as in helm 3 (pkg/chart/loader/load.go). UnreadableSource
    for a file that is no YAML mapping, has no name, is a link, or whose blob is not there.
    """
    path = _join(folder, MANIFEST)
    document = _load(tree, path)
    name = _text(document.value.get("name"))
    if not name:
        raise UnreadableSource(f"{path}: the chart has no name", path=path, line=document.line("name"))
    return Manifest(
        path=path,
        name=name,
        version=_text(document.value.get("version")),
        app_version=_text(document.value.get("appVersion")),
        api_version=_text(document.value.get("apiVersion")),
        description=_text(document.value.get("description")),
        library=document.value.get("type") == "library",
        urls=tuple(_urls(document)),
        annotations=tuple(_annotations(document)),
        dependencies=_dependencies(tree, folder, document),
        document=document,
    )


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _load(tree: Tree, path: str) -> PlainDocument:
    if tree.entries[path].mode not in (Mode.FILE, Mode.EXECUTABLE):  # type: ignore[index]  # a RepoPath is equal to its text
        raise UnreadableSource(f"{path}: no regular file", path=path)
    try:
        document = _parsed(tree.read(path), path)
    except KeyError as error:
        raise UnreadableSource(f"{path}: its content is not in this clone", path=path) from error
    if not isinstance(document.value, dict):
        raise UnreadableSource(f"{path}: no YAML mapping", path=path)
    return document


def _parsed(data: bytes, path: str) -> PlainDocument:
    try:
        return replace(_parsed_anywhere(data), where=path)
    except UnreadableSource:
        return load_plain(data, path, strict=False)  # the same once more, with the place in its message


@lru_cache(maxsize=1024)
def _parsed_anywhere(data: bytes) -> PlainDocument:
    """Parsed once for all who ask, at an old place and a new one. Nobody may change it."""
    return load_plain(data, "", strict=False)


def _text(value: object) -> str:
    """A scalar as helm reads it into a text field: it goes through JSON, so that 1.10 becomes 1.1 (helm 3.15.3)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _urls(document: PlainDocument) -> Iterator[Named]:
    for key in ("home", "icon"):
        if _text(document.value.get(key)):
            yield Named(key, _text(document.value[key]), document.line(key))
    for index, source in enumerate(_items(document.value.get("sources"))):
        yield Named("sources", _text(source), document.line("sources", index))
    for index, person in enumerate(_items(document.value.get("maintainers"))):
        if isinstance(person, dict) and _text(person.get("url")):
            yield Named("maintainers", _text(person["url"]), document.line("maintainers", index, "url"))


def _annotations(document: PlainDocument) -> Iterator[Named]:
    annotations = document.value.get("annotations")
    for key in annotations if isinstance(annotations, dict) else ():
        yield Named("annotations", key, document.line("annotations", key))


def _dependencies(tree: Tree, folder: str, manifest: PlainDocument) -> tuple[Dependency, ...]:
    path = _join(folder, REQUIREMENTS)
    document = _load(tree, path) if path in tree else manifest
    entries = _items(document.value.get("dependencies"))
    return tuple(_dependency(folder, document, n, entry) for n, entry in enumerate(entries) if isinstance(entry, dict))


def _dependency(folder: str, document: PlainDocument, index: int, entry: dict[str, Any]) -> Dependency:
    repository = _text(entry.get("repository"))
    return Dependency(
        name=_text(entry.get("name")),
        version=_text(entry.get("version")),
        repository=repository,
        condition=_text(entry.get("condition")),
        alias=_text(entry.get("alias")),
        folder=_target(folder, repository),
        path=document.where,
        line=document.line("dependencies", index),
    )


def _target(folder: str, repository: str) -> str | None:
    if not repository.startswith(FILE_SCHEME):
        return None
    try:
        return resolve(folder, repository.removeprefix(FILE_SCHEME).strip())
    except PathLeavesRepository:
        return None
