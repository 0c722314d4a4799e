"""The words of a hook and what they name, on two trees."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from migrate.claims.hook_files import Place, line_of, unlike, unlike_folders, words_of
from migrate.model.tree import Mode
from tests.system.trees import Content, tree_of

Files = Mapping[str, Content]
OLD: Files = {
    "apps/y/hook.sh": ("#!/bin/sh\n", Mode.EXECUTABLE),
    "apps/y/a.txt": "x",
    "apps/y/conf/a.txt": "x",
    "apps/y/conf/b.txt": "x",
    "top.txt": "x",
}
FROM, TO = "apps/y", "helmfile"


NONE: Files = {}


def found(old: str, new: str, files: Files = NONE, *, more: Files = NONE, folders: tuple[str, str] = (FROM, TO)) -> list[str]:
    """What is unlike in two words. `files` are new in the new tree, `more` are in both."""
    before = {**OLD, **more}
    places = Place(tree_of(before), folders[0]), Place(tree_of({**before, **files}), folders[1])
    return [*unlike((places[0], old), (places[1], new))]


ALONG: Files = {path.replace(FROM, TO, 1): content for path, content in OLD.items()}


@pytest.mark.parametrize(
    ("old", "new", "files", "said"),
    [
        ("web", "web", {}, []),
        ("x", "", {}, ["its words differ"]),
        ("", "x", {}, ["its words differ"]),
        ("a=b", "a&b", {}, ["its words differ"]),
        ("a.txt", "a.txt", {}, ["a.txt is not found from its new place"]),
        ("a.txt", "../apps/y/a.txt", {}, []),
        ("a.txt", "a.txt", {"helmfile/a.txt": "x"}, []),
        ("a.txt", "a.txt", {"helmfile/a.txt": "y"}, ["a.txt is another file, or has another mode"]),
        ("gone.txt", "other.txt", {}, ["its words differ"]),
        ("gone.txt", "gone.txt", {"helmfile/gone.txt": "x"}, ["gone.txt is found from its new place only"]),
        ("conf", "conf", {}, []),
        ("conf/", "conf/", {}, ["conf/ is not found from its new place"]),
        ("conf/", "../apps/y/conf/", {}, []),
        ("conf/", "conf/", ALONG, []),
        ("gone/", "gone/", {"helmfile/gone/a": "x"}, ["gone/ is found from its new place only"]),
        ("conf/*.txt", "conf/*.txt", {}, ["conf/*.txt is not found from its new place"]),
        ("conf/*.txt", "conf/*.txt", ALONG, []),
        ("conf/*.txt", "conf/*.txt", {**ALONG, "helmfile/conf/c.txt": "x"}, ["conf/*.txt is another file, or has another mode"]),
        ("conf/*.txt", "conf/*.txt", {**ALONG, "helmfile/conf/c/d.txt": "x", "helmfile/conf/c.x": "x"}, []),
        ("conf/?.txt", "../apps/y/conf/?.txt", {}, []),
        ("*/a.txt", "*/a.txt", {}, ["*/a.txt is not found from its new place"]),
        ("conf/*.x", "conf/*.x", {}, []),
        ("conf/*.x", "other/*.x", {}, ["its words differ"]),
        ("/etc/hosts", "/etc/hosts", {}, []),
        ("/etc/hosts", "/etc/other", {}, ["its words differ"]),
        ("../../../out", "../../../out", {}, []),
        ("../../../out/*", "../../../out/*", {}, []),
        ("../../", "../../", {}, ["../../ is not found from its new place"]),
        ("../../", "../", {}, []),
        ("../../top.txt", "../top.txt", {}, []),
        ("../../*.txt", "../*.txt", {}, []),
        ("../../*.txt", "../*.txt", {"more.txt": "x"}, ["../../*.txt is another file, or has another mode"]),
        ("D=conf; cat $D/a.txt", "D=conf; cat $D/a.txt", ALONG, []),
        ("D=conf; cat $D/a.txt", "D=conf; cat $D/a.txt", {}, ["conf/a.txt is not the same from its new place"]),
        ("D=conf; cat $D/c.txt", "D=conf; cat $D/c.txt", {}, []),
    ],
)  # fmt: skip
def test_a_word_names_the_same_from_its_new_place(old: str, new: str, files: Files, said: list[str]) -> None:
    assert found(old, new, files) == said


def test_the_top_of_the_repository_is_another_folder_than_any_below() -> None:
    assert found("./", "./", ALONG, folders=("", TO)) == ["./ is another file, or has another mode"]
    assert found("./", "./", folders=("", "")) == []


SCRIPTS = [
    ("cat ./a.txt", True),
    ("cat a.txt", True),
    ("cat conf/a.txt", True),
    ('cat "$(dirname $0)/a.txt"', True),
    ("cat conf", False),
    ("cat word", False),
    ("cat gone/a.txt", False),
]


@pytest.mark.parametrize(("text", "reads"), SCRIPTS)
@pytest.mark.parametrize("name", ["run.sh", "run.py", "run.mk", "run"])
def test_what_a_script_names_moves_along_with_it(text: str, reads: bool, name: str) -> None:
    script = f"{'' if '.' in name else '#!/bin/sh'}\n{text}\n"
    files = {f"{TO}/{name}": script}
    said = found(name, name, files, more={f"{FROM}/{name}": script})
    assert bool(said) is reads
    assert all(line.startswith(f"{name} names ") and line.endswith(" which is not the same from its new place") for line in said)
    assert found(name, name, {**ALONG, **files}, more={f"{FROM}/{name}": script}) == []


def test_what_only_the_new_place_of_a_script_has_is_no_fault() -> None:
    script = "cat out/x.yaml\n"
    files = {f"{TO}/run.sh": script, f"{TO}/out/x.yaml": "x"}
    assert found("run.sh", "run.sh", files, more={f"{FROM}/run.sh": script}) == []


def test_a_file_that_is_no_script_names_nothing() -> None:
    for name in ("list.txt", "sh", "x.shx"):
        assert found(name, name, {f"{TO}/{name}": "./a.txt\n"}, more={f"{FROM}/{name}": "./a.txt\n"}) == []


def test_a_bare_name_may_mean_the_neighbour_of_the_script() -> None:
    more = {f"{FROM}/bin/run.sh": "cat z.txt\n", f"{FROM}/bin/z.txt": "z"}
    files = {f"{TO}/run.sh": "cat z.txt\n"}
    assert found("bin/run.sh", "run.sh", files, more=more) == ["bin/run.sh names z.txt, which is not the same from its new place"]
    assert found("bin/run.sh", "run.sh", {**files, f"{TO}/z.txt": "z"}, more=more) == []
    paths = {f"{FROM}/bin/run.sh": "cat a/z.txt\n", f"{FROM}/bin/a/z.txt": "z"}
    assert found("bin/run.sh", "run.sh", {f"{TO}/run.sh": "cat a/z.txt\n"}, more=paths) == []


def test_scripts_that_name_scripts_run_where_the_hook_does() -> None:
    more = {f"{FROM}/bin/one.sh": "bin/two.sh\n", f"{FROM}/bin/two.sh": "cat conf/a.txt\n"}
    both = {f"{TO}/bin/one.sh": "bin/two.sh\n", f"{TO}/bin/two.sh": "cat conf/a.txt\n"}
    said = ["bin/two.sh names conf/a.txt, which is not the same from its new place"]
    assert found("bin/one.sh", "bin/one.sh", both, more=more) == said
    assert found("bin/one.sh", "bin/one.sh", {**both, f"{TO}/conf/a.txt": "x"}, more=more) == []
    beside = {**both, f"{TO}/bin/conf/a.txt": "x"}
    assert found("bin/one.sh", "bin/one.sh", beside, more=more) == said


def test_a_script_beside_a_script_runs_where_the_hook_does_too() -> None:
    one, two = '"$(dirname "$0")"/two.sh\n', "cat conf/a.txt\n"
    more = {f"{FROM}/bin/one.sh": one, f"{FROM}/bin/two.sh": two}
    both = {f"{TO}/lib/one.sh": one, f"{TO}/lib/two.sh": two}
    said = found("bin/one.sh", "lib/one.sh", both, more=more)
    assert said == ["bin/two.sh names conf/a.txt, which is not the same from its new place"]
    assert found("bin/one.sh", "lib/one.sh", {**both, f"{TO}/conf/a.txt": "x"}, more=more) == []


@pytest.mark.parametrize("home", ['$(dirname "$(realpath "$0")")', "`dirname $0`"])
def test_what_follows_a_nested_expression_may_lie_beside_the_script(home: str) -> None:
    text = f"cat {home}/x/z.txt\n"
    more = {f"{FROM}/bin/one.sh": text, f"{FROM}/bin/x/z.txt": "z"}
    said = found("bin/one.sh", "lib/one.sh", {f"{TO}/lib/one.sh": text}, more=more)
    assert said == ["bin/one.sh names x/z.txt, which is not the same from its new place"]


HOME = 'cd "$(dirname "$0")"\n'


def test_scripts_that_go_home_name_what_lies_beside_them() -> None:
    one, two = f"{HOME}./two.sh\n", "cat x/z.txt\n"
    more = {f"{FROM}/bin/one.sh": one, f"{FROM}/bin/two.sh": two, f"{FROM}/bin/x/z.txt": "z"}
    both = {f"{TO}/lib/one.sh": one, f"{TO}/lib/two.sh": two}
    said = ["two.sh names x/z.txt, which is not the same from its new place"]
    assert found("bin/one.sh", "lib/one.sh", both, more=more) == said
    assert found("bin/one.sh", "lib/one.sh", {**both, f"{TO}/lib/x/z.txt": "z"}, more=more) == []


def test_a_variable_of_a_script_that_goes_home_counts_from_there() -> None:
    text = f"{HOME}D=x\ncat $D/z.txt\n"
    more = {f"{FROM}/bin/one.sh": text, f"{FROM}/bin/x/z.txt": "z"}
    said = ["bin/one.sh names x/z.txt, which is not the same from its new place"]
    assert found("bin/one.sh", "lib/one.sh", {f"{TO}/lib/one.sh": text}, more=more) == said


def test_scripts_that_name_each_other_are_read_once() -> None:
    more = {f"{FROM}/one.sh": "./two.sh\n", f"{FROM}/two.sh": "./one.sh a.txt\n"}
    both = {f"{TO}/one.sh": "./two.sh\n", f"{TO}/two.sh": "./one.sh a.txt\n"}
    said = {line.removeprefix("./") for line in found("./one.sh", "./one.sh", both, more=more)}
    assert said == {"two.sh names a.txt, which is not the same from its new place"}
    assert found("./one.sh", "./one.sh", {**both, **ALONG}, more=more) == []


def test_the_words_of_a_hook_are_its_command_arguments_and_what_it_applies() -> None:
    assert words_of({"command": "x"}) == words_of({"command": "x", "args": None, "kubectlApply": None}) == ["x"]
    applied = {"command": "x", "args": ["a", 1], "kubectlApply": {"kustomize": "k", "filename": "f"}}
    assert words_of(applied) == ["x", "a", "1", "f", "k"]
    assert words_of({}) == [""]
    assert line_of({"command": "x"}) == line_of({"command": "x", "args": None, "kubectlApply": None}) == "x"
    assert line_of(applied) == "x a 1 --filename=f --kustomize=k"
    assert line_of({}) == ""


def in_folder(line: str, files: Files, more: Files = OLD, start: str = FROM) -> str:
    """What a command line reads of its folder and does not find in the new one."""
    return unlike_folders((Place(tree_of(more), start), line), (Place(tree_of({**more, **files}), TO), line))


@pytest.mark.parametrize(
    "line",
    [
        "kubectl apply -k conf",
        "apply -f conf/",
        "x --kustomize=conf",
        "x --directory conf",
        "find conf",
        "ls conf",
        "kustomize build conf",
    ],
)
def test_a_folder_by_its_bare_name_has_to_hold_the_same(line: str) -> None:
    said = "the folder conf is another one from its new place"
    assert in_folder(line, {}) == said
    assert in_folder(line, ALONG) == ""
    assert in_folder(line, {**ALONG, "helmfile/conf/c.txt": "x"}) == said
    assert in_folder(line, {"helmfile/conf/a.txt": "x"}, more={"top.txt": "x"}) == said
    assert in_folder(line, {}, more={"top.txt": "x"}) == ""


def test_the_folder_itself_and_the_one_above_it_have_to_hold_the_same() -> None:
    for name in (".", ".."):
        assert in_folder(f"kubectl apply -k {name}", {}) == f"the folder {name} is another one from its new place"
    assert in_folder("kubectl apply -k .", ALONG) == ""
    assert in_folder("ls .", {}, start="") == "the folder . is another one from its new place"
    assert in_folder("ls ..", {}, more={"top.txt": "x"}, start="") == "the folder .. is another one from its new place"
    assert in_folder("ls -x conf; grep .", {}) == ""


@pytest.mark.parametrize("name", ["GNUmakefile", "makefile", "Makefile"])
def test_make_finds_its_file_by_each_of_its_names(name: str) -> None:
    said, more = "`make` finds another Makefile, or none", {f"{FROM}/{name}": "all:\n"}
    assert in_folder("make all", {}, more=more) == said
    assert in_folder("make all", {f"{TO}/{name}": "all:\n"}, more=more) == ""
    assert in_folder("make all", {f"{TO}/{name}": "other:\n"}, more=more) == said
    assert in_folder("make all", {f"{TO}/{name}": "all:\n"}, more={"top.txt": "x"}) == said
    for line in ("cmake all", "make -f x all", "make -C x", "echo"):
        assert in_folder(line, {}, more=more) == ""
    assert in_folder("true && make", {}, more=more) == said
