from __future__ import annotations

import pytest

from migrate.errors import BadConfiguration
from migrate.layout import FIELDS, Layout, LayoutProblem, layout_of, layout_problem
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings


def laid_out(**paths: str) -> Layout:
    return layout_of(Settings(layout=paths))


def test_the_default_is_one_helmfile_folder() -> None:
    layout = layout_of(Settings())
    assert (layout.folder, layout.state_file, layout.record) == (
        "helmfile",
        "helmfile/helmfile.yaml",
        "helmfile/.migrate/record.json",
    )
    assert (layout.external_charts, layout.custom_charts) == ("helmfile/charts/external", "helmfile/charts/custom")
    assert (layout.patches, layout.values, layout.environments) == (
        "helmfile/charts/patches",
        "helmfile/values",
        "helmfile/environments",
    )
    assert all(isinstance(getattr(layout, field), RepoPath) for field in FIELDS.values())


def test_the_whole_layout_follows_its_folder() -> None:
    layout = laid_out(folder="deploy/platform/")
    places = [getattr(layout, field) for key, field in FIELDS.items() if key not in ("folder", "scripts")]
    assert (layout.folder, layout.scripts) == ("deploy/platform", "scripts")
    assert all(path.is_below("deploy/platform") for path in places)


def test_one_place_can_be_changed() -> None:
    assert laid_out(values="{folder}/releases").values == "helmfile/releases"
    assert laid_out(state="{folder}/all.yaml").state_file == "helmfile/all.yaml"


def test_equal_layouts_have_equal_digests_and_others_do_not() -> None:
    assert laid_out(values="helmfile/values/").digest == layout_of(Settings()).digest
    assert len({laid_out(**{key: "helmfile/x"}).digest for key in FIELDS if key not in ("folder", "scripts")}) == len(FIELDS) - 2


@pytest.mark.parametrize(
    ("key", "path", "problem"),
    [
        ("chart", "x", "unknown key; known: folder"),
        ("folder", "/srv", "no path inside the repository"),
        ("folder", "", "no path inside the repository"),
        ("folder", "{folder}/x", "placeholder"),
        ("values", "{folder}/../x", "no path inside the repository"),
        ("folder", ".git/helmfile", "git's own folder"),
        ("values", "{folder}/.GIT", "git's own folder"),
        ("values", "values", "not below helmfile"),
        ("values", "helmfile", "not below helmfile"),
        ("values", "{folders}/x", "placeholder"),
        ("state", "{folder}/state/helmfile.yaml", "not lie right in helmfile"),
        ("values", "{folder}/environments", "taken by layout.environments"),
        ("values", "{folder}/helmfile.yaml/x", "below layout.state, which is a file"),
    ],
)
def test_an_impossible_layout_is_refused(key: str, path: str, problem: str) -> None:
    settings = Settings(layout={key: path})
    found = layout_problem(settings)
    assert isinstance(found, LayoutProblem)
    assert (found.key, problem in found.message) == (key, True)
    with pytest.raises(BadConfiguration, match=f"layout.{key}: "):
        layout_of(settings)
