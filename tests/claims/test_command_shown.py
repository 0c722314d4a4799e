"""What of a command line is shown: names, numbers and paths, and no value that may be a password."""

from __future__ import annotations

import pytest

from migrate.claims.command_shown import shown

SHOWN = [
    *"-e --environment -l --selector -n --namespace -f --file -o --output --output-dir --output-dir-template".split(),
    *"--output-file-template --log-level --kube-context -c --chart --concurrency --context --values --state-values-file".split(),
    *"--kubeconfig --cascade --timeout --track-mode".split(),
]
KEYED = "--set --state-values-set --state-values-set-string".split()
HIDDEN = ["--args", "--post-renderer-args", "--diff-args", "--sync-args", "--new-option-of-tomorrow"]


@pytest.mark.parametrize("option", SHOWN)
def test_a_name_a_number_or_a_path_is_shown(option: str) -> None:
    assert shown([option, "x", "sync"]) == f"helmfile {option} x sync"
    assert shown([f"{option}=x", "sync"]) == f"helmfile {option}=x sync"


@pytest.mark.parametrize("option", KEYED)
def test_of_what_is_set_the_key_alone_is_shown(option: str) -> None:
    assert shown([option, "db.pass=x=y", "sync"]) == f"helmfile {option} db.pass=… sync"
    assert shown([f"{option}=db.pass=x", "sync"]) == f"helmfile {option}=db.pass=… sync"
    assert shown([option, "secret", "sync"]) == f"helmfile {option} … sync"


@pytest.mark.parametrize("option", HIDDEN)
def test_what_any_other_option_is_given_is_not_shown(option: str) -> None:
    assert "secret" not in shown([f"{option}=secret", "sync"])
    assert "secret" not in shown([f"{option}=key=secret", "sync"])
    assert "secret" not in shown([option + "=--pass secret=x", "sync"])


def test_words_that_are_no_options_are_shown_but_for_what_stands_behind_a_sign_of_equality() -> None:
    assert shown(["sync", "more", "key=secret", "--wait"]) == "helmfile sync more key=… --wait"
