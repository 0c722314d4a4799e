"""The whole name of an image, as docker and containerd complete it (distribution/reference, normalize.go)."""

from __future__ import annotations

import re

IMAGE = re.compile(
    r"(?:(?P<host>[\w.-]+(?::\d+)?|\[[0-9a-f:]+\](?::\d+)?)/)?(?P<path>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>[A-Za-z0-9+._-]+:[0-9a-fA-F]{32,}))?"
)
DEFAULT_HOST, DEFAULT_FOLDER, DEFAULT_TAG = "docker.io", "library", "latest"
OLD_HOST = "index.docker.io"


def whole(text: str) -> str:
    """Registry, path, tag or digest, all written out; empty for a text that is no image."""
    first, slash, rest = text.partition("/")
    hosted = bool(slash) and ("." in first or ":" in first or first == "localhost" or first != first.lower())
    host, path = (first, rest) if hosted else (DEFAULT_HOST, text)
    found = IMAGE.fullmatch(path)
    if not found or (found["host"] and not hosted and not found["path"]):
        return ""
    host = DEFAULT_HOST if host == OLD_HOST else host
    name = path.partition("@")[0]
    name, tag = _tagged(name)
    if host == DEFAULT_HOST and "/" not in name:
        name = f"{DEFAULT_FOLDER}/{name}"
    digest = f"@{found['digest']}" if found["digest"] else ""
    return f"{host}/{name}{f':{tag}' if tag else '' if digest else f':{DEFAULT_TAG}'}{digest}"


def repository_of(name: str) -> str:
    """A whole name without tag and digest."""
    return _tagged(name.partition("@")[0])[0]


def _tagged(name: str) -> tuple[str, str]:
    folder, slash, last = name.rpartition("/")
    word, _, tag = last.partition(":")
    return f"{folder}{slash}{word}", tag
