"""What of the user's environment git gets to see.

Git sets `GIT_DIR`, `GIT_INDEX_FILE` and others for its hooks and aliases. They would bind our git processes to another
repository or index than the one asked for, so they go; what configures git or names the committer stays.
"""

from __future__ import annotations

import os

FOREIGN = (
    # `git rev-parse --local-env-vars`, without those that carry configuration (GIT_CONFIG_PARAMETERS, GIT_CONFIG_COUNT)
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
    # what changes the meaning of paths or of the answers
    "GIT_ATTR_SOURCE",
    "GIT_DEFAULT_HASH",
    "GIT_DIFF_OPTS",
    "GIT_EXTERNAL_DIFF",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
)

FIXED = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone never fetches behind our back; for git before 2.39.4
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",  # the same, for newer ones
    "GIT_NO_REPLACE_OBJECTS": "1",  # what a commit holds, not what stands in for it here
    "GIT_OPTIONAL_LOCKS": "0",  # `git status` must not rewrite the user's index
    "GIT_TERMINAL_PROMPT": "0",
}

OPTIONS = (
    "checkout.workers=1",
    "core.fsmonitor=false",
    "core.splitIndex=false",
    "core.warnAmbiguousRefs=true",
    "i18n.commitEncoding=UTF-8",
    "index.sparse=false",
)
"""Configuration of each call: plain indexes, one writer, messages in UTF-8."""


def forget_foreign_repository() -> None:
    """Take the variables that bind git to another repository out of this process, and so out of all its children."""
    for name in FOREIGN:
        os.environ.pop(name, None)
