"""`.helmignore`: what helm leaves out when it loads or packs a folder (pkg/ignore/rules.go of helm 3.15.3).

No `**`; a pattern with a `/` in it is matched against the whole path, any other against the name; a negated rule leaves out
everything that it does not match.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

DEFAULT = "templates/.?*"


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    whole: bool
    negated: bool
    folders_only: bool

    def matches(self, path: str) -> bool:
        return bool(self.pattern.fullmatch(path if self.whole else path.rpartition("/")[2]))


def helmignore(text: str) -> Callable[[str], bool]:
    """Whether a file (by its path below the chart's folder) is left out. ValueError for rules that helm refuses."""
    lines = (*text.removeprefix("\ufeff").split("\n"), DEFAULT)
    rules = [rule for line in lines if (rule := _rule(line.strip()))]

    def left_out(path: str) -> bool:
        folders = list(accumulate(path.split("/")[:-1], lambda above, name: f"{above}/{name}"))
        return any(_ignored(rules, folder, is_folder=True) for folder in folders) or _ignored(rules, path, is_folder=False)

    return left_out


def _rule(line: str) -> _Rule | None:
    if not line or line.startswith("#"):
        return None
    if "**" in line:
        raise ValueError("helm refuses `**` in .helmignore")
    negated, text = line.startswith("!"), line.removeprefix("!")
    folders_only, text = text.endswith("/"), text.removesuffix("/")
    return _Rule(_pattern(text.removeprefix("/")), "/" in text, negated, folders_only)


def _ignored(rules: list[_Rule], path: str, *, is_folder: bool) -> bool:
    for rule in rules:
        if rule.negated:
            if (rule.folders_only and not is_folder) or not rule.matches(path):
                return True
        elif (is_folder or not rule.folders_only) and rule.matches(path):
            return True
    return False


def _pattern(glob: str) -> re.Pattern[str]:
    """Go's path/filepath.Match: `*` and `?` don't cross a slash, `[^…]` negates, a backslash quotes. ValueError for a bad one."""
    parts, at = [], 0
    while at < len(glob):
        sign = glob[at]
        end = glob.find("]", at + 2) if sign == "[" else -1
        if sign == "[" and end < 0:
            raise ValueError("a bracket that nothing closes")
        if sign == "\\" and at + 1 < len(glob):
            at += 1
            sign = ""
        parts.append({"*": "[^/]*", "?": "[^/]", "[": glob[at : end + 1]}.get(sign, re.escape(glob[at])))
        at = end + 1 if sign == "[" else at + 1
    return re.compile("".join(parts), re.DOTALL)
