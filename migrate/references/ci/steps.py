"""The steps of a workflow or a composite action: scripts, inputs of actions, variables and names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrate.formats.yaml_source import EMPTY, Node
from migrate.model.references import TOP, CommandLine, Mention, Word
from migrate.model.tree import Tree
from migrate.references.ci.around import NO_PATH, SHELLS, Around, each, filled, folders
from migrate.references.commands import reads_beside_state
from migrate.references.embedded import EXPRESSION, Script, Value, from_home
from migrate.references.finding import Found, Place
from migrate.references.yaml_paths import YamlPlaces, strings

KIND = "workflow"
PROSE = re.compile(r"(?i)(?:.*[-_])?(?:message|body|title|description|comment|name|text|reviewers|assignees)")
CODE = re.compile(r"(?i)(?:inline[-_]?)?(?:script|run|command|commands|args?)|.*[-_](?:args?|command)")
FOLDER = re.compile(r"(?i)working[-_]?dir(?:ectory)?|workdir|helmfile-workdirectory|cwd")
NOT_FOLLOWED = "what the value is used for is not followed"


@dataclass(frozen=True)
class JobReader:
    """Reads the jobs of one file. `top` is the folder that the workflow takes for the top of the repository."""

    tree: Tree
    places: YamlPlaces
    top: str

    def document(self, document: Node) -> Iterator[Found]:
        """All jobs of a workflow, or the steps of an action."""
        whole = Around().within(self.places, document)
        yield from self._own(document, whole)
        yield from self._named(document)
        jobs = [job for _, job in (document.get("jobs") or EMPTY).pairs]
        for job in (*jobs, *(action for action in [document.get("runs")] if action)):
            around = whole.within(self.places, job).checked_out(job)
            yield from self._own(job, around)
            yield from self._named(job)
            yield from self._values(job, "strategy", "with", "container", "services")
            for step in each(job.get("steps")):
                yield from self.step(step, around.within(self.places, step))
        yield from self._values(document.get("on") or EMPTY, "workflow_dispatch", "workflow_call")
        yield from self._values(document, "inputs")

    def step(self, step: Node, around: Around) -> Iterator[Found]:
        """One step."""
        yield from self._own(step, around)
        yield from self._named(step)
        if step.text("uses").startswith("./"):
            yield from self.places.path(step.get("uses") or EMPTY, Place((self.top,)))
        yield from self._inputs(step, around)
        run = step.get("run")
        if run is not None and run.kind == "scalar":
            yield from self._script(run, around)

    def _own(self, node: Node, around: Around) -> Iterator[Found]:
        """The variables and the folder that a workflow, a job or a step sets."""
        inner = (node.get("defaults") or EMPTY).get("run") or EMPTY
        for folder in (node.get("working-directory"), inner.get("working-directory")):
            if folder is not None:
                yield from self._path(folder, Place((self.top,)), around)
        for key, value in (node.get("env") or EMPTY).pairs:
            if "/" in value.value and not NO_PATH.fullmatch(key.value):
                yield from self._path(value, Place((self.top,)), around)

    def _named(self, node: Node) -> Iterator[Found]:
        for key in ("name", "run-name", "description"):
            for text in strings(node.get(key)):
                yield from self.places.words(text, Place((self.top,), group="prose", prose=True))

    def _values(self, node: Node, *keys: str) -> Iterator[Found]:
        """Values that reach steps by expressions only (a matrix, defaults of inputs), and what containers are given."""
        for key in keys:
            for below in (node.get(key) or EMPTY).walk():
                if below.kind == "scalar" and "/" in below.value:
                    yield from self.places.words(below, Place((self.top,), group=f"value {below.line}"), NOT_FOLLOWED)

    def _inputs(self, step: Node, around: Around) -> Iterator[Found]:
        inputs = (step.get("with") or EMPTY).pairs
        if step.text("uses").startswith("actions/checkout@"):
            return
        here = next((value for key, value in inputs if FOLDER.fullmatch(key.value)), None)
        named, doubt = folders(filled(here.value, self._known(around)), self.top) if here else ((), "")
        place = Place(tuple(dict.fromkeys((*named, self.top))))
        for key, value in inputs:
            if value.kind != "scalar" or NO_PATH.fullmatch(key.value):
                continue
            if key.value == "helmfile-args":
                yield from self._call(value, named or (self.top,), doubt or around.doubt)
            if PROSE.fullmatch(key.value):
                yield from self.places.words(value, Place((self.top,), group="prose", prose=True))
            elif CODE.fullmatch(key.value):
                yield from self.places.words(value, place, NOT_FOLLOWED if key.value != "helmfile-args" else doubt)
            else:
                yield from self._input(value, place, around)

    def _input(self, value: Node, place: Place, around: Around) -> Iterator[Mention]:
        if "\n" not in value.value.strip() and EXPRESSION.search(value.value.encode()):
            yield from self._path(value, place, around)
        else:
            yield from (from_home(found, around.home) for found in self.places.lines(value, place, around.doubt))

    def _call(self, value: Node, named: tuple[str, ...], doubt: str) -> Iterator[CommandLine]:
        """The arguments for helmfile/helmfile-action, which runs `helmfile <args>` in `helmfile-workdirectory`."""
        text = self.places.snippet(value)
        starts = [found.span() for found in re.finditer(rb"\S+", text.text)]
        if not starts:
            return
        shown = [None if b"$" in text.text[a:b] else text.text[a:b].decode("utf-8", "replace") for a, b in starts]
        at = text.offset(starts[0][0])
        words = [Word(word, text.offset(a), text.offset(b)) for word, (a, b) in zip(shown, starts, strict=True)]
        given = any(word is not None and re.match(r"-f|--file\b", word) for word in shown)
        whole = (Word("helmfile", at, at), *words)
        doubt = doubt or self.places.doubt(value) or reads_beside_state(words)
        yield CommandLine(text.file, text.line(0), whole, None if given else at, "-f {state} ", named, KIND, doubt=doubt)

    def _script(self, run: Node, around: Around) -> Iterator[Found]:
        known = self._known(around)
        here, unclear = folders(filled(around.folder.value, known) if around.folder else "", self.top)
        if around.shell and not SHELLS.fullmatch(around.shell):
            yield from self.places.words(run, Place(here), f"its language ({around.shell.split()[0]}) is not read here")
            return
        doubt = around.doubt or unclear or self.places.doubt(run)
        variables = {**around.environment, **self._fixed(around, "GITHUB_WORKSPACE", "GITHUB_ACTION_PATH")}
        script = Script(self.places.file, self.places.yaml.data, variables, known, KIND, doubt, around.home)
        yield from script.add(self.places.snippet(run)).found(self.tree, Place(here))

    def _known(self, around: Around) -> dict[str, Value]:
        given = {f"env.{name}": value for name, value in around.environment.items()}
        return {**given, **self._fixed(around, "github.workspace", "github.action_path")}

    def _fixed(self, around: Around, workspace: str, action: str) -> dict[str, Value]:
        if around.home:
            return {}  # the repository lies below the workspace
        folder = self.places.file.folder
        return {workspace: TOP + (f"/{self.top}" if self.top else ""), action: TOP + (f"/{folder}" if folder else "")}

    def _path(self, node: Node, place: Place, around: Around) -> Iterator[Mention]:
        for found in self.places.path(node, place, self._known(around), around.doubt):
            yield from_home(found, around.home)
