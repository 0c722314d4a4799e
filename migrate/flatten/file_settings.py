"""Files that repositories and helmDefaults name by a path from the state file's folder: certificates, key rings, renderers."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.analyzers.releases import original, resolved
from migrate.flatten.document import Composer
from migrate.flatten.ground import Ground
from migrate.flatten.places import Places
from migrate.flatten.snippet import scalar
from migrate.formats.state_source import sequence
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath, relative

OF_REPOSITORIES = ("caFile", "certFile", "keyFile", "keyring")
OF_DEFAULTS = ("keyring", "postRenderer", "postRendererArgs")


def respell_repositories(ground: Ground, places: Places, composer: Composer) -> Iterator[Finding]:
    """New texts for the files that repositories name; a blocking `unmapped-path` for one that a template makes."""
    for state in ground.inventory.states:
        for text, block in composer.blocks(state.path, "repositories"):
            for node in (found for item in sequence(block) for key in OF_REPOSITORIES if (found := item.get(key))):
                written = original(text.part, node)
                path = resolved(state.path.folder, written)
                if path is not None and not written.startswith("/"):
                    text.snippet.replace(node, scalar(relative(places.target(path) or path, ground.layout.folder)))
                elif "{{" in written:
                    message = f"it can't be told which file `{written}` means"
                    line = text.part.line + node.line - 1
                    yield Finding("unmapped-path", Severity.BLOCKING, state.path, line, message, "name a file")


def defaults_findings(ground: Ground, composer: Composer) -> Iterator[Finding]:
    """A blocking `unmapped-path` for each file of a state file's helmDefaults: they are written at several releases."""
    for state in ground.inventory.states:
        for text, block in composer.blocks(state.path, "helmDefaults"):
            for node in (found for key in OF_DEFAULTS if (found := block.value.get(key)) is not None):
                for word in node.items if node.kind == "sequence" else (node,):
                    if _is_path(ground, state.path, original(text.part, word)):
                        yield _unmapped(state.path, text.part.line + word.line - 1, original(text.part, word))


def _is_path(ground: Ground, state: RepoPath, written: str) -> bool:
    if written.startswith(("/", "-")):
        return False
    return "/" in written or resolved(state.folder, written) in ground.tree


def _unmapped(state: RepoPath, line: int, written: str) -> Finding:
    message = f"`{written}` is a path from {state.folder or 'the top'}, and afterwards helm runs in another folder"
    return Finding("unmapped-path", Severity.BLOCKING, state, line, message, "set it at the releases, or name an absolute path")
