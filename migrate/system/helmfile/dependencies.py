"""`helm dependency build` as helmfile runs it for each local chart, in a copy of the tree: it writes into charts."""

from __future__ import annotations

import shutil
from pathlib import Path
from threading import Lock

from migrate.model.facts import Failure
from migrate.system.helmfile.reasons import read_reason
from migrate.system.helmfile.runner import Runner


class Dependencies:
    """The charts of one side with their dependencies built. Each is built once; safe to use from several threads."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._lock = Lock()
        self._built: dict[str, Failure | None] = {}
        self.top = runner.folder / "built"
        """the copy of the tree"""

    def build(self, chart_folder: str) -> Failure | None:
        """Build the dependencies of the chart in that folder of the tree; the failure if helm refuses."""
        with self._lock:
            if not self.top.exists():
                shutil.copytree(self._runner.workspace.top, self.top, symlinks=True)
            if chart_folder not in self._built:
                self._built[chart_folder] = self._build(chart_folder)
            return self._built[chart_folder]

    def _build(self, chart_folder: str) -> Failure | None:
        outcome = self._runner.helm(["dependency", "build", str(self.top / chart_folder)], self.top)
        if outcome.ok:
            return None
        text = outcome.stderr.decode(errors="replace")
        reason = read_reason(_told(text[text.rfind("Error: ") + len("Error: ") :], self.top / chart_folder, self.top))
        message = f"helm dependency build: {reason.shown}"
        return Failure(outcome.exit_code, message, f"{chart_folder}/Chart.yaml".lstrip("/"), 0, hidden=reason.hidden)


def _told(text: str, chart: Path, top: Path) -> str:
    """The message without the place of the chart and of the copy."""
    for folder in (chart, top.resolve(), top):
        text = text.replace(f"{folder}/", "").replace(str(folder), ".")
    return text.strip()
