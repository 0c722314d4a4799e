"""Values files that are in no commit: which side names them is all that can be told, and it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrate.claims.missing_files import (
    alike,
    handlers_of_environment,
    handlers_of_release,
    looked_for,
    named_by,
    of_environment,
    of_release,
)
from migrate.claims.side_facts import Definition, SideFacts
from migrate.model.facts import BuiltState, EnvironmentFacts
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimVerdict, Proof
from migrate.model.tree import Tree
from tests.claims import small_platform
from tests.claims.conftest import Prove
from tests.claims.fourteen.one_release import Pieces, case
from tests.claims.small_platform import FLAT, OLD_STATES, new_files, old_files, tree
from tests.system.trees import tree_of

STATE, WEB = "helmfile/helmfile.yaml", "apps/web/helmfile.yaml"
FILES = tree_of(
    {
        "apps/a/values.yaml": "x: 1\n",
        "apps/a/in.yaml": Path("values.yaml"),
        "apps/a/out.yaml": Path("../../../x.yaml"),
        "apps/a/text.yaml": "/etc/x.yaml",
        "apps/a/lo/deep.yaml": "",
    }
)


def state(document: dict[str, object]) -> BuiltState:
    return BuiltState(RepoPath("apps/a/helmfile.yaml"), document, "")


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        *(("values.yaml", ()), ("val*.yaml", ()), ("lent.yaml", ())),
        *(("local.yaml", ("apps/a/local.yaml",)), ("lo*.yaml", ("apps/a/lo*.yaml",)), ("/etc/x.yaml", ("/etc/x.yaml",))),
        *(("../../..", ("..",)), ("../..", ("",)), ("in.yaml", ()), ("out.yaml", ("apps/a/out.yaml",)), ("text.yaml", ())),
        *(("../../../x.yaml", ("../x.yaml",)), ("https://example.org/x.yaml", ("https://example.org/x.yaml",))),
    ],
)
def test_an_entry_is_missing_unless_the_commit_or_the_user_has_it(entry: str, names: tuple[str, ...]) -> None:
    lent = {"apps/a/lent.yaml": b""}
    for key in ("values", "secrets"):
        assert of_release(FILES, lent, Definition(state({}), {"name": "a", key: [entry, {"inline": True}]})) == names
    prefixed = Definition(state({}), {"name": "a", "values": ["a/local.yaml"], "valuesPathPrefix": "../"})
    assert of_release(FILES, lent, prefixed) == ("apps/a/local.yaml",)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('{{ readFile "local.yaml" }}', {"apps/a/local.yaml"}),
        ('{{ isFile "../b/local.yaml" }}', {"apps/b/local.yaml"}),
        ('{{ readFile .Values.file }}{{ readFile "" }}', set()),
        ('{{ readFile "values.yaml" }}{{ readFile "lent.yaml" }}{{ isDir "." }}', set()),
    ],
)
def test_a_values_template_may_look_for_files_that_the_commit_does_not_hold(text: str, places: set[str]) -> None:
    lent = {"apps/a/lent.yaml": b""}
    looks = tree_of({"apps/a/values.yaml": "x: 1\n", "apps/a/own.yaml.gotmpl": text, "apps/a/own.yaml": text})
    for release in ({"values": ["own.yaml.gotmpl"]}, {"secrets": ["own.yaml.gotmpl", {"x": 1}]}):
        assert looked_for(looks, lent, Definition(state({}), release)) == places
    prefixed = {"values": ["a/own.yaml.gotmpl"], "valuesPathPrefix": "../"}
    assert looked_for(looks, lent, Definition(state({}), prefixed)) == places
    for release in ({"values": ["own.yaml"]}, {"values": ["gone.yaml.gotmpl"]}):  # helmfile reads no actions in a plain file
        assert looked_for(looks, lent, Definition(state({}), release)) == set()


def test_every_list_of_files_of_an_environment_counts() -> None:
    names = [f"{letter}.yaml" for letter in "ihgfedcba"]
    environment = {"values": [*names[:3], {"x": 1}], "secrets": names[3:6]}
    named = state({"values": [*names[6:], "/etc/x.yaml"], "environments": {"dev": environment, "prod": None}})
    side = SideFacts(FILES, named.source, {name: EnvironmentFacts(name, (named,), (), {}) for name in ("dev", "prod")})
    outside = "/etc/x.yaml"
    assert of_environment(side, {}, "dev") == (outside, *sorted(f"apps/a/{name}" for name in names))
    assert of_environment(side, {}, "prod") == (outside, *sorted(f"apps/a/{name}" for name in names[6:]))
    assert named_by(side, "dev") == {f"apps/a/{name}" for name in names}
    assert named_by(side, "prod") == {f"apps/a/{name}" for name in names[6:]}


@pytest.mark.parametrize(
    ("release", "document", "handlers"),
    [
        ({"values": ["x.yaml"]}, {}, ("Error", "Error")),
        ({"secrets": ["x.yaml"]}, {}, ("Error", "Error")),
        ({"values": [{"x": 1}]}, {"missingFileHandler": "Warn"}, ()),
        ({}, {"missingFileHandler": "Warn"}, ()),
        ({"values": ["x.yaml"], "missingFileHandler": "Info"}, {"missingFileHandler": "Warn"}, ("Info", "Info")),
        ({"values": ["x.yaml"]}, {"missingFileHandler": "Warn"}, ("Error", "Warn")),
    ],
)
def test_what_both_helmfiles_do_about_a_missing_file_of_a_release(
    release: dict[str, object], document: dict[str, object], handlers: tuple[str, ...]
) -> None:
    assert handlers_of_release(Definition(state(document), release)) == handlers


@pytest.mark.parametrize(
    ("settings", "handlers"),
    [
        ([{"values": ["x.yaml"]}], {"Error"}),
        ([{"values": ["x.yaml"], "missingFileHandler": "Warn"}], {"Warn"}),
        ([{"values": ["x.yaml", {"x": 1}], "missingFileHandler": "Warn"}], {"Warn"}),
        ([{"values": [{"x": 1}], "missingFileHandler": "Warn"}], set()),
        ([{"missingFileHandler": "Warn"}], set()),
        ([{"values": ["x.yaml"]}, {"secrets": ["y.yaml"], "missingFileHandler": "Warn"}], {"Error", "Warn"}),
        ([None], set()),
    ],
)
def test_what_is_done_about_a_missing_file_of_an_environment(settings: list[object], handlers: set[str]) -> None:
    states = tuple(state({"environments": {"dev": each}}) for each in settings)
    side = SideFacts(FILES, STATE, {"dev": EnvironmentFacts("dev", states, (), {})})
    assert handlers_of_environment(side, "dev") == handlers
    top = SideFacts(FILES, STATE, {"dev": EnvironmentFacts("dev", (state({"values": ["x.yaml"]}),), (), {})})
    assert handlers_of_environment(top, "dev") == {"Error"}


def test_a_file_that_several_state_files_name_counts_once() -> None:
    named = state({"environments": {"dev": {"values": ["local.yaml", "values.yaml"]}, "prod": {"values": ["x", "y"]}}})
    side = SideFacts(FILES, named.source, {"dev": EnvironmentFacts("dev", (named, named), (), {})})
    assert of_environment(side, {}, "dev") == ("apps/a/local.yaml",)


def failing(proof: Proof) -> set[str]:
    return {claim.claim for claim in proof.claims if claim.verdict is not ClaimVerdict.HOLDS}


def with_web(text: str) -> Tree:
    return tree({**old_files(), WEB: text})


def test_a_values_file_that_git_ignores_may_not_be_forgotten(prove_dev: Prove) -> None:
    web = OLD_STATES[WEB].replace("      - values.yaml.gotmpl\n", "      - values.yaml.gotmpl\n      - local.yaml\n")
    web += "    missingFileHandler: Warn\n"
    last = "      - values/web/values.yaml.gotmpl\n"
    flat = FLAT.replace(last, f"{last}      - ../apps/web/local.yaml\n    missingFileHandler: Warn\n")
    sound = small_platform.case(with_web(web), tree({**new_files(), WEB: web, STATE: flat}))
    forgotten = small_platform.case(with_web(web), tree({**new_files(), WEB: web}))
    assert failing(prove_dev(sound)) == set()
    assert failing(prove_dev(forgotten)) == {"deploys_equal"}
    for other in ("../apps/web/lokal.yaml", "values/web/local.yaml"):
        files = {**new_files(), WEB: web, STATE: flat.replace("../apps/web/local.yaml", other)}
        assert failing(prove_dev(small_platform.case(with_web(web), tree(files)))) == {"deploys_equal"}


def test_a_template_may_look_for_a_file_outside_of_the_repository(prove_dev: Prove) -> None:
    looks: Pieces = {
        "own.yaml.gotmpl": 'a: {{ if isFile "/etc/local.yaml" }}2{{ else }}{{ if isFile "." }}2{{ end }}1{{ end }}\n'
    }
    assert failing(prove_dev(case(looks))) == set()


@pytest.mark.parametrize(("place", "fails"), [("apps/api", {"bytes_kept"}), ("helmfile/values/api", {"deploys_equal"})])
def test_a_template_must_look_for_a_file_that_git_ignores_at_the_same_place(
    place: str, fails: set[str], prove_dev: Prove
) -> None:
    looks: Pieces = {"own.yaml.gotmpl": 'a: {{ if isFile "local.yaml" }}{{ readFile "local.yaml" }}{{ else }}1{{ end }}\n'}
    found = {"own.yaml.gotmpl": str(looks["own.yaml.gotmpl"]).replace("local.yaml", "../../apps/local.yaml")}
    assert failing(prove_dev(case(looks, found if place == "apps/api" else looks))) == fails


def test_an_environment_file_that_git_ignores_may_not_be_forgotten(prove_dev: Prove) -> None:
    file, local = "      - environments/dev.yaml\n", "      - environments/local.yaml\n    missingFileHandler: Debug\n"
    root = OLD_STATES["helmfile.yaml"].replace("    values:\n" + file, "    values:\n" + file + local)
    old = tree({**old_files(), "helmfile.yaml": root})
    flat = FLAT.replace(file, file + local)
    moved = small_platform.case(old, tree({**new_files(), "helmfile.yaml": root, STATE: flat}))
    homes = RepoPath("environments/local.yaml"), RepoPath("helmfile/environments/local.yaml")
    assert failing(prove_dev(replace(moved, absent=(homes,)))) == set()
    assert failing(prove_dev(moved)) == {"values_equal"}
    forgotten = small_platform.case(old, tree({**new_files(), "helmfile.yaml": root}))
    assert failing(prove_dev(forgotten)) == {"values_equal"}


@pytest.mark.parametrize(
    ("environment", "new", "same"),
    [
        ("dev", "there/dev.yaml", True),
        ("dev", "elsewhere/dev.yaml", False),
        ("stage", "there/dev.yaml", False),
    ],
)
def test_a_file_that_an_environment_lacks_may_follow_its_like_of_another_one(environment: str, new: str, same: bool) -> None:
    homes = RepoPath("here/prod.yaml"), RepoPath("there/prod.yaml")
    recorded = replace(small_platform.record(), copies=(homes,))
    told = replace(small_platform.case(recorded=recorded), environments=("dev", "prod", "stage"))
    assert alike(told, environment, ("here/dev.yaml",), (new,)) is same
    assert alike(told, environment, ("here/dev.yaml",), ()) is False
    assert alike(told, environment, ("same.yaml", "here/dev.yaml"), ("same.yaml", new)) is same
    assert alike(told, "prod", ("here/prod.yaml",), ("there/prod.yaml",)) is False
    assert alike(told, environment, (f"../{environment}.yaml",), (new,)) is False
