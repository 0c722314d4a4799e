"""Real renders from recorded inputs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from migrate.model.facts import Failure, HelmInputs, ValuesFile
from migrate.model.reaching import COPY, Prepared
from migrate.system.helmfile.argv import restored
from migrate.system.helmfile.calls import CallReader
from migrate.system.helmfile.dependencies import Dependencies
from migrate.system.helmfile.failures import helm_failure
from migrate.system.helmfile.runner import Runner
from migrate.system.helmfile.store import Store


class Renders:
    """Gives recorded inputs back to the real helm."""

    def __init__(self, runner: Runner, reader: CallReader, store: Store) -> None:
        self._runner = runner
        self._reader = reader
        self._store = store
        self._probe = _probe_chart(runner.folder / "probe")
        self._dependencies = Dependencies(runner)

    def render(self, inputs: HelmInputs, kube_version: str, *, built: bool = False) -> bytes | Failure:
        """`helm template` with the arguments of a recorded `template` call, and --include-crds."""
        failure = self._dependencies.build(inputs.chart_folder) if built else None
        if failure is not None:
            return failure
        if not self._runner.settings.hooks and "--post-renderer" in inputs.argv:
            return Failure(0, "a post-renderer is a program of the repository; it runs only if the user agrees")
        argv = restored(inputs.argv, lambda kind, number, digest: self._named(inputs, kind, number, digest, built=built))
        extra = [] if "--include-crds" in argv else ["--include-crds"]
        if kube_version and "--kube-version" not in argv:
            extra += ["--kube-version", kube_version]
        outcome = self._runner.helm([*argv, *extra], self._folder(inputs), about=inputs)
        names = [file.stored for file in inputs.values]
        return helm_failure(outcome, self._runner.workspace, inputs.chart_folder, names) or outcome.stdout

    def prepared(self, chart: str) -> Prepared:
        """What `helm dependency build` of a chart comes to, without the network if the side has it cut off."""
        outside = self._reader.outside.get(chart.removeprefix(COPY)) if chart.startswith(COPY) else None
        return self._dependencies.prepared(chart) if outside is None else self._dependencies.prepared_copy(outside)

    def read_values(self, values: Sequence[ValuesFile]) -> bytes | Failure:
        """The values as one line of JSON with sorted keys."""
        flags = [part for file in values for part in ("--values", file.stored)]
        outcome = self._runner.helm(["template", "probe", str(self._probe), *flags], self._runner.folder)
        failure = helm_failure(outcome, self._runner.workspace, "", [file.stored for file in values])
        if failure is not None:
            return failure
        line = next(line for line in outcome.stdout.split(b"\n") if line.startswith(b"{"))
        return json.dumps(json.loads(line), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    def _named(self, inputs: HelmInputs, kind: str, number: str, digest: str, *, built: bool) -> str:
        """What a placeholder stands for."""
        if kind == "values":
            return inputs.values[int(number)].stored
        if kind in ("file", "path"):
            return str(self._store.path(digest) if kind == "file" else self._reader.named.places[digest])
        if kind == "post-renderer":
            return str(self._reader.post_renderers[digest][0])
        if built:
            return str(self._dependencies.top / inputs.chart_folder)
        if not inputs.chart_folder and inputs.chart_digest in self._reader.outside:
            return str(self._reader.outside[inputs.chart_digest])
        return str(self._runner.workspace.top / inputs.chart_folder) if inputs.chart_digest else inputs.chart

    def _folder(self, inputs: HelmInputs) -> Path:
        """Where helm was called; that matters to post-renderers only."""
        for digest, (_, folder) in self._reader.post_renderers.items():
            if f"{{post-renderer sha256:{digest}}}" in inputs.argv:
                return folder
        return self._runner.workspace.top


def _probe_chart(folder: Path) -> Path:
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: probe\nversion: 0.0.0\n")
    (folder / "templates" / "values.yaml").write_text("{{ .Values | toJson }}\n")
    return folder
