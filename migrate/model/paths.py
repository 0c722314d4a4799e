"""A path inside a repository, checked once when it is made."""

from __future__ import annotations

from migrate.errors import PathLeavesRepository


class RepoPath(str):
    """A `/`-separated path relative to the top of a repository.

    It compares, hashes and sorts as the text it is. Refuses an absolute path, an empty part, `.`, `..` and NUL with
    `PathLeavesRepository`. The top itself is no RepoPath: folders are given as plain text, where `""` is the top.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> RepoPath:
        """The checked path."""
        if any(part in ("", ".", "..") for part in text.split("/")) or "\0" in text:
            raise PathLeavesRepository(f"{text!r} is no path inside the repository")
        return super().__new__(cls, text)

    @property
    def name(self) -> str:
        """The last part."""
        return self.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The folder that holds it; `""` at the top."""
        return self.rpartition("/")[0]

    def is_below(self, folder: str) -> bool:
        """Whether it lies in `folder` at any depth; everything lies below `""`."""
        return not folder or self.startswith(folder + "/")

    def relative_to(self, folder: str) -> str:
        """The rest of the path below `folder`; ValueError if it lies elsewhere."""
        if not self.is_below(folder):
            raise ValueError(f"{self} is not below {folder}")
        return self[len(folder) + 1 :] if folder else str(self)


def resolve(folder: str, relative: str) -> str:
    """Where `relative` leads from `folder`, as plain text (`""` is the top of the repository).

    `PathLeavesRepository` if it is absolute or climbs out.
    """
    if relative.startswith("/"):
        raise PathLeavesRepository(f"{relative!r} is absolute")
    parts = [part for part in folder.split("/") if part]
    for part in relative.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            raise PathLeavesRepository(f"{relative!r} leads out of the repository from {folder or 'its top'!r}")
    return "/".join(parts)


def relative(target: str, folder: str) -> str:
    """How to name `target` from `folder`, with `../` where needed; `.` for the folder itself."""
    there, here = [p for p in target.split("/") if p], [p for p in folder.split("/") if p]
    shared = 0
    while shared < min(len(there), len(here)) and there[shared] == here[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + there[shared:]) or "."
