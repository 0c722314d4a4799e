from __future__ import annotations

from dataclasses import replace

import pytest

from migrate.model.edits import splice
from migrate.model.paths import RepoPath
from migrate.model.references import TOP, Certainty, Mention, Piece
from migrate.references.moves import Moves
from migrate.references.respell import reference

FILES = {
    "environments/dev/values.yaml": "helmfile/environments/dev/values.yaml",
    "environments/prod/values.yaml": "helmfile/environments/prod/values.yaml",
    "environments/lent/values.yaml": "helmfile/environments/lent/values.yaml",  # no commit holds it
    "applications/web/chart/Chart.yaml": "helmfile/charts/custom/web/Chart.yaml",
    "applications/web/chart/templates/a.yaml": "helmfile/charts/custom/web/templates/a.yaml",
    "applications/web/values.yaml": "helmfile/values/web.yaml",
    "applications/api/chart/Chart.yaml": "helmfile/charts/custom/api/Chart.yaml",
    "applications/api/values.yaml": "helmfile/values/api.yaml",
}
MERGED = ("helmfile.yaml", "applications/web/helmfile.yaml", "applications/api/helmfile.yaml")
PRESENT = {*FILES, *MERGED, "README.md", "scripts/deploy.sh", "monochart/web/web.yaml"} - {"environments/lent/values.yaml"}
MOVES = Moves(
    {RepoPath(old): RepoPath(new) for old, new in FILES.items()},
    frozenset(map(RepoPath, MERGED)),
    RepoPath("helmfile.yaml"),
    RepoPath("helmfile/helmfile.yaml"),
    frozenset(map(RepoPath, PRESENT)),
)


def mention(text: str, folders: tuple[str, ...] = ("",), *, glob: bool = False, prose: bool = False) -> tuple[Mention, bytes]:
    """A mention from a text in which `$name` is an unknown part, `@folder@` a known one; the other texts are literals."""
    source, pieces = b"", list[Piece]()
    for part in text.split("|"):
        if part.startswith("$"):
            pieces.append(Piece(part, hole=True))
        elif part.startswith("@"):
            pieces.append(Piece(TOP + part[1:]))
        else:
            pieces.append(Piece(part, len(source)))
            source += part.encode()
    return Mention(RepoPath("scripts/deploy.sh"), 1, tuple(pieces), folders, "shell", glob, prose), source


def test_a_path_that_leads_to_something_counts_before_one_that_leads_to_nothing() -> None:
    path, _ = mention("environments/dev", ("applications/web/chart", ""))
    found = reference(path, MOVES)
    assert found is not None
    assert found.target == "environments/dev"


UNTOUCHED = [
    "README.md",
    "scripts/deploy.sh",
    "monochart/web/web.yaml",
    "~/applications/web/values.yaml",
    "/environments/dev/values.yaml",
    "../environments/dev/values.yaml",
    "docs/environments/dev",
    "deployment-environments.md",
    "environments/dev/values.yaml/x",
    "https://example.org/environments/dev",
    "$x|/values.yaml",
    "application",
]


def test_from_a_folder_that_moves_a_path_from_the_top_stays() -> None:
    assert reference(mention("@|/README.md", ("environments/dev",))[0], MOVES) is None


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_means_nothing_that_moves_is_no_reference(text: str) -> None:
    assert reference(mention(text)[0], MOVES) is None


EXACT = [
    ("environments/dev/values.yaml", "", "helmfile/environments/dev/values.yaml"),
    ("./environments/dev/values.yaml", "", "./helmfile/environments/dev/values.yaml"),
    ("environments/dev/", "", "helmfile/environments/dev/"),
    ("environments", "", "helmfile/environments"),
    ("environments/.", "", "helmfile/environments/."),
    ("./environments/dev/./", "", "./helmfile/environments/dev/./"),
    ("environments/lent/values.yaml", "", "helmfile/environments/lent/values.yaml"),
    ("environments/made-later/values.yaml", "", "helmfile/environments/made-later/values.yaml"),
    ("../environments/dev", "scripts", "../helmfile/environments/dev"),
    ("applications/web/chart", "", "helmfile/charts/custom/web"),
    ("applications/web/chart/", "", "helmfile/charts/custom/web/"),
    ("applications/web/values.yaml", "", "helmfile/values/web.yaml"),
    ("helmfile.yaml", "", "helmfile/helmfile.yaml"),
    ("environments/|$env|/values.yaml", "", "helmfile/environments/|$env|/values.yaml"),
    ("environments/|$env", "", "helmfile/environments/|$env"),
    ("applications/|$app|/values.yaml", "", "helmfile/values/|$app|.yaml"),
    ("applications/|$app|/chart", "", "helmfile/charts/custom/|$app"),
    ("@scripts|/../applications/web/chart", "", "@scripts|/../helmfile/charts/custom/web"),
    ("@scripts|/..|/environments/|$env", "", "@scripts|/..|/helmfile/environments/|$env"),
    ("@|/environments/dev", "", "@|/helmfile/environments/dev"),
    ("environments|/dev/values.yaml", "", "helmfile/environments|/dev/values.yaml"),
    ("applications/|web|/chart", "", "helmfile/charts/custom/|web|"),
    ("applications/|web|/values.yaml", "", "helmfile/values/|web|.yaml"),
    # read from a folder that moves itself
    ("values.yaml", "environments/dev", "values.yaml"),
    ("../prod/values.yaml", "environments/dev", "../prod/values.yaml"),
    ("../../applications/web/values.yaml", "environments/dev", "../../values/web.yaml"),
    ("../../README.md", "environments/dev", "../../../README.md"),
    ("../../monochart/new.yaml", "environments/dev", "../../../monochart/new.yaml"),
    ("@|/environments/prod", "environments/dev", "@|/helmfile/environments/prod"),
]


