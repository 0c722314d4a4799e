"""What is put in for the unknown parts of a command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from migrate.claims.command_filling import Filling, Words
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import BuiltState, EnvironmentFacts, Failure
from migrate.model.paths import RepoPath
from tests.claims import small_platform

STOP = Failure(1, "stop")
FILLING = Filling("dev", frozenset({"lost"}), {"app": "web", "namespace": "web", "name": "web"})


@pytest.mark.parametrize(
    "words",
    [
        "-e prod -l app=x,tier!=y sync",
        "--environment=prod --state-values-set a=b apply --skip-deps",
        "-lapp=x --debug -n web template",
        "sync --args --timeout=3",
        "-n lost -l lost sync",
        "template - -e prod",
    ],
)
def test_what_is_known_stays(words: str) -> None:
    assert FILLING.arguments(words.split()) == tuple(words.split())
    assert FILLING.takes(words.split())
    assert FILLING.left_out(words.split()) == ()


@pytest.mark.parametrize(
    ("words", "filled"),
    [
        ("-e $E sync", "-e dev sync"),
        ("--environment=$E sync", "--environment=dev sync"),
        ("-e lost sync", "-e dev sync"),
        ("-l app=$A,tier=x sync", "-l app=web,tier=x sync"),
        ("-lapp=$A sync", "-l=app=web sync"),
        ("-l what=$A sync", "sync"),
        ("-n $N -l app=web sync", "-n web -l app=web sync"),
        ("--state-values-set x=$Y apply", "--state-values-set x=1 apply"),
        ("--state-values-set=x=$Y apply", "--state-values-set=x=1 apply"),
        ("--state-values-set $X=$Y apply", "apply"),
        ("--state-values-file $F apply", "apply"),
        ("--state-values-file out/$F.yaml apply", "apply"),
        ("apply --concurrency $N --wait", "apply --wait"),
        ("--debug $C", "--debug template"),
        ("$C --wait $MORE", "template --wait"),
        ("-e prod $OPTIONS sync", "-e prod sync"),
        ("-i -b /usr/bin/helm --helm-binary=x sync", "sync"),
        ("sync -e", "sync -e"),
        ("sync --$X", "sync"),
        ("template - -e $E", "template - -e dev"),
        ("--state-values-file a=$F.yaml apply", "apply"),
    ],
)
def test_an_option_goes_with_its_value(words: str, filled: str) -> None:
    assert FILLING.arguments(words.split()) == tuple(filled.split())


@pytest.mark.parametrize(
    ("words", "left_out"),
    [
        ("--state-values-file $F apply", ("--state-values-file",)),
        ("--values=$F $C $MORE", ("--values", "an argument", "an argument")),
        ("-n $N sync", ("-n",)),
        ("-i --set a=$X sync", ()),
        ("-b $HELM sync", ()),
    ],
)
def test_what_is_left_out_can_be_told(words: str, left_out: Words) -> None:
    assert FILLING.left_out(words.split()) == left_out
    assert not FILLING.takes(words.split())


def test_a_namespace_that_no_release_has_is_left_out() -> None:
    assert replace(FILLING, labels={"namespace": ""}).arguments(("-n", "$N", "sync")) == ("sync",)


def test_what_is_put_in_is_of_the_first_environment_that_loads() -> None:
    def facts(name: str, *releases: Mapping[str, object]) -> EnvironmentFacts:
        return EnvironmentFacts(name, (BuiltState(RepoPath("helmfile.yaml"), {"releases": list(releases)}, ""),), (), {})

    labels = {"app": "x", "name": "a label", "number": 3, "none": None}
    first = facts("dev", {"name": "a", "labels": labels}, {"name": "b", "namespace": "m", "labels": {"app": "y", "more": "z"}})
    broken = EnvironmentFacts("lost", STOP, STOP, {})
    side = SideFacts(
        small_platform.tree({}), "helmfile.yaml", {"lost": broken, "dev": first, "prod": facts("prod", {"name": "c"})}
    )
    told = {"app": "x", "name": "a", "namespace": "", "number": "3", "none": "", "more": "z"}
    assert Filling.of(side) == Filling("dev", frozenset({"lost"}), told)
    assert Filling.of(replace(side, environments={"lost": broken})) == Filling("default", frozenset({"lost"}), {})
