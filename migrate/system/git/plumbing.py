"""How git is called: through GitPython, with a settled environment, bytes in and bytes out."""

from __future__ import annotations

from pathlib import Path
from subprocess import PIPE
from typing import NamedTuple

from git.cmd import Git
from git.exc import GitCommandNotFound

from migrate.errors import GitFailed, ToolMissing
from migrate.system.git.environment import FIXED, OPTIONS
from migrate.system.git.lock import RepositoryLock

NO_HOOKS = "core.hooksPath=/dev/null"


class Answer(NamedTuple):
    """What a git process said."""

    code: int
    out: bytes
    err: str


class Plumbing:
    """git in one folder (a worktree's top, or a bare repository)."""

    def __init__(self, folder: Path, lock: RepositoryLock | None = None, *, objects: Path | None = None) -> None:
        """`objects` replaces the repository's own object folder."""
        self.folder = folder
        self.lock = lock
        self._git = Git(str(folder))
        self._git.update_environment(**FIXED, **({"GIT_OBJECT_DIRECTORY": str(objects)} if objects else {}))

    def at(self, folder: Path) -> Plumbing:
        """git in another worktree of the same repository."""
        return Plumbing(folder, self.lock)

    def with_objects(self, objects: Path) -> Plumbing:
        """git with another object folder; that names the repository's own as its alternate."""
        return Plumbing(self.folder, self.lock, objects=objects)

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        index: Path | None = None,
        hooks: bool = False,
        env: dict[str, str] | None = None,
    ) -> Answer:
        """One call to its end, whatever its exit code. `index` replaces the worktree's own; no hook runs unless asked for."""
        extra = {**(env or {}), **({"GIT_INDEX_FILE": str(index)} if index else {})}
        process = self.start(*arguments, env=extra, hooks=hooks, descriptors=self.lock.descriptors if self.lock else ())
        out, err = process.communicate(stdin)
        return Answer(process.returncode, out, err.decode(errors="replace").strip())

    def ask(self, *arguments: str, stdin: bytes = b"", index: Path | None = None) -> bytes:
        """The output of one call; GitFailed with git's own message if it fails."""
        answer = self.run(*arguments, stdin=stdin, index=index)
        if answer.code:
            raise GitFailed(f"git {arguments[0]} failed: {answer.err or f'exit code {answer.code}'}")
        return answer.out

    def line(self, *arguments: str, stdin: bytes = b"", index: Path | None = None) -> str:
        """The output without its line end; a path in it survives whatever its encoding."""
        return self.ask(*arguments, stdin=stdin, index=index).removesuffix(b"\n").decode("utf-8", "surrogateescape")

    def start(
        self, *arguments: str, env: dict[str, str] | None = None, hooks: bool = False, descriptors: tuple[int, ...] = ()
    ) -> Git.AutoInterrupt:
        """A running git with pipes; it ends when the caller drops it."""
        options = OPTIONS if hooks else (*OPTIONS, NO_HOOKS)
        # GitPython falls back to the current folder where its own is gone; -C makes git fail instead.
        command = ["git", "-C", str(self.folder), *(word for option in options for word in ("-c", option)), *arguments]
        try:
            return self._git.execute(command, istream=PIPE, as_process=True, env=env, pass_fds=descriptors)
        except GitCommandNotFound:
            raise ToolMissing("git is not on PATH", hint="install git 2.34 or newer") from None


def encode(path: str) -> bytes:
    """A path as git stores it."""
    return path.encode("utf-8", "surrogateescape")


def decode(path: bytes) -> str:
    """A path as Python holds it; bytes that are no UTF-8 survive."""
    return path.decode("utf-8", "surrogateescape")
