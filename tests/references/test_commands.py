from __future__ import annotations

import pytest

from migrate.model.edits import splice
from migrate.model.paths import RepoPath
from migrate.model.references import Certainty, CommandLine, Word
from migrate.references.commands import command_reference
from tests.references.test_respell import MOVES

TEXT = b"helmfile -e dev sync"


def call(*folders: str, words: tuple[str, ...] = ("helmfile", "-e", "dev", "sync"), doubt: str = "") -> CommandLine:
    found = tuple(Word(word, 0, 0) for word in words)
    return CommandLine(RepoPath("x.sh"), 1, found, len("helmfile"), " -f {state}", folders, "shell", doubt=doubt)


@pytest.mark.parametrize("words", [("helmfile",), ("helmfile", "version"), ("helmfile", "--help"), ("helmfile", "init")])
def test_a_call_that_loads_no_state_file_is_no_reference(words: tuple[str, ...]) -> None:
    assert command_reference(call("", words=words), MOVES) is None


def test_a_call_in_a_folder_without_a_state_file_is_no_reference() -> None:
    assert command_reference(call("elsewhere"), MOVES) is None


@pytest.mark.parametrize("folders", [("",), ("", "scripts"), ("scripts", "")])
def test_a_call_of_the_root_names_the_new_state_file(folders: tuple[str, ...]) -> None:
    found = command_reference(call(*folders), MOVES)
    assert found is not None
    assert splice(TEXT, found.edits) == b"helmfile -f helmfile/helmfile.yaml -e dev sync"


@pytest.mark.parametrize("folders", [("applications/web",), ("", "applications/web")])
def test_a_call_that_may_load_another_state_file_is_left(folders: tuple[str, ...]) -> None:
    found = command_reference(call(*folders), MOVES)
    assert found is not None
    assert (found.certainty, found.edits) == (Certainty.GUESSED, ())
    assert "applications/web/helmfile.yaml" in found.reason
