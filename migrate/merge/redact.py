"""A text without what may be a secret, line by line: for conflicts, which show what both sides wrote.

It hides too much rather than too little: all behind a key that sounds secret and all that is indented below it, flags, user
information in URLs, private keys, long mixed words, and the data of a Secret. Equal values get equal numbers, so that one
sees who changed what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SOUNDS = (
    r"[\w.\-]*(?:pass|pwd|secret|token|credential|private|api[_-]?key|access[_-]?key|auth|licen[cs]e|salt|cookie|dsn"
    r"|connection[_-]?string|cert|kubeconfig|dockerconfig|(?<![a-z])key(?![a-z]))[\w.\-]*"
)
_KEYED = re.compile(rf"(?P<head>{_SOUNDS}[\"']?\s*(?::=|[:=])\s*)(?P<value>\S.*)", re.IGNORECASE)
_OPENS = re.compile(rf"^(?P<indent>[\s\-]*)[\"']?{_SOUNDS}[\"']?\s*:\s*(?:[|>][\d+\-]*)?\s*(?:#.*)?$", re.IGNORECASE)
_FLAG = re.compile(rf"(?P<head>--?{_SOUNDS}[ =]+)(?P<value>\S.*)", re.IGNORECASE)
_NAMED = re.compile(rf"\bname\s*:\s*[\"']?{_SOUNDS}[\"']?\s*$", re.IGNORECASE)
_VALUE = re.compile(r"(?P<head>\bvalue\s*:\s*)(?P<value>\S.*)")
_URL = re.compile(r"(?P<head>://)(?P<value>[^/\s@]+)(?=@)")
_WORD = re.compile(r"(?P<head>)(?P<value>(?=[\w+/=\-]*[a-z])(?=[\w+/=\-]*[A-Z])(?=[\w+/=\-]*\d)[\w+/=\-]{24,})")
_DATA = re.compile(r"^(?P<indent>\s*)(?:data|stringData|binaryData)\s*:\s*(?:#.*)?$")
_IS_SECRET = re.compile(r"^\s*kind\s*:\s*[\"']?Secret\b", re.MULTILINE)
_PEM = re.compile(r"-----(?P<which>BEGIN|END) ")


class Redaction:
    """Numbers for what is hidden, shared by the texts that are shown together."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def lines(self, text: bytes) -> list[str]:
        """The lines of a text (decoded, without line breaks) with `<hidden N>` in the places of values."""
        return list(self._lines(text.decode("utf-8", "replace")))

    def _lines(self, text: str) -> Iterator[str]:
        below, pem, named = -1, False, 0
        is_secret = bool(_IS_SECRET.search(text))
        for line in text.split("\n"):
            indent = len(line) - len(line.lstrip(" "))
            if below >= 0 and (not line.strip() or indent > below or (indent == below and line.lstrip().startswith("- "))):
                yield self._hidden(line, indent)
                continue
            below = -1
            mark = _PEM.search(line)
            if pem or mark:
                pem = mark["which"] == "BEGIN" if mark else True
                yield self._hidden(line, indent)
                continue
            opened = _OPENS.match(line) or (_DATA.match(line) if is_secret else None)
            if opened:
                below = len(opened["indent"])
            named = 2 if _NAMED.search(line) else named - 1
            yield self._shown(_VALUE.sub(self._mark, line) if named >= 0 else line, opened=bool(opened))

    def _shown(self, line: str, *, opened: bool) -> str:
        if opened:
            return line
        for pattern in (_URL, _FLAG, _KEYED, _WORD):
            line = pattern.sub(self._mark, line)
        return line

    def _hidden(self, line: str, indent: int) -> str:
        return line[:indent] + self._number(line.strip()) if line.strip() else line

    def _mark(self, found: re.Match[str]) -> str:
        if found["value"].startswith("<hidden "):
            return found[0]
        return found["head"] + self._number(found["value"].strip())

    def _number(self, value: str) -> str:
        return f"<hidden {self.known.setdefault(value, len(self.known) + 1)}>"
