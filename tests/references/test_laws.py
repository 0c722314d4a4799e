"""What holds for every finder of files that are no scripts, programs or documents, whatever is written in the file."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.model.edits import splice
from migrate.model.paths import RepoPath
from migrate.model.references import Certainty
from migrate.references import find_in
from migrate.references.groups import edits_of
from migrate.references.moves import Moves
from tests.references.pieces import tree_of
from tests.references.test_respell import FILES, MOVES

LEGACY = [
    "environments/dev/values.yaml",
    "environments/prod",
    "applications/web/chart",
    "./environments/dev",
    "environments/*/values.yaml",
]
OTHER = ["docs/x", "README.md", "https://example.org/environments/dev", "~/environments/dev", "helm", "a-b/c"]
FRAMES = {
    ".github/workflows/a.yml": (
        "on:\n  push:\n    paths:\n      - '%s'\njobs:\n  a:\n    steps:\n      - run: |\n          ls %s\n          cat %s é\n"
    ),
    ".gitlab-ci.yml": "a:\n  script:\n    - ls %s\n    - cat '%s'\n  artifacts:\n    paths: ['%s']\n",
    "Makefile": "V := %s\nx: %s\n\tcat $(V)/x %s\n",
    "Dockerfile": "FROM x\nCOPY %s /a\nADD %s %s /b\n",
    "docker-compose.yml": "services:\n  a:\n    build: %s\n    env_file: [%s]\n    volumes: ['%s:/x']\n",
    ".github/labeler.yml": "a: ['%s']\nb:\n  - any: ['!%s', \"%s\"]\n",
    ".github/actions/a/action.yml": "runs:\n  steps:\n    - shell: bash\n      run: cat %s '%s' \"%s\"\n",
    "CODEOWNERS": "%s @a\n# %s\n/%s @b\n",
    ".coderabbit.yaml": "reviews:\n  path_filters:\n    - '!%s'\n    - '%s'\n    - \"%s\"\n",
}
BACK = Moves(
    {RepoPath(new): RepoPath(old) for old, new in FILES.items()},
    frozenset({RepoPath("helmfile/helmfile.yaml")}),
    RepoPath("helmfile/helmfile.yaml"),
    RepoPath("helmfile.yaml"),
    frozenset({*map(RepoPath, FILES.values()), RepoPath("README.md")}),
)
"""The way back: what is found in the respelt file must be what was found before"""

words = st.lists(st.sampled_from(LEGACY + OTHER), min_size=3, max_size=3)


@pytest.mark.parametrize("path", FRAMES)
@settings(max_examples=40)
@given(texts=words)
def test_what_is_respelt_is_found_again_at_its_new_place(path: str, texts: list[str]) -> None:
    content = (FRAMES[path] % tuple(texts)).encode()
    before = find_in(tree_of(**{path: content}), RepoPath(path), MOVES)
    edits = edits_of(before).get(RepoPath(path), ())
    assert all(first.end <= second.offset for first, second in pairwise(edits))
    new = splice(content, edits)
    again = find_in(tree_of(**{path: new}), RepoPath(path), BACK)
    exact = sorted(item.becomes for item in before if item.certainty is Certainty.EXACT)
    assert exact == sorted(item.target for item in again if item.certainty is Certainty.EXACT and item.target in exact)
    assert not [item for item in find_in(tree_of(**{path: new}), RepoPath(path), MOVES) if item.edits and item.becomes in exact]


@pytest.mark.parametrize("path", FRAMES)
@settings(max_examples=40)
@given(texts=st.lists(st.sampled_from(OTHER), min_size=3, max_size=3))
def test_a_file_without_references_keeps_its_bytes(path: str, texts: list[str]) -> None:
    content = (FRAMES[path] % tuple(texts)).encode()
    assert find_in(tree_of(**{path: content}), RepoPath(path), MOVES) == ()
