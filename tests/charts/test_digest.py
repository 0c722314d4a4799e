"""The digest of a chart, against a shell script and against every way in which a chart can change."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from migrate.charts.digest import digest, rows
from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode
from tests.conftest import write_file
from tests.system.trees import Content, tree_of

FILES: dict[str, Content] = {
    "c/Chart.yaml": "name: c\n",
    "c/templates/a b.yaml": "a\n",
    "c/templates/값.yaml": "b\n",
    "c/Z.txt": "",
    "c/run.sh": ("echo\n", Mode.EXECUTABLE),
    "c/charts/d/Chart.yaml": "name: d\n",
    "c/link": Path("Chart.yaml"),
    "cd/beside": "no part of it\n",
}
BY_SHELL = r"""
cd "$1" && find . \( -type f -o -type l \) -print0 | LC_ALL=C sort -z | while IFS= read -r -d '' f; do
  if [ -L "$f" ]; then printf '%s  @%s\n' "$(printf %s "$(readlink "$f")" | sha256sum | cut -c1-64)" "${f#./}"
  elif [ -x "$f" ]; then printf '%s *%s\n' "$(sha256sum < "$f" | cut -c1-64)" "${f#./}"
  else printf '%s  %s\n' "$(sha256sum < "$f" | cut -c1-64)" "${f#./}"; fi
done | sha256sum | cut -c1-64
"""


def of(files: dict[str, Content]) -> str:
    return digest(rows(tree_of(files), "c"))


def test_a_shell_script_comes_to_the_same_digest(tmp_path: Path) -> None:
    for path, content in FILES.items():
        write_file(tmp_path / path, content[0] if isinstance(content, tuple) else content)
    (tmp_path / "c/run.sh").chmod(0o755)
    done = subprocess.run(["bash", "-c", BY_SHELL, "-", str(tmp_path / "c")], check=True, capture_output=True, text=True)
    assert of(FILES) == f"sha256:{done.stdout.strip()}"


def changed(**files: Content) -> dict[str, Content]:
    return {**FILES, **{f"c/{name.replace('__', '/')}": content for name, content in files.items()}}


@pytest.mark.parametrize(
    "files",
    [
        changed(Z__txt=""),
        {**FILES, "c/Chart.yaml": "name: C\n"},
        {**FILES, "c/Z.txt": " "},
        {**FILES, "c/run.sh": "echo\n"},
        {**FILES, "c/Z.txt": ("", Mode.EXECUTABLE)},
        {**FILES, "c/link": Path("Z.txt")},
        {**FILES, "c/link": "Chart.yaml"},
        {**FILES, "c/charts/d/Chart.yaml": "name: e\n"},
        {path: content for path, content in FILES.items() if path != "c/Z.txt"},
        {("c/Y.txt" if path == "c/Z.txt" else path): content for path, content in FILES.items()},
    ],
)
def test_any_change_of_a_file_changes_it(files: dict[str, Content]) -> None:
    assert of(files) != of(FILES)


def test_what_lies_beside_the_chart_does_not_count() -> None:
    assert of({**FILES, "cd/beside": "other\n", "c.txt": ""}) == of(FILES)


def test_content_that_is_not_at_hand_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="not in this clone"):
        rows(tree_of(FILES, absent={"c/gone": "a" * 40}), "c")
    tree = tree_of(FILES)
    submodule = {**tree.entries, RepoPath("c/sub"): Entry(Mode.SUBMODULE, "b" * 40)}
    with pytest.raises(UnreadableSource, match="submodule"):
        rows(type(tree)(tree.commit, submodule, tree.reader, tree.fresh), "c")
