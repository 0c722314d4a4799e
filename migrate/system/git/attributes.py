"""What a tree's own .gitignore and .gitattributes files say.

The checkout, .git/info and the user's and the system's settings have no say. `git check-attr --source` would be the short
way, but git has it only since 2.40; so the tree's files of that name are laid out in a repository of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from migrate.errors import GitFailed
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.system.git.plumbing import Plumbing, decode, encode
from migrate.system.run_folder import RunFolder

ENVIRONMENT = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "0",  # check-ignore does not know it; a leading ./ does the same
}
HERE = "./"
SETTINGS = ("core.excludesFile=/dev/null", "core.attributesFile=/dev/null", "core.ignoreCase=false")


def ignored(paths: Sequence[str], tree: Tree) -> frozenset[str]:
    """Which of the file paths the .gitignore files of the tree ignore, tracked or not."""
    if not paths:
        return frozenset()
    with _laid_out(tree, ".gitignore") as folder:
        answer = _ask(folder, [HERE + path for path in paths], "check-ignore", "--no-index", "-z", "--stdin")
    return frozenset(decode(path).removeprefix(HERE) for path in answer.split(b"\0")[:-1])


def attributes(paths: Sequence[str], tree: Tree) -> dict[str, Mapping[str, str]]:
    """Each path's attributes as `git check-attr --all` names them (`set`, `unset`, a value); unspecified ones are left out."""
    found: dict[str, dict[str, str]] = {path: {} for path in paths}
    if not paths:
        return {}
    with _laid_out(tree, ".gitattributes") as folder:
        fields = _ask(folder, paths, "check-attr", "--all", "-z", "--stdin").split(b"\0")[:-1]
    for path, name, value in zip(fields[::3], fields[1::3], fields[2::3], strict=True):
        found[decode(path)][decode(name)] = decode(value)
    return dict(found)


def _ask(folder: Path, paths: Sequence[str], *command: str) -> bytes:
    options = [word for setting in SETTINGS for word in ("-c", setting)]
    process = Plumbing(folder).start(*options, *command, env=ENVIRONMENT)
    out, err = process.communicate(b"".join(encode(path) + b"\0" for path in paths))
    # check-ignore says 1 where it ignores none of them
    if process.returncode > 1 or (process.returncode and err):
        raise GitFailed(f"git {command[0]} failed: {err.decode(errors='replace').strip()}")
    answer: bytes = out
    return answer


@contextmanager
def _laid_out(tree: Tree, name: str) -> Iterator[Path]:
    """A repository that holds only the regular files of that name: git follows no symbolic link to one either."""
    with RunFolder() as made:
        folder = made.path / "rules"
        folder.mkdir()
        Plumbing(folder).ask("init", "--quiet", "--template=")
        for path, entry in tree.entries.items():
            if path.name == name and entry.mode in (Mode.FILE, Mode.EXECUTABLE) and not _inside_git(path):
                (folder / path.folder).mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(tree.read(path))
        yield folder


def _inside_git(path: RepoPath) -> bool:
    """Whether a hostile tree means to write into the repository of our own."""
    return any(part.lower() == ".git" for part in path.split("/"))
