"""The innermost words of an error -> what may be shown of them, and a digest of what may not.

A message can hold values: `fail` and `required` say what the template gives them, parsers cite what they can't read, a
failed command prints anything. So only known shapes are shown as they are; of all others, whatever is quoted or follows a `=`
is replaced by `…`. The whole text still counts, as a digest with a key that lives as long as this process: two messages
compare, and nothing can be guessed from what is printed.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

_KEY = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class Reason:
    """`shown` holds no values. `hidden` is a digest, `""` if all is shown. `missing` is a file that was not there, as it was
    named. `outside` says that no commit can mend it: a variable, a program, the network.
    """

    shown: str
    hidden: str = ""
    missing: str = ""
    outside: bool = False


def read_reason(text: str) -> Reason:
    """What to make of an error's innermost message (several lines, without the chain of files in front of it)."""
    text = text.strip().strip("[]").strip()
    for pattern, make in _SHAPES:
        match = pattern.search(text)
        if match:
            return make(match)
    return _masked(text)


def digest(text: str) -> str:
    """A digest that compares within this process only."""
    return blake2b(text.encode(), key=_KEY, digest_size=8).hexdigest()


def _masked(text: str) -> Reason:
    first = text.split("\n", 1)[0]
    shown = re.sub(r'"[^"]*"?|`[^`]*`?|\'[^\']*\'?|map\[.*|(?<==)\S+', "…", first)
    return Reason(shown, "" if shown == text else digest(text))


def _as_is(match: re.Match[str]) -> Reason:
    return Reason(match[0])


def _outside(match: re.Match[str]) -> Reason:
    return Reason(match[0], outside=True)


def _network(_match: re.Match[str]) -> Reason:
    """Its words name temporary folders and ports, other ones each time."""
    return Reason("something could not be had from the network", outside=True)


def _vault(match: re.Match[str]) -> Reason:
    return Reason(f"error calling {match['function']}: its message is not shown", outside=True)


def _missing(match: re.Match[str]) -> Reason:
    """A remote file is called missing too: where an earlier call could not get it."""
    if "://" in match["file"]:
        return _network(match)
    return Reason(match[0], missing=match["file"])


def _missing_in_call(match: re.Match[str]) -> Reason:
    return Reason(f"error calling {match['function']}: {match['why']}", missing=match["file"])


def _call(match: re.Match[str]) -> Reason:
    return Reason(f"error calling {match['function']}: its message is not shown", digest(match[0]))


def _command(match: re.Match[str]) -> Reason:
    return Reason(f"{match['what']}exited with status {match['status']}", digest(match[0]))


def _hook(match: re.Match[str]) -> Reason:
    status = re.search(r"EXIT STATUS\s+(\d+)", match["rest"])
    why = f"exited with status {status[1]}" if status else "could not be run"
    return Reason(f"hook[{match['name']}]: {why}", digest(match[0]))


def _schema(match: re.Match[str]) -> Reason:
    return Reason("values don't meet the specifications of the chart's schema", digest(match[0]))


def _yaml(match: re.Match[str]) -> Reason:
    """A YAML error without its lines, which count in rendered text or in one part of a file, and without what it cites."""
    text = re.split(r"\n\s*\n|\nOffending", match["what"], maxsplit=1)[0]
    text = re.sub(r"(?:^|(?<=\s))line \d+: |at line \d+", "", text)
    shown = re.sub(r"`[^`]*`|map\[.*|(?<=map key: ).*", "…", " ".join(text.split()))
    return Reason(f"yaml: {shown}", digest(text) if "…" in shown else "")


def _rule(pattern: str, make: Callable[[re.Match[str]], Reason]) -> tuple[re.Pattern[str], Callable[[re.Match[str]], Reason]]:
    return re.compile(pattern, re.DOTALL), make


_SHAPES = (
    _rule(r"hook\[(?P<name>[^\]]*)\]: (?P<rest>.*)", _hook),
    _rule(r"error calling (?P<function>fetchSecretValues?|expandSecretRefs):? ", _vault),
    _rule(
        r"\b(?:dial (?:tcp|udp)|no such host|error downloading|failed to (?:do request|fetch) |TLS handshake|x509: )", _network
    ),
    _rule(r"error calling requiredEnv: required env var `\w+` is not set", _outside),
    _rule(
        r"error calling (?P<function>\w+): (?:open|stat) (?P<file>[^:\n]+): (?P<why>no such file or directory)", _missing_in_call
    ),
    _rule(r'exec: "[^"\n]*": executable file not found in \$PATH', _outside),
    _rule(r"(?P<what>error calling exec: command )\S+ exited with non-zero status.*EXIT STATUS\s+(?P<status>\d+).*", _command),
    _rule(r'error calling get(?:OrNil)?: unexpected type\(\w+\) of value for key "[^"\n]*"', _as_is),
    _rule(
        r"error calling (?P<function>include|tpl|template): .*\S: (?P<rest>error calling .*)", lambda m: read_reason(m["rest"])
    ),
    _rule(r'error calling \w+: template: no template "[^"\n]*" associated', _as_is),
    _rule(r'map has no entry for key "[^"\n]*"', _as_is),
    _rule(r"nil pointer evaluating [^\n]*", _as_is),
    _rule(r"can't evaluate field \w+ in type [^\n]*", _as_is),
    _rule(r"error calling (?P<function>\w+): .*", _call),
    _rule(r'function "\w+" not defined', _as_is),
    _rule(r"unclosed action", _as_is),
    _rule(r"unexpected (?:EOF|\{\{\w+\}\})", _as_is),
    _rule(r"environment values field '[^'\n]*' not found", _as_is),
    _rule(r"Condition value must be in the form", _as_is),
    _rule(r'(?:environment )?(?:values|secrets) file matching "(?P<file>[^"\n]*)" does not exist', _missing),
    _rule(r"unexpected type of key in map: expected string, got \w+", lambda m: Reason(m[0], digest(m.string))),
    _rule(r'found \d+ duplicate releases with ID "[^"\n]*"', _as_is),
    _rule(r'release\(s\) [^\n]* depend\(s\) on an undefined release "[^"\n]*"', _as_is),
    _rule(r"cycle detected: [^\n]*", _as_is),
    _rule(r"plugin secrets not installed", _outside),
    _rule(r"(?:the recorder has no answer to|charts are not fetched): helm \w*", _outside),
    _rule(r"no releases found that matches", lambda _: Reason("no release matches the selector and the environment")),
    _rule(r"values don't meet the specifications of the schema.*", _schema),
    _rule(
        r"failed parsing --set-file data: open [^:\n]+: no such file or directory", lambda _: Reason("--set-file: no such file")
    ),
    _rule(r"(?P<what>failed parsing --[\w-]+ data): .*", lambda m: Reason(m["what"], digest(m[0]))),
    _rule(r"path \"[^\"\n]*\" not found", lambda m: Reason("the chart is not there", digest(m[0]))),
    _rule(r"(?:repo \S+ not found|non-absolute URLs should be in form of repo_name/path_to_chart)", _outside),
    _rule(r"json: cannot unmarshal \w+ into Go value", _as_is),
    _rule(r"found in Chart\.yaml, but missing in charts/ directory: [\w., -]*", _outside),
    _rule(r"yaml: (?P<what>.*)", _yaml),
)
"""Tried in this order. Each was seen on helmfile 0.166.0 and 1.7.4 or on helm 3.15.3 and 3.22.0."""
