"""New places that something else has already."""

from __future__ import annotations

import pytest

from tests.fixtures.cases.case import repository
from tests.flatten.planning import planned


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("helmfile/helmfile.yaml", "the plan would make this file"),
        ("helmfile/helmfile.yaml.gotmpl", "helmfile refuses to choose"),
        ("helmfile/.migrate/record.json", "the plan would make this file"),
        ("helmfile", "it is a file, and helmfile/"),
        ("helmfile/values", "it is a file, and helmfile/values/"),
        ("helmfile/values/web.yaml.gotmpl/x", "it is a folder"),
    ],
)
def test_what_is_there_already_is_in_the_way(path: str, message: str) -> None:
    found = planned({**repository("api", "web"), path: "mine\n"}).found("target-clash")
    assert len(found) == 1
    assert found[0].message.startswith(message)
    assert found[0].path == path.removesuffix("/x")


def test_a_release_named_like_the_file_of_another_is_in_the_way() -> None:
    files = repository("api", "web")
    text = str(files["applications/api/helmfile.yaml"]).replace("name: api", "name: web.yaml.gotmpl")
    more = text.replace("  - values.yaml.gotmpl", "  - values.yaml.gotmpl\n  - more.yaml")
    assert more != text
    files |= {"applications/api/helmfile.yaml": more, "applications/api/more.yaml": "a: 1\n"}
    assert [finding.path for finding in planned(files).found("target-clash")] == ["helmfile/values/web.yaml.gotmpl"]
