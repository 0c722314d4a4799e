from __future__ import annotations

import pytest

from migrate.formats.shell import errors, parse, syntax_kept


@pytest.mark.parametrize(
    "text",
    [
        "ls a/b",
        'cd "$(dirname "$0")/.." && pwd',
        "f() { local x=$1; [[ -f $x ]] || return 1; }",
        "cat <<'EOF'\n$x `y`\nEOF\n",
        'for x in "${A[@]}"; do echo "$x"; done',
        "case $1 in a|b) x;; *) y;; esac",
        "echo 한글 # 🚀",
        "",
    ],
)
def test_ordinary_scripts_have_no_errors(text: str) -> None:
    assert not [*errors(parse(text.encode()))]


@pytest.mark.parametrize("text", ["if then fi (", 'echo "open', "f() {", "case x in"])
def test_what_is_no_shell_has_errors(text: str) -> None:
    assert [*errors(parse(text.encode()))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ls a/b", "ls c/d/b"),
        ('cp -r a/* "a/$x/"', 'cp -r c/a/* "c/a/$x/"'),
        ('helmfile -e "$x" sync', 'helmfile -f c/helmfile.yaml -e "$x" sync'),
        ("sudo -E helmfile sync > a/b", "sudo -E helmfile -f c sync > d/a/b"),
        ("helmfile $1 a/b", "helmfile -f c $1 d/b"),
        ("helmfile \\\n  sync", "helmfile -f c \\\n  sync"),
        ("cat <<EOF\na/b $x\nEOF\n", "cat <<EOF\nc/a/b $x\nEOF\n"),
        ("A=(a/b c/d)", "A=(x/a/b x/c/d)"),
        ('echo "helmfile sync" # a/b', 'echo "helmfile -f c sync" # c/a/b'),
    ],
)
def test_an_edited_literal_or_a_further_word_keeps_the_syntax(before: str, after: str) -> None:
    assert syntax_kept(before.encode(), after.encode())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ls a/b", "ls a/b; rm c"),
        ("ls a/b", "ls $a/b"),
        ("ls a/b", "ls 'a/b'"),
        ("ls 'a/b'", "ls 'a'b'"),
        ("ls a/b c", "ls a/b"),
        ("A=(a/b)", "A=(a/b c)"),
        ("ls a/b | cat", "ls a/b"),
        ("x=a/b", "x=a/b c"),
        ("helmfile sync", "helmfile -f $(c) sync"),
        ("ls a/b", "ls a/b > c"),
        ("helmfile sync", "helmfile sync & x"),
        ("ls a/b # c", "ls a/b"),
    ],
)
def test_another_structure_is_seen(before: str, after: str) -> None:
    assert not syntax_kept(before.encode(), after.encode())