@pytest.mark.parametrize(("text", "folder", "wanted"), EXACT)
def test_a_reference_is_respelt_as_it_was_written(text: str, folder: str, wanted: str) -> None:
    meant, source = mention(text, (folder,))
    found = reference(meant, MOVES)
    assert found is not None
    assert (found.certainty, found.reason) == (Certainty.EXACT, "")
    assert splice(source, found.edits) == mention(wanted)[1]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("environments/**", "helmfile/environments/**"),
        ("environments/**/*", "helmfile/environments/**/*"),
        ("environments/**/values.yaml", "helmfile/environments/**/values.yaml"),
        ("environments/prod/*", "helmfile/environments/prod/*"),
        ("environments/*/values.yaml", "helmfile/environments/*/values.yaml"),
        ("applications/*/chart/**", "helmfile/charts/custom/*/**"),
    ],
)
def test_a_glob_is_respelt_where_all_that_it_matches_goes_alike(text: str, wanted: str) -> None:
    meant, source = mention(text, glob=True)
    found = reference(meant, MOVES)
    assert found is not None, text
    assert (found.certainty, found.reason) == (Certainty.EXACT, "")
    assert splice(source, found.edits).decode() == wanted


GUESSED = [
    ("applications/web", "several places"),
    ("applications/|$app", "go"),
    ("applications/web/helmfile.yaml", "merged"),
    ("$root|/environments/dev", "where `$root` leads is not known"),
    ("$root|$sep|environments/dev", "where `$root` leads is not known"),
    ("$root|/|$sub|/environments/dev", "where `$root` leads is not known"),
    ("applications|/web/values.yaml", "put together"),
]


@pytest.mark.parametrize(("text", "reason"), GUESSED)
def test_what_is_not_sure_is_left_with_its_reason(text: str, reason: str) -> None:
    found = reference(mention(text)[0], MOVES)
    assert found is not None
    assert (found.certainty, found.edits) == (Certainty.GUESSED, ())
    assert reason in found.reason


@pytest.mark.parametrize("text", ["environments/*", "environments/|$x", "environments/*/*", "environments/**"])
def test_what_can_also_mean_a_file_that_stays_is_left(text: str) -> None:
    staying = replace(MOVES, present=MOVES.present | {RepoPath("environments/README.md"), RepoPath("environments/dev/notes.txt")})
    found = reference(mention(text, glob=True)[0], staying)
    assert found is not None
    assert (found.certainty, found.edits) == (Certainty.GUESSED, ())
    assert "does not move" in found.reason


def test_a_file_that_never_existed_is_no_damage() -> None:
    found = reference(mention("applications/web/custom.yaml")[0], MOVES)
    assert found is not None
    assert found.certainty is Certainty.DANGLING


def test_the_first_folder_where_it_means_something_decides() -> None:
    found = reference(mention("environments/dev/values.yaml", ("scripts", ""))[0], MOVES)
    assert found is not None
    assert found.target == "environments/dev/values.yaml"


@pytest.mark.parametrize(
    ("text", "certainty"),
    [("applications/web/values.yaml", Certainty.GUESSED), ("environments/dev/values.yaml", Certainty.EXACT)],
)
def test_what_is_copied_into_a_folder_keeps_its_name(text: str, certainty: Certainty) -> None:
    found = reference(replace(mention(text)[0], keeps_name=True), MOVES)
    assert found is not None
    assert found.certainty is certainty
    assert ("under another name, web.yaml and not values.yaml" in found.reason) == (certainty is Certainty.GUESSED)
