"""Pulls charts of repositories and registries by the real helm, without any login of the user's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from migrate.formats.chart_index import listed_digest
from migrate.model.pulled import ChartRef, NotPulled
from migrate.ports import Progress
from migrate.system.helmfile.clean_environment import clean_environment
from migrate.system.helmfile.reasons import read_reason
from migrate.system.process import TIMED_OUT, Outcome, run
from migrate.system.run_folder import RunFolder

WORKERS = 4
MAX_ARCHIVE = 64 * 2**20
"""bytes of a packed chart; helm itself sets no limit"""

_REASONS = (
    (re.compile(r"no space left|disk quota|file too large"), "there is no space left for it on this machine"),
    (re.compile(r"x509|certificate"), "its server's certificate is not trusted here"),
    (re.compile(r"\b(?:401|403)\b|[Uu]nauthorized|denied|authentication required"), "its server asks for a login"),
    (
        re.compile(r"/tags/list\": http: server gave HTTP response to HTTPS"),
        "its registry speaks plain http, and helm asks by https for the tags that a range needs: write an exact version",
    ),
    (
        re.compile(r"gave HTTP response to HTTPS"),
        "its registry speaks plain http, which helm takes from this machine alone",
    ),
    (
        re.compile(r"\b404\b|not found|no chart (?:version|name) found|[Cc]ould not locate|improper constraint"),
        "its server has no such chart",
    ),
    (
        re.compile(r"dial |no such host|[Tt]imeout|connection re|unreachable|\bEOF\b|TLS handshake|cannot be reached"),
        "its server can't be reached",
    ),
)
"""What helm 3.15.3 and 3.22.0 say -> what is told. helm's own words may hold the address of a redirection, with a token in it."""


class HelmCharts:
    """The `ChartSource` of migrate.ports. `passed` are variables of the user's (`passEnv`); `timeout` is in seconds a call.

    helm gets empty homes: the user's repositories, logins and plugins have no say. So what is pulled is what anybody gets.
    """

    def __init__(self, helm: Path, passed: Mapping[str, str], timeout: float = 300.0) -> None:
        self._helm, self._passed, self._timeout = helm, passed, timeout

    def pull(self, refs: Sequence[ChartRef], progress: Progress) -> Mapping[ChartRef, bytes | NotPulled]:
        """The packed chart of each, or why it can't be had. Nothing stays on this machine's disk."""
        wanted = list(dict.fromkeys(refs))
        if not wanted:
            return {}
        with RunFolder() as folder:
            one = _Pull(self._helm, folder.path, clean_environment(folder.path, None, self._passed, hooks=False), self._timeout)
            one.add_repositories([ref.origin for ref in wanted if not ref.oci])
            with ThreadPoolExecutor(WORKERS) as pool:
                found: dict[ChartRef, bytes | NotPulled] = {}
                for ref, outcome in zip(wanted, pool.map(one.archive, wanted), strict=True):
                    progress(f"pulling {ref.name}", len(found) + 1, len(wanted))
                    found[ref] = outcome
        return found


class _Pull:
    def __init__(self, helm: Path, folder: Path, environment: Mapping[str, str], timeout: float) -> None:
        self._program, self._folder, self._environment, self._timeout = helm, folder, environment, timeout
        self._repositories: dict[str, str | NotPulled] = {}

    def add_repositories(self, origins: Sequence[str]) -> None:
        for origin in dict.fromkeys(origins):
            name = f"r{len(self._repositories)}"
            outcome = self._helm("repo", "add", name, origin)
            self._repositories[origin] = name if outcome.ok else _not_pulled(outcome)

    def archive(self, ref: ChartRef) -> bytes | NotPulled:
        repository = None if ref.oci else self._repositories[ref.origin]
        if isinstance(repository, NotPulled):
            return repository
        name = f"{ref.origin if repository is None else repository}/{ref.name}"
        target = self._folder / hashlib.sha256(str(ref).encode()).hexdigest()
        target.mkdir()
        version = ["--version", ref.version] if ref.version else []
        outcome = self._helm("pull", name, *version, *(["--devel"] if ref.devel else []), "--destination", str(target))
        if not outcome.ok:
            return _not_pulled(outcome)
        content = _only_file(target)
        return content if repository is None or isinstance(content, NotPulled) else self._as_listed(ref, repository, content)

    def _as_listed(self, ref: ChartRef, repository: str, content: bytes) -> bytes | NotPulled:
        """The archive, if it is the one that the repository's index lists: helm 3 doesn't look."""
        index = Path(self._environment["HELM_CACHE_HOME"]) / "repository" / f"{repository}-index.yaml"
        return (
            content
            if listed_digest(index.read_bytes(), ref.name, hashlib.sha256(content).hexdigest())
            else NotPulled(OTHER_BYTES)
        )

    def _helm(self, *arguments: str) -> Outcome:
        return run([str(self._program), *arguments], folder=self._folder, environment=self._environment, timeout=self._timeout)


OTHER_BYTES = "its bytes are not those whose digest the index of its repository lists"


def _only_file(folder: Path) -> bytes | NotPulled:
    found = [path for path in folder.iterdir() if path.suffix == ".tgz"]
    if len(found) != 1:
        return NotPulled("helm pulled no archive")
    if found[0].stat().st_size > MAX_ARCHIVE:
        return NotPulled(f"its archive has more than {MAX_ARCHIVE >> 20} MiB")
    return found[0].read_bytes()


def _not_pulled(outcome: Outcome) -> NotPulled:
    if outcome.exit_code == TIMED_OUT:
        return NotPulled("helm was stopped at the time limit")
    text = outcome.stderr.decode(errors="replace")
    known = next((told for pattern, told in _REASONS if pattern.search(text)), "")
    return NotPulled(known or f"helm says: {read_reason(text[text.rfind('Error: ') + len('Error: ') :]).shown}")
