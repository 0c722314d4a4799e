"""What git's own files must say so that moved files are treated as before: ignored, and with the same attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrate.flatten.ground import ENVIRONMENTS, STRUCTURE
from migrate.model.edits import Edit
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.operations import Create, Rewrite

IGNORE, ATTRIBUTES = RepoPath(".gitignore"), RepoPath(".gitattributes")
Attributes = Mapping[str, Mapping[str, str]]


def ignore_edits(tree: Tree, exposed: Sequence[tuple[RepoPath, RepoPath]]) -> tuple[Rewrite | Create, ...]:
    """Lines for .gitignore so that each file that is ignored at its old place is so at its new one too.

    `exposed` pairs the old and the new path of those that are not. A line goes behind the anchored one that means the old place,
    else to the end.
    """
    if not exposed:
        return ()
    reason = f"{', '.join(old for old, _ in exposed)} is ignored, and must be at its new place"
    data = tree.read(IGNORE) if IGNORE in tree else b""
    edits = [_ignore_edit(data, old, new) for old, new in exposed]
    if IGNORE not in tree:
        return (Create(IGNORE, "".join(e.new.decode() for e in edits), Mode.FILE, reason, ENVIRONMENTS),)
    return (Rewrite(IGNORE, tuple(dict.fromkeys(edits)), reason, ENVIRONMENTS),)


def _ignore_edit(data: bytes, old: RepoPath, new: RepoPath) -> Edit:
    offset = 0
    for raw in data.splitlines(keepends=True):
        line = raw.decode("utf-8", "replace").strip()
        plain = line.strip("/")
        offset += len(raw)
        if plain and "/" in line.rstrip("/") and not set("*?[!#") & set(line) and (old == plain or old.is_below(plain)):
            tail = "" if old == plain else "/" + old.relative_to(plain)
            respelt = new.removesuffix(tail) if tail else str(new)
            slash = "/" if line.endswith("/") else ""
            return Edit(offset, b"", _line(data, offset, f"{'/' if line.startswith('/') else ''}{respelt}{slash}"))
    return Edit(len(data), b"", _line(data, len(data), f"/{new}"))


def _line(data: bytes, offset: int, text: str) -> bytes:
    ending = b"\r\n" if b"\r\n" in data else b"\n"
    before = b"" if not data[:offset] or data[:offset].endswith(b"\n") else ending
    return before + text.encode() + (b"" if before else ending)


def attribute_edits(
    tree: Tree, copies: Sequence[tuple[RepoPath, RepoPath]], old: Attributes, new: Attributes
) -> tuple[Rewrite | Create, ...]:
    """Lines at the end of the top .gitattributes that give each copy exactly the attributes of its source."""
    lines = [line for source, target in copies if (line := _attribute_line(target, old.get(source, {}), new.get(target, {})))]
    if not lines:
        return ()
    data = tree.read(ATTRIBUTES) if ATTRIBUTES in tree else b""
    text = "".join(line + "\n" for line in lines)
    reason = f"attributes that moved files have at their old places, {len(lines)} in number"
    if ATTRIBUTES not in tree:
        return (Create(ATTRIBUTES, text, Mode.FILE, reason, STRUCTURE),)
    before = b"" if not data or data.endswith(b"\n") else b"\n"
    return (Rewrite(ATTRIBUTES, (Edit(len(data), b"", before + text.encode()),), reason, STRUCTURE),)


def _attribute_line(target: RepoPath, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    wanted = [
        _spelt(name, old.get(name, "unspecified"))
        for name in sorted({*old, *new})
        if old.get(name, "unspecified") != new.get(name, "unspecified")
    ]
    return f"{_pattern(target)} {' '.join(wanted)}" if wanted else ""


def _spelt(name: str, value: str) -> str:
    return {"set": name, "unset": f"-{name}", "unspecified": f"!{name}"}.get(value, f"{name}={value}")


def _pattern(path: RepoPath) -> str:
    escaped = "".join("\\" + c if c in "*?[\\" else c for c in path)
    if any(c.isspace() or c == '"' or not c.isprintable() for c in path):
        quoted = escaped.replace("\\", "\\\\").replace('"', '\\"')
        return '"/' + "".join(map(_printable, quoted)) + '"'
    return f"/{escaped}"


def _printable(character: str) -> str:
    """The character, or its bytes as git spells them between quotes: a line end would end the rule."""
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))
