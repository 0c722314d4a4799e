"""What every test can ask for: the real tools, git repositories made on the spot, and a world without the user's settings."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from migrate.errors import ToolMissing
from migrate.system.toolbox import ToolOptions, ToolPair, cache_folder, find

REAL_CACHE = cache_folder()
"""Where the user's tools are; read before the tests change HOME."""

NO_SKIP = os.environ.get("MIGRATE_TEST_NO_SKIP", "") not in ("", "0")
"""Set by .ci/run: a missing tool is an error then."""

WANTS_MODERN = "wants helmfile 1.x"
WANTS_REGISTRY = "wants docker-registry"

FileContent = str | bytes | Path
"""Text, bytes, or (as a Path) the target of a symbolic link."""
MakeRepo = Callable[[Mapping[str, FileContent]], Path]

FOREIGN_PREFIXES = ("GIT_", "HELM_", "HELMFILE_", "XDG_", "KUBE")
FOREIGN_NAMES = ("EMAIL", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")


for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) is signal.SIG_IGN:  # as nohup and shells without job control do; children would inherit it
        signal.signal(number, usual)

settings.register_profile("no clock", deadline=None)  # how long an example takes says nothing on a busy machine
settings.load_profile("no clock")


@pytest.fixture(scope="session", autouse=True)
def git_identity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new home folder with a git identity, and none of the user's git, helm or XDG settings. The home folder."""
    home = tmp_path_factory.mktemp("home")
    git_config = home / "gitconfig"
    git_config.write_text("[user]\n\tname = Test Person\n\temail = test@example.org\n[init]\n\tdefaultBranch = main\n")
    cache = home / "cache"
    cache.mkdir()
    (cache / "tools").symlink_to(REAL_CACHE / "tools")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(FOREIGN_PREFIXES) or name in FOREIGN_NAMES:
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("GIT_CONFIG_GLOBAL", str(git_config))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_TERMINAL_PROMPT", "0")
        patch.setenv("TZ", "UTC")
        patch.setenv("MIGRATE_CACHE", str(cache))
        yield home


def options() -> ToolOptions:
    """Only what the environment names or the cache holds: the user's PATH decides no test."""
    helmfile, helm = os.environ.get("MIGRATE_TEST_HELMFILE"), os.environ.get("MIGRATE_TEST_HELM")
    return ToolOptions(
        helmfile=Path(helmfile) if helmfile else None, helm=Path(helm) if helm else None, search_path="", cache=REAL_CACHE
    )


@pytest.fixture(scope="session")
def tools() -> ToolPair:
    """helmfile 0.16x and helm 3, as the legacy side needs them."""
    return find(options()).pair()


@pytest.fixture(scope="session")
def modern_tools() -> ToolPair:
    """helmfile 1.x with the same helm as `tools`. Skipped where it is missing, unless MIGRATE_TEST_NO_SKIP is set."""
    try:
        return find(options()).pair(modern=True)
    except ToolMissing:
        if NO_SKIP:
            raise
        pytest.skip(WANTS_MODERN)


@pytest.fixture(scope="session")
def make_repo(tmp_path_factory: pytest.TempPathFactory) -> MakeRepo:
    """Makes a git repository with these files in one commit on `main`; a new folder for each call."""

    def make(files: Mapping[str, FileContent]) -> Path:
        folder = tmp_path_factory.mktemp("repo")
        for name, content in files.items():
            write_file(folder / name, content)
        for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "Start"]):
            subprocess.run(["git", *arguments], cwd=folder, check=True)
        return folder

    return make


def write_file(path: Path, content: FileContent) -> None:
    """Write one file with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        path.symlink_to(content)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a missing tool that says how to have the tests that were skipped for want of it."""
    reports = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    for wanted, tool, command in (
        (WANTS_MODERN, "helmfile 1.x", "migrate tools install --set current"),
        (WANTS_REGISTRY, "docker-registry", "apt-get install docker-registry"),
    ):
        count = sum(wanted in report for report in reports)
        if count:
            terminalreporter.write_line(f"skipped for want of {tool}: {count}; to have them: {command}")
