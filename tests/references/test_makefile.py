from __future__ import annotations

import pytest

from migrate.model.paths import RepoPath
from migrate.references.makefile import MAKEFILE
from tests.references.pieces import after, found

UNTOUCHED = [
    ".PHONY: environments applications\nenvironments:\n\t@echo hi\n",
    "deploy: environments\nenvironments:\n\ttrue\n",
    "install:\n\tcommand -v helmfile || curl -o /tmp/helmfile https://x/environments/dev\n",
    "x:\n\tcd docs && cat environments/dev/values.yaml\n",
    "x:\n\tcat ~/environments/dev\n",
    "APPS := web api environments\n",
    "PROFILE := environments\n",
    "ENV_DIR := $(X)\n",
    "ifeq ($(X),environments/dev)\nendif\n",
]


@pytest.mark.parametrize("content", UNTOUCHED)
def test_what_means_nothing_that_moves_is_left_and_not_told(content: str) -> None:
    assert found(MAKEFILE, "Makefile", content) == ()


REWRITTEN = [
    ("x:\n\thelmfile -e dev apply\n", "x:\n\thelmfile -f helmfile/helmfile.yaml -e dev apply\n"),
    ("x:\n\t@-helmfile -e $(ENV) apply\n", "x:\n\t@-helmfile -f helmfile/helmfile.yaml -e $(ENV) apply\n"),
    ("x: ; ls environments/dev\n", "x: ; ls helmfile/environments/dev\n"),
    ("x:\n\tcd scripts && \\\n\t  ls ../environments/dev\n", "x:\n\tcd scripts && \\\n\t  ls ../helmfile/environments/dev\n"),
    ("x:\n\tcd scripts\n\tls environments/dev\n", "x:\n\tcd scripts\n\tls helmfile/environments/dev\n"),
    (
        ".ONESHELL:\nx:\n\tcd scripts\n\tls ../environments/dev\n",
        ".ONESHELL:\nx:\n\tcd scripts\n\tls ../helmfile/environments/dev\n",
    ),
    (
        "x:\n\tfor e in dev prod; do ls environments/$$e; done\n",
        "x:\n\tfor e in dev prod; do ls helmfile/environments/$$e; done\n",
    ),
    ("x:\n\tls environments/$(ENV)/values.yaml\n", "x:\n\tls helmfile/environments/$(ENV)/values.yaml\n"),
    ("x:\n\tD=environments; ls $$D/dev $${D}/prod\n", "x:\n\tD=helmfile/environments; ls $$D/dev $${D}/prod\n"),
    ("D := environments\nx:\n\tls $(D)/dev\n", "D := helmfile/environments\nx:\n\tls $(D)/dev\n"),
    (
        "D = environments # all\nV = $(D)/dev\nx:\n\tls ${V}/values.yaml\n",
        "D = helmfile/environments # all\nV = $(D)/dev\nx:\n\tls ${V}/values.yaml\n",
    ),
    (
        "DIRS := environments\nDIRS += applications/web/chart\nx:\n\tls $(DIRS)\n",
        "DIRS := helmfile/environments\nDIRS += helmfile/charts/custom/web\nx:\n\tls $(DIRS)\n",
    ),
    ("STATE_FILE ?= helmfile.yaml\n", "STATE_FILE ?= helmfile/helmfile.yaml\n"),
    (
        "export HELMFILE_FILE_PATH := helmfile.yaml\nx:\n\thelmfile sync\n",
        "export HELMFILE_FILE_PATH := helmfile/helmfile.yaml\nx:\n\thelmfile sync\n",
    ),
    ("x:\n\tls $(CURDIR)/environments/dev\n", "x:\n\tls $(CURDIR)/helmfile/environments/dev\n"),
    (
        "R := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))\nx:\n\tls $(R)environments/dev\n",
        "R := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))\nx:\n\tls $(R)helmfile/environments/dev\n",
    ),
    (
        "R := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))\nx:\n\tls $(R)/environments/dev\n",
        "R := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))\nx:\n\tls $(R)/helmfile/environments/dev\n",
    ),
    ("out/%: environments/%/values.yaml\n\ttrue\n", "out/%: helmfile/environments/%/values.yaml\n\ttrue\n"),
    ("x: helmfile.yaml\n\ttrue\n", "x: helmfile/helmfile.yaml\n\ttrue\n"),
    ("V := $(wildcard environments/*/values.yaml)\n", "V := $(wildcard helmfile/environments/*/values.yaml)\n"),
    ("V := $(shell ls environments/dev)\n", "V := $(shell ls helmfile/environments/dev)\n"),
    ("include environments/dev/values.yaml\n", "include helmfile/environments/dev/values.yaml\n"),
    ("# needs environments/dev\n", "# needs helmfile/environments/dev\n"),
    ("define RUN\nls environments/dev\nendef\n", "define RUN\nls helmfile/environments/dev\nendef\n"),
]


@pytest.mark.parametrize(("before", "wanted"), REWRITTEN)
def test_a_makefile_is_respelt(before: str, wanted: str) -> None:
    assert after(MAKEFILE, "Makefile", before) == wanted


def test_a_makefile_below_is_read_from_its_folder_or_the_top() -> None:
    content = "x:\n\tls ../environments/dev $(CURDIR)/../environments/prod\n"
    assert after(MAKEFILE, "scripts/build.mk", content) == content.replace("environments", "helmfile/environments")


def test_a_state_file_beside_the_makefile_is_the_one_that_is_called() -> None:
    content = "x:\n\thelmfile apply\n"
    (only,) = found(MAKEFILE, "applications/web/Makefile", content)
    assert only.target == "applications/web/helmfile.yaml"
    assert "would deploy all releases" in only.reason
    assert after(MAKEFILE, "scripts/Makefile", content) == "x:\n\thelmfile -f helmfile/helmfile.yaml apply\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("R := $(shell x)\nx:\n\tls $(R)/environments/dev\n", "leads is not known"),
        ("x:\n\tls applications/$(APP)\n", "several places"),
    ],
)
def test_what_is_not_sure_is_left_and_told(content: str, reason: str) -> None:
    told = found(MAKEFILE, "Makefile", content)
    assert any(reason in item.reason for item in told)
    assert after(MAKEFILE, "Makefile", content) == content


def test_all_of_a_makefile_is_rewritten_or_nothing() -> None:
    content = "x:\n\thelmfile -e dev apply\n\tls applications/$(APP)\n"
    assert after(MAKEFILE, "Makefile", content) == content


@pytest.mark.parametrize(("path", "wanted"), [("GNUmakefile", True), ("a/b.mk", True), ("Makefile.am", True), ("make.md", False)])
def test_it_reads_makefiles_by_their_names(path: str, *, wanted: bool) -> None:
    assert MAKEFILE.reads(RepoPath(path), b"") is wanted
