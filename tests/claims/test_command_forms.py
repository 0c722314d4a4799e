"""The command lines of helmfile that a repository holds: which are tried, how, and what counts as the one in its place."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.claims.command_forms import CommandForm, command_forms
from tests.claims.told import A, case, entry, side, state

OLD_STATE, NEW_STATE = "helmfile.yaml", "helmfile/helmfile.yaml"
MOVED = f"helmfile -f {NEW_STATE}"
OTHER = "helmfile -f other.yaml"


def forms(
    before: str,
    after: str | None = None,
    *,
    path: str = "deploy.sh",
    new_state: str = NEW_STATE,
    **more: Any,  # noqa: ANN401  (`writing`)
) -> tuple[CommandForm, ...]:
    """What is made of a file that holds these lines, and other ones afterwards; no such file if there are none."""
    states = (state(entry(A, labels={"app": "web", "none": None})),)
    old = side(files={OLD_STATE: "", path: before}, states=states)
    new = side(files={new_state: "", **({} if after is None else {path: after})}, state_file=new_state, states=states)
    return command_forms(case(old, new), old, **more)


def words(found: tuple[CommandForm, ...]) -> list[tuple[str, str]]:
    """Each form before and after."""
    return [(" ".join(form.old), " ".join(form.new)) for form in found]


def elsewhere(before: str, after: str, **more: Any) -> list[str]:  # noqa: ANN401  (as for `forms`)
    return [form.elsewhere for form in forms(before, after, **more)]


@pytest.mark.parametrize(
    ("line", "tried"),
    [
        ("helmfile -e dev sync", "-e dev sync"),
        ("helmfile -f helmfile.yaml sync", "sync"),
        ("helmfile -f ./helmfile.yaml sync", "sync"),
        ("helmfile -f=helmfile.yaml sync", "sync"),
        ("helmfile -fhelmfile.yaml sync", "sync"),
        ("helmfile --file helmfile.yaml sync", "sync"),
        ("helmfile --file=helmfile.yaml sync", "sync"),
        ("helmfile -e dev -f helmfile.yaml -l app=web sync", "-e dev -l app=web sync"),
        ("helmfile -f other.yaml -f helmfile.yaml sync", "sync"),
        ("helmfile sync -f", "sync"),
        ("helmfile -f -f sync", None),
        ("helmfile -f helmfile.yaml -f other.yaml sync", None),
        ("helmfile -f other.yaml sync", None),
        ("helmfile -fother.yaml sync", None),
        ("helmfile --file=other.yaml sync", None),
        ("helmfile --version", None),
        ("helmfile -e dev", None),
        ("helmfile cache cleanup", None),
        ("helmfile write-values", None),
        ("helmfile fetch", None),
    ],
)
def test_what_loads_the_state_file_is_tried_without_its_name(line: str, tried: str | None) -> None:
    assert words(forms(f"{line}\n")) == ([] if tried is None else [(tried, tried)])


@pytest.mark.parametrize("subcommand", ["write-values", "fetch"])
def test_what_writes_into_the_tree_is_found_apart(subcommand: str) -> None:
    assert words(forms(f"helmfile sync\nhelmfile {subcommand}\n", writing=True)) == [(subcommand, subcommand)]


def test_what_writes_only_afterwards_is_tried() -> None:
    assert words(forms("helmfile sync\n", f"{MOVED} fetch\n")) == [("sync", "fetch")]


def test_a_call_in_a_file_of_unknown_syntax_is_not_tried() -> None:
    assert forms("helmfile -e dev sync\n", path="deploy.unknown") == ()


def test_a_subcommand_that_one_form_alone_has_is_tried() -> None:
    assert words(forms("helmfile -e dev sync\n", f"{MOVED} -e dev\n")) == [("-e dev sync", "-e dev")]
    assert words(forms("helmfile -e dev\n", f"{MOVED} -e dev sync\n")) == [("-e dev", "-e dev sync")]


@pytest.mark.parametrize(
    ("line", "filled"),
    [
        ("E=prod\nhelmfile -e $E sync", "-e prod sync"),
        ("helmfile -l app=$'' sync", "-l app= sync"),
        ("helmfile -e $E sync", "-e dev sync"),
        ("helmfile -e `cat environment` sync", "-e dev sync"),
        ('helmfile -e "" sync', "-e  sync"),
        ('E=""\nhelmfile -e "$E" sync', "-e dev sync"),
        ('E=""\nhelmfile -l app=$E sync', "-l app=web sync"),
        ("helmfile -l none=$X sync", "-l none= sync"),
        ("helmfile -l app= sync", "-l app= sync"),
    ],
)
def test_a_known_variable_is_read_and_an_unknown_one_filled_in(line: str, filled: str) -> None:
    assert [form.old for form in forms(f"{line}\n")] == [tuple(filled.split(" "))]


@pytest.mark.parametrize(
    ("given", "filled"),
    [
        ("'-e', environment, 'sync'", "-e dev sync"),
        ("'-e', get('prod'), 'sync'", "-e dev sync"),
        ("'-l', 'app=' + name, 'sync'", "sync"),
        ("'-e', 'prod', subcommand", "-e prod template"),
    ],
)
def test_a_word_that_a_program_computes_is_unknown(given: str, filled: str) -> None:
    (form,) = forms(f"import subprocess\nsubprocess.run(['helmfile', {given}])\n", path="deploy.py")
    assert (" ".join(form.old), form.complete) == (filled, False)


def test_whether_anything_had_to_be_filled_in_of_either_form_is_told() -> None:
    def complete(before: str, after: str) -> list[bool]:
        return [form.complete for form in forms(f"helmfile {before} sync\n", f"{MOVED} {after} sync\n")]

    assert complete("-e dev", "-e dev") == [True]
    assert complete("-e $E", "-e dev") == [False]
    assert complete("-e dev", "-e $E") == [False]
    assert complete("-e $E", "-e $E") == [False]


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("-n $N", "-n $N", ""),
        ("-n $N", "", "-n was not known before, nothing afterwards"),
        ("", "-n $N", "nothing was not known before, -n afterwards"),
        ("--values $F", "-n $N", "--values was not known before, -n afterwards"),
        ("-e $E", "-e dev", ""),
    ],
)
def test_what_is_left_out_of_one_form_alone_is_told(before: str, after: str, changed: str) -> None:
    (form,) = forms(f"helmfile {before} sync\n", f"{MOVED} {after} sync\n")
    assert form.changed == changed


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("", ""),
        ("-f helmfile/helmfile.yaml", ""),
        ("-f ./helmfile/helmfile.yaml", ""),
        ("-f ../helmfile/helmfile.yaml", ""),
        ("-f deploy/helmfile/helmfile.yaml", ""),
        ("-f helmfile.yaml", ""),
        ("-f .", ""),
        ("-f $STATE", ""),
        ("-f other.yaml", "other.yaml"),
        ("-fother.yaml", "other.yaml"),
        ("--file=other.yaml", "other.yaml"),
        ("-f ../other.yaml", "../other.yaml"),
        ("-f helmfile/other.yaml", "helmfile/other.yaml"),
        ("-f myhelmfile/helmfile.yaml", "myhelmfile/helmfile.yaml"),
        ("-f file.yaml", "file.yaml"),
    ],
)
def test_another_state_file_afterwards_is_told_if_it_is_surely_another(named: str, told: str) -> None:
    assert elsewhere("helmfile sync\n", f"helmfile {named} sync\n") == [told]


def test_where_the_file_is_gone_the_old_form_is_given_to_the_new_state_file() -> None:
    (form,) = forms("helmfile -f helmfile.yaml -e dev sync\n", new_state="deploy/main.yaml")
    assert (form.old, form.new, form.elsewhere, form.complete) == (("-e", "dev", "sync"), ("-e", "dev", "sync"), "", True)


def test_each_distinct_pair_is_tried_once_and_told_where_it_stands_first() -> None:
    before = "helmfile -e dev sync\nhelmfile -e dev diff\n\nhelmfile -e dev sync\n"
    assert [(form.line, form.old[-1]) for form in forms(before)] == [(1, "sync"), (2, "diff")]
    one_changed = f"{MOVED} -e dev sync\n{MOVED} -e dev diff\n{MOVED} -e dev lint\n"
    assert words(forms(before, one_changed))[2] == ("-e dev sync", "-e dev lint")


def test_equal_words_do_not_hide_that_one_of_the_lines_is_given_another_state_file() -> None:
    twice = "helmfile -e dev sync\n" * 2
    assert elsewhere(twice, f"{MOVED} -e dev sync\n{OTHER} -e dev sync\n") == ["", "other.yaml"]


def test_equal_words_do_not_hide_that_something_was_left_out_of_one_of_the_lines() -> None:
    twice = "helmfile -e dev sync\n" * 2
    found = forms(twice, f"{MOVED} -e dev sync\n{MOVED} -e dev --values $F sync\n")
    assert [bool(form.changed) for form in found] == [False, True]


@pytest.mark.parametrize("more", ["helmfile --version", "helmfile lint", "helmfile -f other.yaml template", "helmfile init"])
def test_a_line_that_comes_before_does_not_hide_the_change_of_another(more: str) -> None:
    before, after = "helmfile -e dev sync\n", f"{OTHER} -e dev sync\n"
    assert elsewhere(f"helmfile diff\n{before}", f"{more}\n{MOVED} diff\n{after}") == ["", "other.yaml"]
    assert elsewhere(before, f"{more}\n{after}") == ["other.yaml"]


def test_a_line_that_loads_nothing_does_not_hide_that_other_words_are_given() -> None:
    assert words(forms("helmfile sync\n", f"helmfile --version\n{MOVED} destroy\n")) == [("sync", "destroy")]


def test_a_line_of_another_state_file_stays_in_its_place() -> None:
    before = f"{OTHER} sync\nhelmfile sync\n"
    assert elsewhere(before, f"{OTHER} sync\n{MOVED} sync\n") == [""]
    assert elsewhere(before, f"{MOVED} sync\n{OTHER} sync\n") == ["other.yaml"]


def test_where_another_number_of_lines_stands_each_old_one_is_given_to_the_new_state_file() -> None:
    after = f"{MOVED} diff\n{OTHER} lint\n{OTHER} template\n{MOVED} apply\n"
    found = forms("helmfile diff\nhelmfile sync\nhelmfile apply\n", after)
    assert words(found) == [("diff", "diff"), ("sync", "sync"), ("apply", "apply")]
    assert {form.elsewhere for form in found} == {""}
    fewer = forms(
        "helmfile diff\nhelmfile sync\nhelmfile lint\nhelmfile apply\n", f"{MOVED} diff\n{OTHER} template\n{OTHER} apply\n"
    )
    assert [(form.old, form.elsewhere) for form in fewer] == [
        (("diff",), ""),
        (("sync",), ""),
        (("lint",), ""),
        (("apply",), "other.yaml"),
    ]


def test_among_many_equal_lines_each_is_held_against_the_one_in_its_place() -> None:
    assert elsewhere("helmfile sync\n" * 250, f"{MOVED} lint\n{OTHER} sync\n" + f"{OTHER} sync\n" * 249) == ["other.yaml"]


def test_a_namespace_may_go_and_the_line_stays_the_one_in_its_place() -> None:
    found = forms("helmfile -n n sync\n", f"{MOVED} lint\n{OTHER} sync\n")
    assert [(form.old, form.new, form.elsewhere) for form in found] == [(("-n", "n", "sync"), ("sync",), "other.yaml")]
