"""What earlier runs measured, kept in the cache folder: small JSON under a digest of all that it depends on."""

from __future__ import annotations

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import migrate

KEPT = 200
"""entries; the oldest go first"""


class FileMemory:
    """`migrate.ports.Memory` in a folder. Anything that can't be read or written is as if it were not there.

    What another version of this program kept is never recalled.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, key: str) -> Any:  # noqa: ANN401  # whatever JSON holds
        """What was kept under a key, or None."""
        try:
            return json.loads(self._place(key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, key: str, value: Any) -> None:  # noqa: ANN401  # whatever JSON holds
        """Keep a value, in place of an older one."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = self._place(key).with_suffix(f".{os.getpid()}.part")
            draft.write_text(json.dumps(value, sort_keys=True), encoding="utf-8")
            draft.replace(self._place(key))
            self._forget()
        except OSError:
            return

    def _place(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(f'{_edition()} {key}'.encode()).hexdigest()}.json"

    def _forget(self) -> None:
        entries = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in entries[KEPT:]:
            path.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _edition() -> str:
    """A digest of size and time of this program's own files: a checkout changes without another version number."""
    top = str(Path(migrate.__file__).parent)
    rows = []
    for folder, _, names in os.walk(top):
        for name in names:
            if not name.endswith(".pyc"):
                status = Path(folder, name).stat()
                rows.append(f"{folder[len(top) :]}/{name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(rows)).encode("utf-8", "surrogateescape")).hexdigest()
