"""The environment variables of every call: built from nothing, so that nothing of the user's decides a verdict unnoticed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_HELM_FOLDERS = ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME")
_HOME_FOLDERS = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "HELMFILE_CACHE_HOME")


def clean_environment(folder: Path, kustomize: Path | None, passed: Mapping[str, str], *, hooks: bool) -> dict[str, str]:
    """The variables, with homes that are empty folders made below `folder`; `passed` comes on top as it is.

    PATH has `kustomize`, if there is one, and with `hooks` the system's two folders: without, `exec` and hooks find no program
    by its name. There is no KUBECONFIG and no proxy.
    """
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    if kustomize is not None:
        (tools / "kustomize").symlink_to(kustomize)
    variables = {
        "PATH": f"{tools}:/usr/bin:/bin" if hooks else str(tools),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "HELMFILE_UPGRADE_NOTICE_DISABLED": "1",
        "GOGC": "400",  # a fifth less time for programs that live for a moment
    }
    for name in (*_HOME_FOLDERS, *_HELM_FOLDERS, "TMPDIR"):
        home = folder / "homes" / name.lower()
        home.mkdir(parents=True)
        variables[name] = str(home)
    return variables | dict(passed)
