"""The real tools: which helmfile, helm and kustomize judge, where they were found, and how to get them.

    find(options).pair()              helmfile 0.16x and helm 3, for the legacy side
    find(options).pair(modern=True)   helmfile 1.x and the same helm, for the new side
    install.install(...)              gets the pinned tools into the cache

Order of preference, for each tool by itself: `--helmfile`/`--helm`; the repository's own tools/ (only if the user agrees);
PATH; the cache, oldest version first. The first find that fits is taken.
"""

from migrate.system.toolbox.box import Toolbox, find
from migrate.system.toolbox.cache import cache_folder
from migrate.system.toolbox.tool import Origin, Tool, ToolOptions, ToolPair

__all__ = ["Origin", "Tool", "ToolOptions", "ToolPair", "Toolbox", "cache_folder", "find"]
