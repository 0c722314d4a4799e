"""Each kind of fault on the small platform: a real change of one file, told without any value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from random import Random

import pytest

from migrate.measuring import gather
from migrate.model.planted import FILE_CLAIMS, Fault
from migrate.model.tree import Mode, Tree
from migrate.plant import KINDS, Ground, plant
from tests.claims import small_platform
from tests.claims.conftest import RememberingSides, quiet, sides
from tests.claims.small_platform import CHART_HOMES, FLAT, new_files, tree

__all__ = ["sides"]

STATE = "helmfile/helmfile.yaml"
DB = CHART_HOMES["db/"]
SAMPLES = 60

CHANGES = {
    "value": (CHART_HOMES["web/"] + "values.yaml", CHART_HOMES["web/"] + "templates/all.yaml"),
    "key": (CHART_HOMES["web/"] + "values.yaml", CHART_HOMES["web/"] + "templates/all.yaml"),
    "order": (STATE,),
    "object": (DB + "templates/secret.yaml", CHART_HOMES["web/"] + "templates/all.yaml", CHART_HOMES["web/"] + "crds/thing.yaml"),
    "container": (DB + "templates/secret.yaml",),
    "secret": (DB + "templates/secret.yaml", CHART_HOMES["web/"] + "templates/all.yaml"),
    "random": (DB + "templates/secret.yaml",),
    "flag": (STATE,),
    "label": (STATE,),
    "namespace": (STATE,),
    "environment": ("helmfile/environments/dev.yaml",),
    "hook": (STATE,),
    "attribute": (".gitattributes",),
    "unread": (DB + "README.md", DB + "values.schema.json", DB + "templates/NOTES.txt"),
    "unrelated": ("README.md", "apps/web/first.yaml"),
    "comment": (STATE, "helmfile/values/web/values.yaml.gotmpl", "helmfile/environments/dev.yaml"),
    "mode": (DB + "README.md", "README.md"),
}
"""Files that a kind must find a place in on the small platform, among others."""


@pytest.fixture(scope="module")
def ground(sides: RememberingSides) -> Ground:
    """The flat side as the real helmfile reads it."""
    healthy = gather(small_platform.case(), sides, quiet, only="dev")
    return Ground(healthy.case, healthy.new.environments, healthy.old.sources())


def faults(ground: Ground, kind: str) -> list[Fault]:
    return list(islice(KINDS[kind](ground, Random("1")), SAMPLES))  # noqa: S311 -- no secret


def entries(of: Tree) -> set[tuple[str, Mode, str]]:
    return {(path, entry.mode, entry.oid) for path, entry in of.entries.items()}


def test_every_kind_has_a_case() -> None:
    assert CHANGES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", CHANGES)
def test_a_kind_changes_the_files_it_is_for_and_no_others(ground: Ground, kind: str) -> None:
    found = faults(ground, kind)
    touched = {path for fault in found for path in fault.touched}
    assert touched.issuperset(CHANGES[kind])
    healthy = entries(ground.case.new)
    for fault in found:
        changed = {path for path, _, _ in healthy ^ entries(fault.applied_to(ground.case.new))}
        assert fault.kind == kind
        assert len(fault.touched) == 1
        assert changed == fault.touched, fault.wording


def contents(ground: Ground, kind: str, path: str) -> Iterator[str]:
    for fault in faults(ground, kind):
        if path in fault.put:
            yield fault.applied_to(ground.case.new).text(path)


@pytest.mark.parametrize(
    ("kind", "path", "text"),
    [
        ("value", CHART_HOMES["web/"] + "values.yaml", "replicas: 2\n"),
        ("key", CHART_HOMES["web/"] + "values.yaml", "replicasPlanted: 1\n"),
        ("container", DB + "templates/secret.yaml", "        - name: db\n          image: db:1\n" * 1),
        ("secret", DB + "templates/secret.yaml", "  password: cGxhbnRlZA==\n"),
        ("secret", CHART_HOMES["web/"] + "templates/all.yaml", "stringData:\n  key: planted\n"),
        ("random", DB + "templates/secret.yaml", '{{- $password := "aaaaaaaaaaaaaaaa" }}\n'),
        ("flag", STATE, "    timeout: 301\n"),
        ("flag", STATE, "    wait: false\n"),
        ("flag", STATE, "    atomic: false\n"),
        ("flag", STATE, "  - name: agent\n    createNamespace: false\n"),
        ("label", STATE, "      kind: store-planted\n"),
        ("label", STATE, "    labels:\n      team: front\n"),
        ("label", STATE, "      planted: here\n"),
        ("namespace", STATE, "    needs:\n      - data-planted/db\n"),
        ("environment", "helmfile/environments/dev.yaml", "size: 5Gi-planted\n"),
        ("environment", "helmfile/environments/dev.yaml", "# development\ndomain: dev.example.org\n"),
        ("hook", STATE, "        command: planted-command\n"),
        ("hook", STATE, "      - events: [cleanup]\n"),
        ("hook", STATE, "        args: [planted, web]\n"),
        ("comment", STATE, "  - name: db\n"),
        ("comment", STATE, "  # what people see planted\n"),
        ("unread", DB + "values.schema.json", '{"title": "planted", "type": "object"}\n'),
    ],
)
def test_a_fault_says_something_else_at_the_place(ground: Ground, kind: str, path: str, text: str) -> None:
    found = list(contents(ground, kind, path))
    assert any(text in content for content in found)
    assert text not in new_files()[path] or kind == "container"


def test_a_container_stands_twice(ground: Ground) -> None:
    block = "        - name: db\n          image: db:1\n          command: [run, --size, {{ .Values.size }}]\n"
    assert any(block * 2 in content for content in contents(ground, "container", DB + "templates/secret.yaml"))


def test_needs_are_dropped_and_turned_round(ground: Ground) -> None:
    found = list(contents(ground, "order", STATE))
    assert any("    needs:\n      - data/db\n" not in content and content.count("needs:") == 1 for content in found)
    assert any("  - name: db # 데이터베이스\n    needs:\n    - web/web\n" in content for content in found)


def test_only_the_last_values_file_of_a_release_is_a_place(sides: RememberingSides) -> None:
    last = "helmfile/values/web/values.yaml.gotmpl"
    files = {**new_files(), last: new_files()[last] + "more: 1\n"}
    healthy = gather(small_platform.case(new=tree(files)), sides, quiet, only="dev")
    ground = Ground(healthy.case, healthy.new.environments, healthy.old.sources())
    assert any(content.endswith("more: 2\n") for content in contents(ground, "value", last))
    assert any(content.endswith("morePlanted: 1\n") for content in contents(ground, "key", last))
    assert not list(contents(ground, "value", "helmfile/values/web/first.yaml"))


def test_comments_that_the_migration_wrote_itself_are_no_place(sides: RememberingSides) -> None:
    state = FLAT.replace("# the platform\n", "# the platform\n# made by a migration\n")
    healthy = gather(small_platform.case(new=tree({**new_files(), STATE: state})), sides, quiet, only="dev")
    ground = Ground(healthy.case, healthy.new.environments, healthy.old.sources())
    assert all("# made by a migration\n" in content for content in contents(ground, "comment", STATE))


def test_an_attribute_is_one_that_the_file_does_not_have(ground: Ground) -> None:
    for fault in faults(ground, "attribute"):
        new = small_platform.attributes(fault.applied_to(ground.case.new))
        assert new[fault.path] != ground.case.new_attributes[fault.path]


def test_files_that_nothing_reads_are_for_the_files_own_claims(ground: Ground) -> None:
    for kind in ("attribute", "unread", "unrelated", "comment", "mode"):
        assert all(FILE_CLAIMS.issuperset(fault.expected) for fault in faults(ground, kind))
    for kind in ("value", "key", "order", "object", "container", "secret", "random", "flag", "label", "namespace", "hook"):
        assert all(FILE_CLAIMS.isdisjoint(fault.expected) for fault in faults(ground, kind))


def test_no_wording_tells_a_value(ground: Ground) -> None:
    told = " ".join(fault.wording for kind in KINDS for fault in faults(ground, kind))
    for value in ("5Gi", "dev.example.org", "admin", "abc", "front", "planted-command"):
        assert value not in told


def test_the_same_seed_plants_the_same_faults_and_another_seed_others(ground: Ground) -> None:
    assert plant(ground, 40, 7) == plant(ground, 40, 7)
    assert plant(ground, 40, 7)[:20] == plant(ground, 20, 7)
    assert plant(ground, 40, 7) != plant(ground, 40, 8)


def test_faults_are_spread_evenly_and_never_planted_twice(ground: Ground) -> None:
    chosen = {kind: KINDS[kind] for kind in ("value", "key", "flag", "mode")}
    found = plant(ground, 20, 3, chosen)
    assert {kind: sum(fault.kind == kind for fault in found) for kind in chosen} == dict.fromkeys(chosen, 5)
    everything = plant(ground, 100_000, 3)
    trees = [frozenset(entries(fault.applied_to(ground.case.new))) for fault in everything]
    assert len(set(trees)) == len(trees) < 100_000


def test_a_kind_without_a_place_plants_nothing(sides: RememberingSides) -> None:
    state = FLAT[: FLAT.index("    hooks:")] + FLAT[FLAT.index("  - name: agent") :]
    healthy = gather(small_platform.case(new=tree({**new_files(), STATE: state})), sides, quiet, only="dev")
    ground = Ground(healthy.case, healthy.new.environments, healthy.old.sources())
    assert not faults(ground, "hook")
    assert {fault.kind for fault in plant(ground, 40, 1)} == KINDS.keys() - {"hook"}


def test_a_script_of_a_hook_is_a_place(sides: RememberingSides) -> None:
    state = FLAT.replace("command: echo", "command: ../scripts/deploy.sh")
    healthy = gather(small_platform.case(new=tree({**new_files(), STATE: state})), sides, quiet, only="dev")
    ground = Ground(healthy.case, healthy.new.environments, healthy.old.sources())
    assert "scripts/deploy.sh" in {fault.path for fault in faults(ground, "hook")}


def test_without_a_record_copies_are_read_off(ground: Ground) -> None:
    alone = replace(ground.case, record=None)
    by_hand = Ground(alone, ground.environments, ground.old_sources)
    assert by_hand.copies == ground.copies
