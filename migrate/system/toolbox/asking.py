"""Runs a tool for one thing only: what version it is."""

from __future__ import annotations

import os
from pathlib import Path

from migrate.system import process
from migrate.system.run_folder import RunFolder
from migrate.system.toolbox import fitness

QUESTIONS: dict[str, tuple[str, ...]] = {
    "helmfile": ("--version",),
    "helm": ("version", "--short"),
    "kustomize": ("version",),
}
PATIENCE_SECONDS = 30


def version_of(name: str, path: Path) -> str:
    """The version that an executable prints, as `3.15.3`. Empty if it can't be run here or prints none.

    The user's HELM_* and HELMFILE_* variables are taken away and helm sees empty folders, so that no plugin is loaded.
    The exit code is not looked at: helm 2 prints its version and then fails for want of a cluster.
    """
    with RunFolder() as made:
        try:
            done = process.run(
                [str(path), *QUESTIONS[name]],
                folder=made.path,
                environment=environment(str(made.path)),
                timeout=PATIENCE_SECONDS,
            )
        except OSError:
            return ""
    return fitness.parse(done.stdout.decode("utf-8", "replace"))


def environment(folder: str) -> dict[str, str]:
    """The user's environment without what steers helm and helmfile, and with helm's folders below `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELM_", "HELMFILE_", "KUBE"))}
    own = {f"HELM_{kind}_HOME": str(Path(folder, kind.lower())) for kind in ("CACHE", "CONFIG", "DATA")}
    return {**kept, **own, "KUBECONFIG": os.devnull}
