"""Files of the evidence, kept by their content for as long as a side is open."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from migrate.model.facts import ValuesFile

MISSING = "missing"
"""Stands for the digest of a file that was not there when helm was called."""


class Store:
    """Content-addressed copies in a private folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self._folder = folder

    def keep(self, file: Path) -> ValuesFile:
        """Move a file in. One that does not exist has the digest MISSING and is stored nowhere."""
        if not file.is_file():
            return ValuesFile(MISSING, "")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        target = self._folder / digest
        file.replace(target)
        return ValuesFile(digest, str(target))

    def path(self, digest: str) -> Path:
        """Where the file with this digest lies."""
        return self._folder / digest

    def keep_folder(self, folder: Path, digest: str) -> Path:
        """Move a folder in under a digest of its content."""
        target = self._folder / f"folder-{digest}"
        try:
            folder.replace(target)
        except OSError:
            if not target.is_dir():
                raise
            shutil.rmtree(folder)  # it is there already, or another thread was faster
        return target
