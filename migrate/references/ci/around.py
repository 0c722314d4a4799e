"""What holds for a step from outside of it: variables, the folder, the shell, and where the repository was checked out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from migrate.errors import PathLeavesRepository
from migrate.formats.yaml_source import EMPTY, Node
from migrate.model.paths import resolve
from migrate.references.embedded import Value
from migrate.references.snippet import Snippet
from migrate.references.yaml_paths import YamlPlaces

UNKNOWN_FOLDER = "the folder that it runs in is not known before it runs"
FOREIGN = "its job checks out another repository"
NO_PATH = re.compile(r"(?i)(?:.*[-_])?(?:images?|registry|repo|repository|url|uri|tags?|refs?|branch|token|key|labels?)")
"""Names of inputs and variables whose value is no path, though it may hold a slash"""
SHELLS = re.compile(r"(?:/\S*/)?(?:ba|da|k)?sh\b.*")
OWN = re.compile(r"\$\{\{\s*github\.repository\s*\}\}")


@dataclass(frozen=True, slots=True)
class Around:
    """What a step is in. `home` is the folder of the checkout in the workspace, empty for the workspace itself."""

    environment: Mapping[str, Value] = field(default_factory=dict)
    folder: Node | None = None
    shell: str = ""
    home: str = ""
    doubt: str = ""

    def within(self, places: YamlPlaces, node: Node) -> Around:
        """The same for what stands in a workflow, a job or a step."""
        inner = (node.get("defaults") or EMPTY).get("run") or EMPTY
        return replace(
            self,
            environment={**self.environment, **variables(places, node.get("env"))},
            folder=node.get("working-directory") or inner.get("working-directory") or self.folder,
            shell=node.text("shell") or inner.text("shell") or self.shell,
        )

    def checked_out(self, job: Node) -> Around:
        """The same for a job, with what its checkouts say."""
        steps = (job.get("steps") or EMPTY).items
        inputs = [step.get("with") or EMPTY for step in steps if step.text("uses").startswith("actions/checkout@")]
        own = [given for given in inputs if not given.get("repository") or OWN.fullmatch(given.text("repository"))]
        if not own and inputs:
            return replace(self, doubt=FOREIGN)
        home = own[0].text("path").removeprefix("./").strip("/") if len(own) == 1 else ""
        return replace(self, home=home if home != "." else "")


def variables(places: YamlPlaces, node: Node | None) -> dict[str, Value]:
    """The variables of an `env:` or `variables:` mapping that may be paths."""
    found: dict[str, Value] = {}
    for key, value in (node or EMPTY).pairs:
        inner = value.get("value") if value.kind == "mapping" else value
        named = re.fullmatch(r"[A-Za-z_]\w*", key.value) and not NO_PATH.fullmatch(key.value)
        if named and inner is not None and inner.kind == "scalar":
            found[key.value] = places.snippet(inner)
    return found


def folders(text: str, top: str) -> tuple[tuple[str, ...], str]:
    """The folder of the workspace that a step runs in, by its `working-directory`, and a doubt if that is not known."""
    if "$" in text:
        return (top,), UNKNOWN_FOLDER
    try:
        return (resolve(top, text.strip()),), ""
    except PathLeavesRepository:
        return (), ""


def filled(text: str, known: Mapping[str, Value]) -> str:
    """A text with those expressions replaced that are known; the workspace is `.`."""
    for name, value in known.items():
        meant = value.text.decode("utf-8", "replace") if isinstance(value, Snippet) else "."
        if isinstance(value, Snippet) or name == "github.workspace":
            text = re.sub(r"\$\{\{\s*" + re.escape(name) + r"\s*\}\}", meant.replace("\\", r"\\"), text)
    return text


def each(node: Node | None) -> Iterator[Node]:
    """The items of a list; nothing for anything else."""
    yield from (node or EMPTY).items
