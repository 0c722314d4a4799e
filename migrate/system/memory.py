"""What earlier runs measured, kept in the cache folder: small JSON under a digest of all that it depends on."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

KEPT = 200
"""entries; the oldest go first"""


class FileMemory:
    """`migrate.ports.Memory` in a folder. Anything that can't be read or written is as if it were not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, key: str) -> Any:  # noqa: ANN401  # whatever JSON holds
        """What was kept under a key, or None."""
        try:
            return json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, key: str, value: Any) -> None:  # noqa: ANN401  # whatever JSON holds
        """Keep a value, in place of an older one."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = self._folder / f"{key}.{os.getpid()}.part"
            draft.write_text(json.dumps(value, sort_keys=True), encoding="utf-8")
            draft.replace(self._folder / f"{key}.json")
            self._forget()
        except OSError:
            return

    def _forget(self) -> None:
        entries = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in entries[KEPT:]:
            path.unlink(missing_ok=True)
