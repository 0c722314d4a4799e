"""Settings of whole state files that a flat file can't keep apart (3, 4, 5, 9)."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.analyzers.states import REMOTE
from migrate.flatten.refusals.subject import Subject, block
from migrate.formats.state_source import StateSource, sequence
from migrate.formats.yaml_source import plain
from migrate.model.findings import Finding, Severity

TWINS = frozenset(
    "atomic cascade cleanupOnFail createNamespace deleteTimeout deleteWait devel disableOpenAPIValidation"
    " disableValidation enableDNS force historyMax keyring kubeContext postRenderer postRendererArgs recreatePods"
    " skipDeps suppressOutputLineRegex timeout verify wait waitForJobs".split()
)
"""keys of helmDefaults that a release can carry itself with the same effect (state/state.go of helmfile 0.166.0).

insecureSkipTLSVerify is none: it is or-ed, so a release can't turn it off."""

STATE_SETTINGS = (
    "helmBinary",
    "kustomizeBinary",
    "lockFilePath",
    "apiVersions",
    "kubeVersion",
    "namespace",
    "kubeContext",
    "chart",
)
EMPTY_NAMES = ("values", "environments", "repositories", "releases", "helmfiles", "helmDefaults", "commonLabels", "hooks")
KNOWN = frozenset((*EMPTY_NAMES, *STATE_SETTINGS, "bases", "templates", "missingFileHandler", "filepath"))


def defaults_without_twin(subject: Subject) -> Iterator[Finding]:
    """3: keys of helmDefaults that no release can carry."""
    for source in subject.with_releases():
        for found in source.blocks("helmDefaults"):
            for key, value in found.value.pairs:
                if key.value not in TWINS and not (value.kind == "scalar" and value.value in ("false", "")):
                    line = source.line(found.part, key)
                    message = f"`helmDefaults.{key.value}` has no counterpart at a release: it would reach all of one flat file"
                    yield block("helm-defaults-without-twin", source.path, line, message)


def repositories(subject: Subject) -> Iterator[Finding]:
    """4: one repository name, two specifications."""
    seen: dict[str, tuple[object, str]] = {}
    for source in subject.states.sources.values():
        for found in source.blocks("repositories"):
            for item in sequence(found):
                name, spec, line = item.text("name"), plain(item), source.line(found.part, item)
                if name in seen and seen[name][0] != spec:
                    message = f"repository {name} is another one at {seen[name][1]}: today the first wins, in one file the last"
                    yield block("repository-conflict", source.path, line, message, "give one of them another name")
                seen.setdefault(name, (spec, f"{source.path}:{line}"))


def hooks(subject: Subject) -> Iterator[Finding]:
    """5: hooks of a state fire once a state file."""
    for source in subject.states.sources.values():
        for found in source.blocks("hooks"):
            if sequence(found):
                message = "hooks of a state file fire once for each state file; in one flat file they would fire at other moments"
                yield block("state-hooks", source.path, found.line, message, "make them hooks of a release")


def state_settings(subject: Subject) -> Iterator[Finding]:
    """3, 9 and later layouts: settings of a whole state file."""
    sources = subject.with_releases()
    for key in STATE_SETTINGS:
        specs = {plain(blocks[0].value) if (blocks := s.blocks(key)) else None for s in sources}
        if len(specs) > 1:
            source = next(s for s in sources if s.blocks(key))
            message = f"`{key}` is not the same in all state files that have releases"
            yield block("state-setting-differs", source.path, source.blocks(key)[0].line, message)
    for source in subject.states.sources.values():
        yield from _unknown(source)


def _unknown(source: StateSource) -> Iterator[Finding]:
    for key, reason in (("bases", "uses-bases"), ("templates", "uses-templates")):
        for found in source.blocks(key):
            yield block(reason, source.path, found.line, f"`{key}:` is not flattened yet", "resolve it by hand first")
            for item in sequence(found) if key == "bases" else ():
                if REMOTE.match(item.value):
                    message = f"`{item.value}` lies outside the repository"
                    yield block(
                        "remote-state", source.path, source.line(found.part, item), message, "bring it into the repository"
                    )
    for part in source.parts:
        for name, _ in part.root.pairs:
            if name.value not in KNOWN:
                yield block("unknown-key", source.path, source.line(part, name), f"`{name.value}:` is unknown here")


def file_handlers(subject: Subject) -> Iterator[Finding]:
    """9: missingFileHandler, of a state or of an environment."""
    sources = subject.with_releases()
    specs = {blocks[0].value.value if (blocks := s.blocks("missingFileHandler")) else "" for s in sources}
    for source in sources:
        for found in source.blocks("missingFileHandler"):
            if len(specs) > 1:
                message = "`missingFileHandler` is not the same in all state files that have releases"
                yield block("missing-file-handler-differs", source.path, found.line, message)
    yield from _environment_settings(subject)


def _environment_settings(subject: Subject) -> Iterator[Finding]:
    """A setting of an environment that a state file with releases has otherwise than the others, or than the root."""
    for key in ("missingFileHandler", "kubeContext"):
        texts: dict[str, dict[str, str]] = {}
        places: list[tuple[StateSource, str, int]] = []
        for source in {s.path: s for s in (*subject.with_releases(), *subject.root())}.values():
            for found in source.blocks("environments"):
                for name, value in found.value.pairs:
                    node = value.key(key) if value.kind == "mapping" else None
                    texts.setdefault(name.value, {})[source.path] = value.text(key) if value.kind == "mapping" else ""
                    if node is not None:
                        places.append((source, name.value, source.line(found.part, node)))
        for source, environment, line in places:
            here = texts[environment]
            without = key == "kubeContext" and any(s.path not in here for s in subject.with_releases())
            if len({*here.values(), *([""] if without else [])}) > 1:
                message = f"`{key}` of environment {environment} is not the same in all state files"
                yield block("missing-file-handler-differs", source.path, line, message)


def dead_defaults(subject: Subject) -> Iterator[Finding]:
    """A parent's settings that reach no release today, and must not start to."""
    root = subject.states.sources.get(subject.inventory.root)
    if root is None or root.blocks("releases"):
        return
    for key in ("helmDefaults", "commonLabels", "apiVersions", "kubeVersion", "templates", "repositories"):
        for found in root.blocks(key):
            if key == "repositories":
                continue
            message = f"`{key}:` of the root reach no release (a sub-helmfile inherits nothing); they are not carried over"
            hint = "add them to the releases in a change of its own if they are wanted"
            slug = "dead-helm-defaults" if key == "helmDefaults" else "dead-root-setting"
            yield Finding(slug, Severity.CHANGE, root.path, found.line, message, hint)
