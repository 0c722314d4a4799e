"""What a script names: first what must stay, then what becomes of the rest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from migrate.errors import UnreadableSource
from migrate.model.edits import splice
from migrate.model.paths import RepoPath
from migrate.model.references import Certainty, CommandLine
from migrate.references.commands import command_reference
from migrate.references.finding import Place
from migrate.references.groups import edits_of, settled
from migrate.references.respell import reference
from migrate.references.shell import find_shell
from migrate.references.snippet import Snippet
from tests.references.scripts import references, rewritten, told, tree
from tests.references.test_respell import MOVES

UNTOUCHED = {
    "a binary's name": "command -v helmfile || exit 1\nwhich helmfile\ntype helmfile",
    "an installing loop": "for cmd in helm helmfile kubectl; do install_binary $cmd; done",
    "a binary that is fetched": (
        "curl -LO https://example.org/helmfile/x.tgz && tar xzf helmfile.tgz && chmod +x bin/helmfile && mv helmfile /usr/bin/"
    ),
    "helmfile without a state": "helmfile --version\nhelmfile version\nhelmfile",
    "a state file that is given": "helmfile -f other/helmfile.yaml -e prod sync",
    "a path elsewhere": "cp ~/environments/dev/values.yaml /environments/dev/ $HOME/environments/dev",
    "a folder in another folder": "cp docs/environments/dev x",
    "after leaving the repository": "cd /tmp\ncp environments/dev/values.yaml .\nhelmfile sync",
    "in a temporary folder": 'cd "$(mktemp -d)" && mkdir environments && helmfile sync',
    "in a folder that stays": "cd monochart\nls environments",
    "a word": "echo environments applications helmfile.yaml\ngrep environments README.md\nfor app in web api; do echo $app; done",
    "a variable that is no path": "kind=environments\necho $kind",
    "prose": "# all environments, and how helmfile works\necho 'Install helmfile and helm first'",
    "a file that looks alike": "cat docs/deployment-environments.md",
    "a pattern": "sed -n '/environments/p' README.md\ngrep -r 'environments' docs",
    "a link": "curl https://example.org/environments/dev/values.yaml",
    "a commit's message": 'git commit -m "helmfile and environments"',
    "an image": "docker pull example.org/environments/dev:1",
    "a release's name": "helm uninstall environments",
    "an unset name": "unset environments",
    "after a known folder": 'cd "$(dirname "$0")"\nls environments',
    "a package of that name": "apt-get install helmfile -y\ninstall_binary helmfile v1",
    "a sentence about it": 'echo "helmfile sync failed"',
    "a name that find looks for": "find . ! -name helmfile.yaml -type f\nfind . -type d -name environments -print",
    "a word for a command that is not ours": "make environments\nstart-server environments",
    "nothing": "",
    "text after exit": "exit 0\nls docs",
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED)
def test_what_only_looks_like_a_reference_is_none(text: str) -> None:
    assert references(text) == ()


BEFORE_AFTER = (Path(__file__).parent / "respelt.txt").read_text(encoding="utf-8").removesuffix("\n")
"""Scripts with their changes, written as `git diff --word-diff` does: `[-old-]` and `{+new+}`."""
CASES = [case.partition("\n")[2] for case in re.split(r"^(?=%%)", BEFORE_AFTER, flags=re.MULTILINE) if case]


@pytest.mark.parametrize("case", [case.removesuffix("\n") for case in CASES])
def test_a_script_is_respelt(case: str) -> None:
    before, after = _kept(case, r"\[-", r"-\]", r"\{\+", r"\+\}"), _kept(case, r"\{\+", r"\+\}", r"\[-", r"-\]")
    assert before != after
    assert (rewritten(before), told(before)) == (after, [])


def _kept(text: str, start: str, end: str, dropped: str, dropped_end: str) -> str:
    left = re.sub(f"{dropped}.*?{dropped_end}", "", text, flags=re.DOTALL)
    return re.sub(f"{start}(.*?){end}", r"\1", left, flags=re.DOTALL)


def test_line_ends_of_another_system_stay() -> None:
    text = "ls environments/dev\r\nhelmfile sync\r\n"
    wanted = "ls helmfile/environments/dev\r\nhelmfile -f helmfile/helmfile.yaml sync\r\n"
    assert rewritten(text) == wanted


REPORTED = {
    "a folder nobody knows": ('cd "$1"\nls environments/dev', 2, "line 1 goes to a folder that is not known"),
    "a call in a folder nobody knows": ('cd "$1"\nhelmfile sync', 2, "line 1 goes to a folder"),
    "a folder with an unknown part": ('cd "applications/$x"\nhelmfile sync', 2, "has an unknown part"),
    "a root nobody knows": ('ls "$ROOT/environments/dev"', 1, "where `$ROOT` leads is not known"),
    "a folder left through itself": ("cd environments && cp ../README.md .", 1, "names a path outside"),
    "one text for two things": ("D=environments\nls $D/dev\ncd docs\nls $D/dev", 2, "used for other paths as well"),
    "a merged state file": ("cd applications/web && helmfile sync", 1, "merged into"),
    "an option read from the state's folder": ("helmfile --output-dir out template", 1, "--output-dir"),
    "a container": ("docker run x helmfile -e prod sync", 1, "runs it elsewhere"),
    "another machine": ("ssh host 'cd /srv/x; helmfile sync; cat environments/dev/values.yaml'", 1, "elsewhere"),
    "a text for another program": ("python3 -c \"open('environments/dev/values.yaml')\"", 1, "`python3` reads"),
    "a remote copy": ("rsync -a x host:environments/dev", 1, "another machine"),
    "an escape": (r"ls environments/dev\ x", 1, "backslash"),
    "helmfile among others": ("for c in helm helmfile; do $c list; done", 1, "among others"),
    "a variable for the command": ("$HELMFILE sync", 1, "what `$HELMFILE` runs is not known"),
    "a state file on some ways": ('if x; then O="-f a.yaml"; else O=-q; fi; helmfile $O sync', 1, "only some of the ways"),
    "a checkout elsewhere": ('ssh u@h "cd /opt/x && helmfile sync"', 1, "may be a checkout"),
    "a command handed to a function": ("t() { $1 sync; }\nt helmfile\nt helm", 1, "handed to a function"),
    "a pattern of grep": ("git diff --name-only | grep '^environments/'", 1, "`grep` reads"),
    "a pattern of a test": ("[[ $f =~ ^environments/ ]] && x", 1, "a pattern"),
    "a pattern of sed": ("sed 's#environments/dev#x#' README.md", 1, "`sed` reads"),
    "another commit": ("git show HEAD:environments/dev/values.yaml", 1, "another commit"),
    "a program in a heredoc": ('python3 - <<EOF\nopen("environments/dev/values.yaml")\nEOF', 2, "`python3` reads"),
    "a file that is written": ("cat <<EOF > run.yaml\n../applications/web/chart\nEOF", 2, "is written when"),
    "several state files": ("for f in applications/*/helmfile.yaml; do helmfile -f $f sync; done", 1, "is merged into"),
    "a relative kubeconfig": ("export KUBECONFIG=./k\nhelmfile sync", 2, "`KUBECONFIG`"),
    "an alias": ("alias h='helmfile -e dev'", 1, "`alias` reads"),
    "syntax that can't be followed": ("if then fi (\nls environments/dev", 2, "can't be followed"),
    "a beginning that is cut off": ("for f in environments/*/values.yaml; do echo ${f#environments/}; done", 1, "cuts it"),
    "folders counted by cut": ('for f in environments/*/values.yaml; do echo "$f" | cut -d/ -f2; done', 1, "cut at its slashes"),
    "folders counted by awk": ("find environments -name x | sort | awk -F/ '{print $2}'", 1, "cut at its slashes"),
    "folders counted by read": ('f=environments/dev/x; IFS=/ read -r _ e _ <<< "$f"', 1, "cut at its slashes"),
    "a first folder": ("f=environments/dev; echo ${f%%/*}", 1, "cuts it"),
    "slashes that are replaced": ("f=environments/dev; echo ${f//\\//-}", 1, "cuts it"),
    "characters that are counted": ("f=environments/dev; echo ${f:13}", 1, "cuts it"),
    "a word that an own script is given": ("./scripts/deploy.sh -x environments", 1, "a word without a slash"),
    "a word that a script is given": ("bash scripts/show.sh -v environments dev", 1, "a word without a slash"),
    "a word that a program is given": ("python3 show.py environments", 1, "a word without a slash"),
    "a folder on some ways": ("if x; then cd docs; fi\nls environments/dev\nD=environments; ls $D/x", 3, "other paths"),
}


@pytest.mark.parametrize(("text", "line", "reason"), REPORTED.values(), ids=REPORTED)
def test_what_is_not_sure_is_told_and_left(text: str, line: int, reason: str) -> None:
    found = told(text)
    assert any(at == line and reason in why for at, why in found), found
    assert rewritten(text) == text


def test_all_of_a_script_or_nothing() -> None:
    text = "cp environments/dev/values.yaml x\nhelmfile --output-dir out template\n# environments/dev\n"
    assert rewritten(text) == text.replace("# env", "# helmfile/env")
    assert len(told(text)) == 2


def test_a_word_that_may_be_no_path_holds_nothing_back() -> None:
    text = "bash scripts/show.sh environments\nls environments\n"
    assert rewritten(text) == text.replace("ls env", "ls helmfile/env")
    assert [line for line, _ in told(text)] == [1]


def test_prose_that_is_not_sure_does_not_hold_back_the_code() -> None:
    text = "ls environments/dev\n# see applications/web\n"
    assert rewritten(text) == text.replace("ls env", "ls helmfile/env")


def test_a_text_that_is_written_to_a_file_does_not_hold_back_the_code() -> None:
    text = "cat <<EOF > x.sh\nhelmfile sync\nEOF\nls environments/dev\n"
    assert rewritten(text) == text.replace("ls env", "ls helmfile/env")


def test_what_is_printed_for_a_command_belongs_to_the_code() -> None:
    text = 'p=$(echo "environments/$1")\nls $p\nhelmfile --output-dir out template\n'
    assert rewritten(text) == text


def test_what_runs_inside_of_a_text_belongs_to_the_code() -> None:
    text = 'echo "at $(realpath "environments/dev")"\nhelmfile --output-dir out template\n'
    assert rewritten(text) == text


def test_a_sourced_file_that_returns_does_not_end_this_one() -> None:
    text = "if x; then . scripts/config.sh; D=environments; fi\nls $D\n"
    assert rewritten(text, config="return 0\n") == text.replace("=env", "=helmfile/env")


def test_a_script_with_too_many_ways_is_told() -> None:
    functions = "\n".join(f"f{at}() {{ f{at + 1} $1a; f{at + 1} $1b; f{at + 1} $1c; }}" for at in range(40))
    text = f"{functions}\nf40() {{ ls environments/$1; }}\nf0 x\n"
    assert rewritten(text) in (text, text.replace("ls env", "ls helmfile/env"))


def test_what_is_sourced_says_what_variables_hold() -> None:
    sourced = 'ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"\nE=dev\n'
    text = 'source "$(dirname "$0")/config.sh"\nls "$ROOT/environments/$E"\n'
    assert rewritten(text, config=sourced) == text.replace("/environments", "/helmfile/environments")


def test_a_path_from_a_sourced_file_is_not_rewritten_in_this_one() -> None:
    text = '. scripts/config.sh\nls "$D"\n'
    assert references(text, config="D=environments/dev\n") == ()


def test_a_script_in_its_own_folder_only() -> None:
    text = "ls ../environments/dev\n"
    assert rewritten(text) == "ls ../helmfile/environments/dev\n"


def test_a_file_that_is_no_text_is_read() -> None:
    found = references(b"#!/bin/sh\nls environments/dev \xbe\xc8\xb3\xe7/environments/x\n")
    assert [reference.certainty for reference in found] == [Certainty.EXACT]


INDENTED = """run: |
  cd docs/..
  cat <<EOF
  see environments/dev
  EOF
  echo "one
  environments/prod two"
  for d in \\
    environments; do ls "$d"; done
  helmfile -e dev sync
