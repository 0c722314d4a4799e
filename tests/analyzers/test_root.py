"""Where helmfile begins, and what is said if that isn't clear."""

from __future__ import annotations

import pytest

from migrate.analyzers.states import find_root
from migrate.errors import NoHelmfile
from tests.system.trees import tree_of


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["README.md"], "no helmfile.yaml in this commit"),
        (["deploy/helmfile.d/20-web.yaml", "deploy/helmfile.d/10-db.yaml"], "but deploy/helmfile.d/, which is not flattened yet"),
        (["a/helmfile.yaml", "b/helmfile.yaml", "helmfile.d/10-db.yaml"], "2 helmfiles and none at the top"),
        (["helmfile/helmfile.yaml"], "lies in helmfile/ already"),
    ],
)
def test_a_commit_without_a_root_is_refused_with_what_is_there(files: list[str], said: str) -> None:
    with pytest.raises(NoHelmfile, match=said) as caught:
        find_root(tree_of(dict.fromkeys(files, "releases: []\n")), "helmfile")
    assert caught.value.hint
