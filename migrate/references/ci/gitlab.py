"""GitLab pipelines (docs.gitlab.com/ci/yaml): the commands of a job are one script, so that `cd` holds from line to line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrate.formats.yaml_source import EMPTY, Node
from migrate.model.paths import RepoPath
from migrate.model.references import TOP
from migrate.model.tree import Tree
from migrate.references.ci.around import NO_PATH, variables
from migrate.references.embedded import Script, Value
from migrate.references.finding import Found, Place
from migrate.references.snippet import Snippet
from migrate.references.yaml_paths import YamlPlaces, strings

KIND = "pipeline"
_PATH = re.compile(
    r"(?P<top>(?:.*/)?)(?:\.gitlab-ci\.ya?ml|\.gitlab-ci/.*\.ya?ml|\.gitlab/(?:ci/.*)?[^/]*\.ya?ml)|.*\.gitlab-ci\.ya?ml"
)
GLOBS = frozenset({"changes", "exists", "exclude", "paths", "files", "untracked"})
"""Keys below `rules`, `only`, `except`, `artifacts` and `cache` whose values are patterns"""
FILTERS = frozenset({"rules", "only", "except", "workflow"})
OTHER_PLACES = ("artifacts", "cache")
DEEPEST = 10
"""GitLab follows `extends` no further."""
NO_JOBS = frozenset({"stages", "variables", "image", "services", "include", "spec", "pages:deploy"})


class GitLab:
    """`.gitlab-ci.yml`, and the files that people include in it."""

    def reads(self, path: RepoPath, head: bytes) -> bool:  # noqa: ARG002  # the shape of a finder
        """By its path."""
        return bool(_PATH.fullmatch(path))

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:
        """Scripts by the shell rules, filters, artifacts and includes as paths."""
        places = YamlPlaces.of(snippet, KIND)
        found = _PATH.fullmatch(snippet.file)
        top = (found["top"] or "").rstrip("/") if found else ""
        for document in places.documents:
            yield from _Pipeline(tree, places, top, document).found()


@dataclass(frozen=True)
class _Pipeline:
    tree: Tree
    places: YamlPlaces
    top: str
    document: Node

    def found(self) -> Iterator[Found]:
        default = self.document.get("default") or EMPTY
        around = {key: self.document.get(key) or default.get(key) for key in ("before_script", "after_script")}
        given = variables(self.places, self.document.get("variables"))
        yield from self._values(self.document)
        yield from self._includes(self.document.get("include"))
        yield from self._filters(self.document.get("workflow") or EMPTY)
        for name, job in self.document.pairs:
            if job.kind == "mapping" and name.value not in NO_JOBS:
                yield from self._job(job, around, given)
        lone = [self.document.get(key) for key in ("before_script", "after_script", "script")]
        yield from (item for node in lone for item in self._script([node], given))

    def _job(self, job: Node, around: Mapping[str, Node | None], given: Mapping[str, Value]) -> Iterator[Found]:
        yield from self._values(job)
        yield from self._filters(job)
        for key in OTHER_PLACES:
            yield from self._globs(job.get(key), Place((self.top,)))
        yield from self._includes((job.get("trigger") or EMPTY).get("include"))
        parts = [*self._bases(job), job]
        own = dict(given)
        for part in parts:
            own |= variables(self.places, part.get("variables"))
        first, then, last = (_nearest(parts, key) for key in ("before_script", "script", "after_script"))
        yield from self._script([first or around["before_script"], then], own)
        yield from self._script([last or around["after_script"]], own)
        yield from self._script([(job.get("hooks") or EMPTY).get("pre_get_sources_script")], own)

    def _bases(self, job: Node, depth: int = 0) -> Iterator[Node]:
        """The jobs of this file that a job `extends`, the farthest first."""
        names = job.get("extends")
        for name in strings(names) if names is not None and depth < DEEPEST else ():
            base = self.document.get(name.value)
            if base is not None and base.kind == "mapping":
                yield from self._bases(base, depth + 1)
                yield base

    def _script(self, parts: list[Node | None], given: Mapping[str, Value]) -> Iterator[Found]:
        lines = [line for part in parts for line in strings(part)]
        if not lines:
            return
        doubt = next((doubt for line in lines if (doubt := self.places.doubt(line))), "")
        here = TOP + (f"/{self.top}" if self.top else "")
        own: dict[str, Value] = {**given, "CI_PROJECT_DIR": here}
        script = Script(self.places.file, self.places.yaml.data, own, kind=KIND, doubt=doubt)
        yield from script.add(*map(self.places.snippet, lines)).found(self.tree, Place((self.top,)))

    def _values(self, node: Node) -> Iterator[Found]:
        for key, value in (node.get("variables") or EMPTY).pairs:
            inner = value.get("value") if value.kind == "mapping" else value
            if inner is not None and "/" in inner.value and not NO_PATH.fullmatch(key.value):
                yield from self.places.path(inner, Place((self.top,)))

    def _filters(self, node: Node) -> Iterator[Found]:
        """What decides whether a job runs; each pattern stands for itself."""
        for key, value in node.pairs:
            if key.value in FILTERS:
                yield from self._globs(value, None)

    def _globs(self, node: Node | None, place: Place | None) -> Iterator[Found]:
        for below in (node or EMPTY).walk():
            for key, value in below.pairs:
                for pattern in strings(value) if key.value in GLOBS and value.kind != "mapping" else ():
                    yield from self.places.glob(pattern, place or Place((self.top,), group=f"filter {pattern.line}"))

    def _includes(self, node: Node | None) -> Iterator[Found]:
        """Files of this repository; a slash at their beginning means its top."""
        for item in (node, *(node.items if node else ())):
            if item is None or item.get("project") is not None:
                continue
            for local in (item.get("local"), item if item.kind == "scalar" and "://" not in item.value else None):
                if local is not None:
                    yield from self.places.glob(local, Place((self.top,)))


def _nearest(parts: list[Node], key: str) -> Node | None:
    return next((node for part in reversed(parts) if (node := part.get(key)) is not None), None)


GITLAB = GitLab()
"""The finder for GitLab pipelines."""
