"""Paths of a script that begin with a variable: what they can mean, as far as the script itself says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

_VARIABLE = re.compile(
    r"\$\{?(?P<name>\w+)(?:[%#:/][^}\s]*)?\}?[\"']?/(?P<rest>[^\s\"'`;|&()<>=,{}\[\]$]+)|\$\((?P<command>[^()]*)\)[\"']?/"
    r"(?P<below>[^\s\"'`;|&()<>=,{}\[\]$]+)"
)
_ASSIGNED = (
    r"(?:^|[\s;\"'(]){name}=(?P<value>(?:\"[^\"]*\"|'[^']*'|\$\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|`[^`]*`|[^\s;&|\"'])*)"
)
_HOME = re.compile(r"\$\{?0|BASH_SOURCE|__file__")
_HERE = re.compile(r"\$\(pwd\)|\$\{?PWD\b|`pwd`")
_ATTACHED = re.compile(r"(?<=[)}\]\"'`0DE])(?:/[\w.-]+)+")
"""A path behind `$0`, `PWD`, `BASH_SOURCE`, or behind what encloses them; no other one, as of `>/dev/null`."""
_REST = re.compile(r"[\w)}][\"']?((?:/[\w.-]+)+)$")


class Base(Enum):
    """The folder that a path counts from."""

    HOME = "the script's own folder"
    HERE = "the folder that the hook runs in"


def paths_by_variables(text: str) -> Iterator[tuple[Base, str]]:
    """Each path behind a variable, from the folder that the variable is set to; from both where the script does not say."""
    for found in _VARIABLE.finditer(text):
        rest = found["rest"] or found["below"]
        values = [f"$({found['command']})"] if found["name"] is None else _values(text, found["name"])
        for value in values or [""]:
            yield from ((base, f"{head}{rest}") for base, head in _folders(text, value))


def _values(text: str, name: str) -> list[str]:
    if name in ("0", "BASH_SOURCE", "PWD"):
        return [f"${name}"]
    assigned = re.finditer(_ASSIGNED.replace("{name}", re.escape(name)), text)
    return [found["value"] for found in assigned]


def _folders(text: str, value: str, depth: int = 5) -> Iterator[tuple[Base, str]]:
    """The folder that a value means, and the path from there; both folders for one that is not known."""
    plain = value.partition(" #")[0].strip().strip("\"'").rstrip(";")
    tail = _REST.search(plain)
    rest = f"{tail[1].lstrip('/')}/" if tail else ""
    named = re.match(r"\$\{?(\w+)\}?(?:/[\w.-]+)*$", plain)
    if home := _HOME.search(plain):
        yield Base.HOME, "../" * (plain.count("dirname") - 1) + _attached(plain, home.end())
    elif here := _HERE.search(plain):
        yield Base.HERE, _attached(plain, here.end())
    elif named and depth and (values := _values(text, named[1])):
        for further in values:
            yield from ((base, f"{above}{rest}") for base, above in _folders(text, further, depth - 1))
    elif plain and "$" not in plain and "`" not in plain:
        yield Base.HERE, f"{plain.rstrip('/')}/"
    else:
        yield from ((base, rest) for base in Base)


def _attached(plain: str, behind: int) -> str:
    """The path that follows the name of a folder, also in the text of a `cd`."""
    return "".join(f"{found.lstrip('/')}/" for found in _ATTACHED.findall(plain, behind))
