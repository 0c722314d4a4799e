"""helm's command line as helmfile writes it -> parts that compare between two sides, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from migrate.model.facts import ReleaseId

_GLOBALS = ("--kube-context", "--kubeconfig", "--registry-config", "--repository-config", "--repository-cache")
"""Global flags that helmfile puts before the verb, each with its value in the next argument."""

_TWO_WORDS = ("diff", "show", "repo", "dependency", "registry", "plugin", "get")
_OF_RELEASES = ("upgrade", "template", "diff", "uninstall", "delete", "test", "status")
_WITH_CHART = ("upgrade", "template", "diff")

FILE_FLAGS = frozenset(
    (
        *("--keyring", "--ca-file", "--cert-file", "--key-file", "--kubeconfig", "--kube-ca-file"),
        *("--registry-config", "--repository-config", "--repository-cache"),
    )
)
"""Flags of helm 3 whose value is a path; helm takes it from the folder of the state file."""

WORD_FLAGS = frozenset(("--post-renderer-args",))
"""Flags whose value may be a path, or any other word."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument with its part: `verb`, `release`, `chart`, `flag`, or the flag whose value it is."""

    part: str
    text: str


def split(argv: Sequence[str]) -> tuple[Argument, ...]:
    """The arguments with their parts, global flags moved behind the positional ones.

    helmfile 0.166 and 1.x write global flags before the verb and most of them again behind it; the repetition is dropped,
    so that the place and number of them don't make two calls differ.
    """
    leading, rest = _leading(argv)
    head = list(_positional(rest))
    tail = list(_flags(rest[len(head) :]))
    pairs = {(a.text, b.text) for a, b in pairwise(tail)}
    kept = [
        argument
        for flag, value in dict.fromkeys(leading)
        if (flag, value) not in pairs
        for argument in (Argument("flag", flag), Argument(flag, value))
    ]
    return (*head, *kept, *tail)


def _leading(argv: Sequence[str]) -> tuple[list[tuple[str, str]], Sequence[str]]:
    pairs, start = [], 0
    while start + 1 < len(argv) and argv[start] in _GLOBALS:
        pairs.append((argv[start], argv[start + 1]))
        start += 2
    return pairs, argv[start:]


def _positional(argv: Sequence[str]) -> Iterator[Argument]:
    """The verb, the flags without value that helmfile puts between, release and chart: always in front of other flags."""
    verb = argv[0] if argv else ""
    wanted = ["verb"]
    if verb in _TWO_WORDS:
        wanted.append("verb")
    if verb in _OF_RELEASES:
        wanted.append("release")
    if verb in _WITH_CHART:
        wanted.append("chart")
    for text in argv:
        if not wanted:
            return
        yield Argument("flag" if text.startswith("-") else wanted.pop(0), text)


def _flags(argv: Sequence[str]) -> Iterator[Argument]:
    flag = ""
    for text in argv:
        if text.startswith("-"):
            name, equals, value = text.partition("=")
            yield Argument("flag", name)
            if equals:
                yield Argument(name, value)
            flag = "" if equals else name
        else:
            yield Argument(flag or "argument", text)


def verb(arguments: Sequence[Argument]) -> str:
    """helm's verb: `upgrade`, `diff`, `template` …; `repo add` and its like with both words, `""` if there is none."""
    words = [argument.text for argument in arguments if argument.part == "verb"]
    return "diff" if words[:1] == ["diff"] else " ".join(words)


def chart(arguments: Sequence[Argument]) -> str:
    """The chart as helmfile gave it, or `""`."""
    return next((argument.text for argument in arguments if argument.part == "chart"), "")


def release(arguments: Sequence[Argument]) -> ReleaseId | None:
    """The release that the call is about."""
    name = next((argument.text for argument in arguments if argument.part == "release"), None)
    if name is None:
        return None
    return ReleaseId(_value(arguments, "--kube-context"), _value(arguments, "--namespace"), name)


def _value(arguments: Sequence[Argument], flag: str) -> str:
    return next((argument.text for argument in reversed(arguments) if argument.part == flag), "")


def without_context(arguments: Sequence[Argument]) -> Sequence[Argument]:
    """Without the kube context for a `template` that asks no cluster: it has no effect there, and 0.166 gives it only if
    helmDefaults set it, 1.x always. It stays part of the release's identity.
    """
    if verb(arguments) != "template" or any(a.text in ("--validate", "--dry-run") for a in arguments if a.part == "flag"):
        return arguments
    return [a for a in arguments if a.part != "--kube-context" and (a.part, a.text) != ("flag", "--kube-context")]


def is_inner(arguments: Sequence[Argument]) -> bool:
    """Whether chartify calls helm to render a chart that it is going to change, with a folder for the output."""
    return verb(arguments) == "template" and any(_is_output(argument) for argument in arguments)


def _is_output(argument: Argument) -> bool:
    return argument.part == "flag" and argument.text.partition("=")[0] == "--output-dir"


_PLACEHOLDER = re.compile(r"\{(values|file|path|post-renderer):?([^ }]*)(?: sha256:([0-9a-z]+))?\}")


def restored(argv: Sequence[str], of: Callable[[str, str, str], str]) -> list[str]:
    """The command line with each placeholder in its place replaced by `of(kind, number, digest)`, chart included."""
    result, flag = [], ""
    for text in argv:
        result.append(_restored(text, flag, of))
        flag = text if text.startswith("-") else ""
    return result


def _restored(text: str, flag: str, of: Callable[[str, str, str], str]) -> str:
    if text == "{chart}" and not flag:
        return of("chart", "", "")
    if flag in ("--values", "-f", "--post-renderer", "--set-file") or flag in FILE_FLAGS or flag in WORD_FLAGS:
        key, equals, value = text.partition("=") if flag == "--set-file" else ("", "", text)
        match = _PLACEHOLDER.fullmatch(value)
        if match:
            return key + equals + of(match[1], match[2], match[3] or "")
    return text
