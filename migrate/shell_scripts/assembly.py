"""A script out of its parts, with the folders of the layout filled in at one place at its top."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

from migrate.layout import Layout
from migrate.model.paths import relative

SCRIPTS: Mapping[str, int] = MappingProxyType({"sync-charts.sh": 2, "validate.sh": 7, "package-offline.sh": 9})
"""name of a script -> its sub-issue"""

_DIRECTIVE = re.compile(r"^#: (?P<kind>part|layout) (?P<words>.+)$", re.MULTILINE)
_TOP = 'TOP=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/$TO_TOP" && pwd -P)'


def script_text(name: str, layout: Layout) -> str:
    """The script of that name: the same bytes for the same layout. KeyError for a folder that the layout does not have."""
    places = _places(layout)

    def directed(found: re.Match[str]) -> str:
        if found["kind"] == "part":
            return _data(f"parts/{found['words']}.sh").rstrip("\n")
        lines = [f"{word}={_quoted(places[word])}" for word in found["words"].split()]
        return "\n".join(["# Where things are, from the top of the repository.", *lines, _TOP])

    return _DIRECTIVE.sub(directed, _data(name))


def _places(layout: Layout) -> Mapping[str, str]:
    return {
        "TO_TOP": relative("", layout.scripts),
        "HELMFILE": layout.folder,
        "STATE": layout.state_file,
        "VALUES": layout.values,
        "ENVIRONMENTS": layout.environments,
        "EXTERNAL": layout.external_charts,
        "CUSTOM": layout.custom_charts,
        "LOCK": layout.versions_lock,
        "SCRIPTS": layout.scripts,
    }


def _quoted(text: str) -> str:
    """For bash, always between single quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def _data(name: str) -> str:
    return files("migrate.shell_scripts").joinpath(name).read_text(encoding="utf-8")
