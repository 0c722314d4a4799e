"""Finds the root cause in what helmfile or helm printed: the innermost message, and the file and line that it is about.

helmfile 0.166 and 1.7 print one line `in FILE: in .helmfiles[N]: in FILE: MESSAGE`, or `N errors:` with a line `err N: MESSAGE`
each, in the order of chance. Lines of templates count in the file (values), in its part between `---` lines (helmfile.yaml), or
in one field of a release.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from pathlib import Path

from migrate.system.helmfile.reasons import digest, read_reason


@dataclass(frozen=True, slots=True)
class Cause:
    """A message without paths and values, and what it is about: see `Failure`. `path` may name a file that is not there."""

    message: str
    path: str = ""
    line: int = 0
    missing: str = ""
    hidden: str = ""


_STEP = re.compile(r"in (?P<what>\.helmfiles\[\d+\]|[^:\n]+): ")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SEVERAL = re.compile(r"\d+ errors:\n")
_FILE = re.compile(r'failed to (?:render values files?|load environment values file) "(?P<file>[^"\n]+)"')
_PART = re.compile(r"error during (?P<file>\S+)\.part\.(?P<part>\d+) parsing")
_EXPRESSION = "failed executing template expressions"
_PLACE = re.compile(r"(?P<name>[\w./-]+):(?P<line>\d+)(?::\d+)?: ")
_AT = re.compile(r'.*executing "[^"]*" at <(?P<node>.*?)>: (?P<reason>.*)', re.DOTALL)
_COMMAND = re.compile(r"^(?:\[?failed (?:to parse condition in release|processing release|to read) [^:]*: )+")
_UNPARSED = re.compile(r'failed to render values files? "[^"\n]*": failed to render \[[^\]\n]*\], because of (?=template: )')
"""Before the reason why a values template is none (0.166 and 1.7.4)."""
_SPEAKING = re.compile(r"\s*\(?(?:fail|required|exec|fetchSecretValue|expandSecretRefs)\b")


def find_cause(stderr: str, top: Path) -> Cause:
    """The root cause of a failed helmfile, whose workspace was `top`."""
    text = _without_temporary(_COLOUR.sub("", stderr).replace(f"{top}/", ""), top).strip()
    crash = re.search(r"^panic: (.*)", text, re.MULTILINE)
    if crash:
        return _from_reason(crash[1], Cause("helmfile crashed"), "")
    start = re.search(r"^(?:in [^:\n]+|err): ", text, re.MULTILINE)
    if not start:
        return _from_reason(text.rsplit("\n", 1)[-1], Cause(""), "")
    rest, state = _walk(text[start.start() :])
    causes = sorted((_one(part, state, top) for part in _parts(rest)), key=lambda cause: (cause.path, cause.line, cause.message))
    more = f" (and {len(causes) - 1} more)" if len(causes) > 1 else ""
    return replace(causes[0], message=causes[0].message + more)


def _without_temporary(text: str, top: Path) -> str:
    """Without the names of temporary files beside the workspace, which are other ones each time."""
    return re.sub(re.escape(f"{top.parent}/") + r"[^\s\"'`,:;)\]]*", "{temporary}", text)


def _walk(text: str) -> tuple[str, str]:
    """The text behind the chain of files, and the last file of the chain."""
    folder = state = ""
    while match := _STEP.match(text):
        if not match["what"].startswith(".helmfiles["):
            state = posixpath.normpath(posixpath.join(folder, match["what"]))
            folder = posixpath.dirname(state)
        text = text[match.end() :]
    return text, state


def _parts(text: str) -> list[str]:
    several = _SEVERAL.match(text)
    return re.split(r"^err \d+: ", text[several.end() :], flags=re.MULTILINE)[1:] if several else [text]


def _one(text: str, state: str, top: Path) -> Cause:
    folder = posixpath.dirname(state)
    part, file = _PART.search(text), _FILE.search(text)
    if part:
        path = posixpath.join(folder, part["file"])
        about = Cause("", path, _line_of_part(top / path, int(part["part"]), _line(text)))
    elif file:
        path = posixpath.normpath(posixpath.join(folder, file["file"]))
        about = _about_file(text, path, folder)
    else:
        exact = _EXPRESSION not in text and _is_plain(top / state)
        about = Cause("", state, _yaml_line(text) if exact else 0)
    return _from_reason(text, about, folder)


def _about_file(text: str, path: str, folder: str) -> Cause:
    """A values file or one that belongs to it (a helper template in the same folder)."""
    if not path.endswith(".gotmpl"):
        return Cause("", path, _yaml_line(text))
    places = [place for place in _PLACE.finditer(text) if place["name"].endswith((".tpl", "stringTemplate"))]
    if places and places[-1]["name"] != "stringTemplate":
        helper = posixpath.normpath(posixpath.join(folder, posixpath.dirname(path), posixpath.basename(places[-1]["name"])))
        return Cause("", helper, int(places[-1]["line"]))
    return Cause("", path, _line(text))


def _from_reason(text: str, about: Cause, folder: str) -> Cause:
    at = _AT.match(text)
    reason = read_reason(at["reason"] if at else _innermost(text))
    node, node_hidden = _node(at["node"]) if at else ("", "")
    message = ": ".join(part for part in (about.message, node, reason.shown) if part)
    hidden = digest(reason.hidden + node_hidden) if reason.hidden or node_hidden else ""
    missing = posixpath.normpath(posixpath.join(folder, reason.missing)) if reason.missing else ""
    if reason.outside:
        return Cause(message, "", 0, missing, hidden)
    return Cause(message, about.path, about.line, missing, hidden)


def _innermost(text: str) -> str:
    """Without the words in front of it that differ between helmfile's commands, and without the file that `path` names."""
    text = re.sub(r"stringTemplate:\d+(?::\d+)?", "the template", text)
    return _UNPARSED.sub("", _COMMAND.sub("", text))


def _node(node: str) -> tuple[str, str]:
    """The failing expression as it stands in the template; of functions that say what they are given, without the text."""
    if not _SPEAKING.match(node):
        return f"at <{node}>", ""
    return "at <" + re.sub(r'"(?:[^"\\]|\\.)*"|`[^`]*`', '"…"', node) + ">", digest(node)


def _line(text: str) -> int:
    """The line in a template, or 0."""
    places = [place for place in _PLACE.finditer(text) if place["name"] == "stringTemplate"]
    return int(places[-1]["line"]) if places else 0


def _yaml_line(text: str) -> int:
    match = re.search(r"\byaml: (?:unmarshal errors:\s+)?line (\d+): ", text)
    return int(match[1]) if match else 0


def _line_of_part(file: Path, part: int, line: int) -> int:
    """The line in the whole file of a line in one of its parts, which helmfile splits at lines `---`."""
    if not line or not file.is_file():
        return 0
    parts = file.read_bytes().replace(b"\r\n", b"\n").split(b"\n---\n")
    return line + sum(text.count(b"\n") + 2 for text in parts[:part]) if part < len(parts) else 0


def _is_plain(file: Path) -> bool:
    """Whether lines of the YAML are lines of the file: one part, no template."""
    if not file.is_file():
        return False
    content = file.read_bytes().replace(b"\r\n", b"\n")
    return b"{{" not in content and b"\n---\n" not in content
