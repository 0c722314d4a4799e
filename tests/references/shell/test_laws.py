"""What holds for every script: literals stand where they say, edits fit together, and the result means the new places."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.formats.shell import syntax_kept
from migrate.model.edits import splice
from migrate.model.paths import RepoPath
from migrate.model.references import Certainty, CommandLine, Mention
from migrate.references.finding import Place
from migrate.references.groups import edits_of
from migrate.references.respell import reference
from migrate.references.shell import find_shell
from migrate.references.snippet import Snippet
from tests.references.scripts import references, tree
from tests.references.test_respell import MOVES

SCRIPT = RepoPath("scripts/deploy.sh")
PATHS = [
    "environments/dev/values.yaml",
    "environments/prod",
    "environments/$e/values.yaml",
    "applications/web/chart",
    "applications/api/values.yaml",
    "monochart/web/web.yaml",
    "README.md",
    "docs",
]
LINES = [
    "ls {}",
    'cat "{}" > out.txt',
    "D={}",
    'ls "$D"',
    'ls "$D/x"',
    "cd {}",
    "cd ..",
    "cd docs || exit 1",
    "(cd docs; ls ../{})",
    "if x; then",
    "else",
    "fi",
    "f() {{ ls {} $1; }}",
    "f {}",
    "helmfile -e $e sync > {}",
    "# see {} and helmfile apply",
    'echo "wrote {}"',
    "for x in {} b; do",
    'ls "$x"',
    "done",
    "cat <<EOF",
    "text {}",
    "EOF",
    'R=$(cd "$(dirname "$0")/.." && pwd)',
    "ls $R/{}",
    "bash -c 'ls {}'",
    "A=({} x/y)",
    'for a in "${{A[@]}}"; do helm template $a; done',
    "echo '환경' {}",
]
SCRIPTS = st.lists(st.builds(str.format, st.sampled_from(LINES), st.sampled_from(PATHS)), max_size=12).map("\n".join)


@given(SCRIPTS)
@settings(deadline=None, max_examples=200)
def test_every_literal_stands_where_it_says(text: str) -> None:
    data = text.encode()
    for item in find_shell(tree({SCRIPT: text}), Snippet.whole(SCRIPT, data), Place(("", "scripts"))):
        if isinstance(item, Mention):
            for piece in item.pieces:
                raw = piece.text.encode()
                assert piece.offset is None or data[piece.offset : piece.offset + len(raw)] == raw
        else:
            assert all(word.start <= word.end <= len(data) for word in item.words)


@given(SCRIPTS)
@settings(deadline=None, max_examples=200)
def test_edits_fit_together_and_keep_the_syntax(text: str) -> None:
    edits = edits_of(references(text)).get(SCRIPT, ())
    assert syntax_kept(text.encode(), splice(text.encode(), edits))


@given(SCRIPTS)
@settings(deadline=None, max_examples=200)
def test_what_is_rewritten_means_the_new_place_when_it_is_read_again(text: str) -> None:
    found = references(text)
    new = splice(text.encode(), edits_of(found).get(SCRIPT, ()))
    wanted = {item.becomes for item in found if item.certainty is Certainty.EXACT and isinstance(item.origin, Mention)}
    again = [*find_shell(tree({SCRIPT: new}), Snippet.whole(SCRIPT, new), Place(("", "scripts")))]
    assert wanted <= _meant(again)
    if all(item.certainty is Certainty.EXACT for item in found):
        calls = [item for item in again if isinstance(item, CommandLine) and "" in item.folders]
        assert all(item.insert_at is None for item in calls)


def _meant(found: list[Mention | CommandLine]) -> set[str]:
    """The new paths that the mentions of a rewritten script mean, seen from the new tree."""
    back = replace(
        MOVES,
        files={new: new for new in MOVES.files.values()},
        merged=frozenset({MOVES.new_state}),
        root=MOVES.new_state,
        present=frozenset(MOVES.files.values()) | {MOVES.new_state},
    )
    meant = (reference(item, back) for item in found if isinstance(item, Mention))
    return {item.target for item in meant if item is not None}


@given(st.text(alphabet="xyz $\"'`(){};&|<>\n#\\=[]*-/~é한", max_size=60))
@settings(deadline=None, max_examples=300)
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    assert references(text) == ()
