"""What the recorder wrote down -> `HelmCall`s that compare between two sides."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from migrate.model.facts import HelmCall, ValuesFile
from migrate.system.helmfile import argv as command_line
from migrate.system.helmfile.argv import Argument
from migrate.system.helmfile.chart_digest import ChartDigests
from migrate.system.helmfile.fetching import Fetching
from migrate.system.helmfile.named_files import NamedFiles
from migrate.system.helmfile.store import MISSING, Store
from migrate.system.recorder import RecordedCall
from migrate.system.workspace import Workspace

_QUESTIONS = ("version", "list", "show chart")
"""helmfile's questions, which change nothing; not kept as calls."""


class CallReader:
    """Turns recorded calls of one workspace into facts and moves the files that they name into the store."""

    def __init__(self, workspace: Workspace, store: Store, fetching: Fetching | None = None) -> None:
        self._top = workspace.top
        self._store = store
        self._digests = ChartDigests(workspace)
        self._fetching = fetching
        self.outside: dict[str, Path] = {}
        """digest -> copy of a chart that lay outside of the workspace, or that helm fetched"""
        self.post_renderers: dict[str, tuple[Path, Path]] = {}
        """digest -> program and folder that it was called in"""
        self.named = NamedFiles(workspace.top)

    def read(self, calls: Sequence[RecordedCall]) -> tuple[HelmCall, ...]:
        """The calls that matter, in the order in which they began."""
        parsed = [(call, command_line.split(call.argv)) for call in calls]
        return tuple(self._call(call, arguments) for call, arguments in parsed if command_line.verb(arguments) not in _QUESTIONS)

    def forget(self) -> None:
        """Charts may have changed: compute their digests anew."""
        self._digests.forget()

    def _call(self, call: RecordedCall, arguments: Sequence[Argument]) -> HelmCall:
        values = tuple(self._kept_values(call, arguments))
        normal = tuple(self._normal(call, command_line.without_context(arguments)))
        chart = command_line.chart(arguments)
        patched = self._digests.of_patched(call.kept_chart) if call.kept_chart is not None else ""
        folder, digest = self._chart(call, arguments, normal, values)
        if digest and not folder and call.kept_chart is None:
            normal = _without_version(normal)
        return HelmCall(
            verb="chartify" if command_line.is_inner(arguments) else command_line.verb(arguments),
            release=command_line.release(arguments),
            argv=normal,
            folder=_within(call.cwd, self._top) or "",
            chart="{outside}" if digest in self.outside and not folder else chart,
            chart_folder=folder,
            chart_digest=digest,
            values=values,
            started=call.started,
            ended=call.ended,
            chart_patched=patched,
        )

    def _kept_values(self, call: RecordedCall, arguments: Sequence[Argument]) -> Iterator[ValuesFile]:
        count = sum(argument.part in ("--values", "-f") for argument in arguments)
        for number in range(count):
            yield self._store.keep(call.kept("values", number))

    def _normal(self, call: RecordedCall, arguments: Sequence[Argument]) -> Iterator[str]:
        values = files = 0
        for argument in arguments:
            if argument.part == "chart":
                yield "{chart}"
            elif argument.part in ("--values", "-f"):
                yield f"{{values:{values}}}"
                values += 1
            elif argument.part == "--set-file":
                key, _, _ = argument.text.partition("=")
                yield f"{key}={{file:{files} sha256:{self._store.keep(call.kept('file', files)).digest}}}"
                files += 1
            elif argument.part == "--post-renderer":
                yield self._post_renderer(call, argument.text)
            elif argument.text.startswith("--output-dir="):
                yield "--output-dir={temporary}"
            else:
                yield self.named.compared(call.cwd, argument)

    def _post_renderer(self, call: RecordedCall, program: str) -> str:
        digest = self._store.keep(call.kept("post-renderer", 0)).digest
        if digest == MISSING:
            return program
        self.post_renderers[digest] = (call.cwd / program, call.cwd)
        return f"{{post-renderer sha256:{digest}}}"

    def _chart(
        self, call: RecordedCall, arguments: Sequence[Argument], argv: Sequence[str], values: Sequence[ValuesFile]
    ) -> tuple[str, str]:
        """The chart's place in the repository and the digest of what helm can reach of it."""
        chart, files = command_line.chart(arguments), [Path(file.stored) for file in values if file.stored]
        if call.kept_chart is not None:
            digest = self._digests.of(call.kept_chart, argv, files)
            self.outside[digest] = self._store.keep_folder(call.kept_chart, digest)
            return "", digest
        if not chart:
            return "", ""
        place = Path(os.path.realpath(call.cwd / chart))
        folder = _within(place, self._top)
        if folder is not None and place.exists():
            return folder, self._digests.of(place, argv, files)
        fetched = self._fetching.chart(chart, arguments) if self._fetching and not chart.startswith((".", "/")) else None
        if fetched is None:
            return "", ""
        digest = self._digests.of(fetched.folder, argv, files)
        self.outside[digest] = fetched.archive
        return "", digest


def _without_version(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Without `--version`, which says of a remote chart which bytes are meant; those are known by now."""
    at = argv.index("--version") if "--version" in argv else len(argv)
    return (*argv[:at], *argv[at + 2 :])


def _within(path: Path, top: Path) -> str | None:
    """The path below `top` as text, `""` for `top` itself, None if it lies elsewhere."""
    if path == top:
        return ""
    return path.relative_to(top).as_posix() if top in path.parents else None
