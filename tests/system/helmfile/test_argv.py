from __future__ import annotations

import pytest

from migrate.model.facts import ReleaseId
from migrate.system.helmfile.argv import chart, is_inner, release, restored, split, verb

UPGRADE = ("upgrade", "--install", "web", "./c", "--wait", "--namespace", "n", "--values", "one.yaml", "--set", "a=upgrade")


@pytest.mark.parametrize(
    ("argv", "wanted"),
    [
        (UPGRADE, "upgrade"),
        (("--kube-context", "diff", *UPGRADE), "upgrade"),
        (("diff", "upgrade", "--allow-unreleased", "web", "./c"), "diff"),
        (("template", "web", "./c"), "template"),
        (("repo", "add", "x", "https://example.org"), "repo add"),
        (("dependency", "build", "./c"), "dependency build"),
        (("show", "chart", "./c"), "show chart"),
        ((), ""),
    ],
)
def test_verb(argv: tuple[str, ...], wanted: str) -> None:
    assert verb(split(argv)) == wanted


def test_release_and_chart() -> None:
    arguments = split(("--kube-context", "ctx", *UPGRADE))
    assert release(arguments) == ReleaseId("ctx", "n", "web")
    assert chart(arguments) == "./c"
    assert release(split(("repo", "add", "x"))) is None


def test_a_repeated_global_flag_is_dropped_and_a_single_one_kept() -> None:
    texts = [[a.text for a in split(("--kube-context", "ctx", *argv))] for argv in (UPGRADE, (*UPGRADE, "--kube-context", "ctx"))]
    assert sorted(texts[0]) == sorted(texts[1])
    assert texts[0].count("ctx") == 1


def test_two_different_contexts_are_both_kept() -> None:
    texts = [argument.text for argument in split(("--kube-context", "one", *UPGRADE, "--kube-context", "two"))]
    assert ("one" in texts, "two" in texts) == (True, True)
    assert release(split(("--kube-context", "one", *UPGRADE, "--kube-context", "two"))) == ReleaseId("two", "n", "web")


@pytest.mark.parametrize("flag", [("--output-dir", "x"), ("--output-dir=x",)])
def test_a_render_of_chartify_is_known_by_its_output_folder(flag: tuple[str, ...]) -> None:
    assert is_inner(split(("template", "web", "./c", *flag)))
    assert not is_inner(split(("template", "web", "./c")))


def test_placeholders_are_restored_only_where_a_file_is_due() -> None:
    argv = ("template", "web", "{chart}", "--values", "{values:1}", "--set", "a={values:0}", "--set-file", "k={file:0 sha256:ab}")
    got = restored(argv, lambda kind, number, digest: f"<{kind}|{number}|{digest}>")
    assert got == [
        "template", "web", "<chart||>", "--values", "<values|1|>", "--set", "a={values:0}", "--set-file", "k=<file|0|ab>",
    ]  # fmt: skip
    assert restored(("--post-renderer", "{post-renderer sha256:cd}"), lambda *parts: "|".join(parts))[1] == "post-renderer||cd"
