"""`helm dependency build` as helmfile runs it for each local chart, in a copy of the tree: it writes into charts."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from migrate.model.facts import Failure
from migrate.model.reaching import Prepared
from migrate.system.helmfile.reaching import address_of, wants_network
from migrate.system.helmfile.reasons import read_reason
from migrate.system.helmfile.runner import Runner


class Dependencies:
    """The charts of one side with their dependencies built. Each is built once; safe to use from several threads."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._lock = Lock()
        self._built: dict[str, Prepared] = {}
        self.top = runner.folder / "built"
        """the copy of the tree"""

    def build(self, chart_folder: str) -> Failure | None:
        """Build the dependencies of the chart in that folder of the tree; the failure if helm refuses."""
        return self.prepared(chart_folder).failure

    def prepared(self, chart_folder: str) -> Prepared:
        """The same, with whether helm wanted the network."""
        with self._lock:
            if not self.top.exists():
                shutil.copytree(self._runner.workspace.top, self.top, symlinks=True)
            if chart_folder not in self._built:
                self._built[chart_folder] = self._build(chart_folder)
            return self._built[chart_folder]

    def prepared_copy(self, chart: Path) -> Prepared:
        """The same for a chart that lies outside of the tree, in a copy of it."""
        with self._lock, TemporaryDirectory(dir=self._runner.folder) as folder:
            return self._done(Path(shutil.copytree(chart, Path(folder, "chart"), symlinks=True)), "")

    def _build(self, chart_folder: str) -> Prepared:
        return self._done(self.top / chart_folder, f"{chart_folder}/Chart.yaml".lstrip("/"))

    def _done(self, chart: Path, path: str) -> Prepared:
        outcome = self._runner.helm_once(["dependency", "build", str(chart)], chart)
        if outcome.ok:
            return Prepared()
        text = outcome.stderr.decode(errors="replace")
        said = outcome.stdout.decode(errors="replace") + text
        reason = read_reason(_told(text[text.rfind("Error: ") + len("Error: ") :], chart, self.top))
        failure = Failure(outcome.exit_code, f"helm dependency build: {reason.shown}", path, 0, hidden=reason.hidden)
        return Prepared(failure, wants_network(said), address_of(said))


def _told(text: str, chart: Path, top: Path) -> str:
    """The message without the place of the chart and of the copy."""
    for folder in (chart, top.resolve(), top):
        text = text.replace(f"{folder}/", "").replace(str(folder), ".")
    return text.strip()
