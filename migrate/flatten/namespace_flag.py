"""`-n NAMESPACE` of helmfile command lines, which breaks `needs` of other namespaces.

helmfile 0.166 and 1.7 set the namespace of every selected release and then look for the needed ones by it: "depends on an
undefined release". Where the selected releases have that namespace anyway, the flag says nothing and can go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from migrate.analyzers.selectors import SelectorUse, matches
from migrate.model.edits import Edit
from migrate.model.paths import RepoPath
from migrate.model.references import Certainty, CommandLine, Reference, Word
from migrate.model.tree import Tree

NAMESPACE, SELECTOR = ("-n", "--namespace"), ("-l", "--selector")
BREAKS = "`-n` sets another namespace than the selected releases have, and breaks their `needs`"
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command line: its value (None: not known), and the words that it takes, by position."""

    value: str | None
    first: int
    last: int


def without_namespace(reference: Reference, tree: Tree, releases: Sequence[Labels]) -> Reference:
    """The reference with an edit more that takes `-n` away; GUESSED where that would mean something else.

    `releases` are the labels that selectors see, `name` and `namespace` among them.
    """
    command = reference.origin
    if not isinstance(command, CommandLine) or reference.certainty is not Certainty.EXACT:
        return reference
    found = list(options(command.words, NAMESPACE))
    if not found:
        return reference
    selected = _selected(command, releases)
    namespace = found[-1].value
    if namespace is None or not selected or any(labels.get("namespace") != namespace for labels in selected):
        return replace(reference, certainty=Certainty.GUESSED, reason=BREAKS, edits=())
    data = tree.read(command.file)
    return replace(reference, edits=(*reference.edits, *(_removal(command.words, option, data) for option in found)))


def options(words: Sequence[Word], names: Sequence[str]) -> Iterator[Option]:
    """Each use of an option, in one word or two."""
    for at, word in enumerate(words):
        if word.text in names:
            yield Option(words[at + 1].text if at + 1 < len(words) else None, at, min(at + 1, len(words) - 1))
        elif word.text is not None and word.text.partition("=")[0] in names:
            yield Option(word.text.partition("=")[2], at, at)


def _selected(command: CommandLine, releases: Sequence[Labels]) -> list[Labels]:
    """The releases that the selectors choose, none if one is not known."""
    chosen = list(options(command.words, SELECTOR))
    if any(option.value is None for option in chosen):
        return []
    uses = [SelectorUse(option.value or "", RepoPath(command.file), command.line) for option in chosen]
    return [labels for labels in releases if not uses or any(matches(use, labels) for use in uses)]


def _removal(words: Sequence[Word], option: Option, data: bytes) -> Edit:
    start, end = words[option.first - 1].end, words[option.last].end
    return Edit(start, data[start:end], b"")