"""


def test_a_script_inside_of_another_file_keeps_its_offsets() -> None:
    data, file, spans, at = INDENTED.encode(), RepoPath("ci.yaml"), list[tuple[int, int]](), len("run: |\n")
    for line in INDENTED.splitlines(keepends=True)[1:]:
        spans.append((at + 2, at + len(line)))
        at += len(line)
    found = [*find_shell(tree({}), Snippet.joined(file, data, spans), Place(("",), "step"))]
    meant = [command_reference(item, MOVES) if isinstance(item, CommandLine) else reference(item, MOVES) for item in found]
    edits = edits_of(settled([item for item in meant if item])).get(file, ())
    wanted = INDENTED.replace("environments", "helmfile/environments").replace(
        "helmfile -e", "helmfile -f helmfile/helmfile.yaml -e"
    )
    assert splice(data, edits).decode() == wanted


@pytest.mark.parametrize("path", ["deploy.sh", "ci/run", "x.bash", ".envrc"])
def test_scripts_are_known_by_name_or_first_line(path: str) -> None:
    assert references("#!/usr/bin/env bash\nls environments/dev\n", path)


@pytest.mark.parametrize("head", ["#!/usr/bin/perl", "#!/usr/bin/env zsh", "#!/usr/bin/fish", "FROM x"])
def test_other_languages_are_not_read(head: str) -> None:
    assert all(item.origin.kind != "shell" for item in references(f"{head}\nls environments/dev\n", "ci/run"))


def test_a_script_without_measure_ends() -> None:
    deep = "(" * 600 + "ls environments/dev" + ")" * 600
    with pytest.raises(UnreadableSource, match="too deeply"):
        references(deep)
    assert rewritten("a=environments\n" + 'a="$a/$a"\n' * 60 + "ls $a environments/dev").endswith("$a helmfile/environments/dev")
