"""What points at pieces that move: each claim on it, and what must make it fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import pytest

from migrate.claims import commands_equal, no_stale_mentions, references_resolve, syntax_kept
from migrate.claims.every_file_has_a_verdict import overwritten
from migrate.claims.gathered import Gathered
from migrate.claims.pieces import left_for_later
from migrate.claims.side_facts import SideFacts
from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, ClaimVerdict
from migrate.model.record import Record
from migrate.model.tree import Tree
from tests.claims import small_platform
from tests.claims.conftest import Prove, RememberingSides
from tests.claims.small_platform import new_files, old_files, tree
from tests.system.trees import tree_of

SCRIPT, NOTES, LOOK, JOB = "scripts/values.sh", "docs/notes.md", "tools/look.py", ".github/workflows/render.yaml"
OLD: Mapping[str, str] = {
    SCRIPT: "#!/bin/bash\nyq -i .size environments/dev.yaml\ncat apps/web/first.yaml\n",
    NOTES: "See [the values](../environments/dev.yaml).\n",
    LOOK: "open('environments/dev.yaml')\n",
    JOB: "on: push\njobs:\n  a:\n    steps:\n      - run: helmfile -e dev -l kind=page -n web template > out/web.yaml\n",
}
NEW: Mapping[str, str] = {
    SCRIPT: "#!/bin/bash\nyq -i .size helmfile/environments/dev.yaml\ncat helmfile/values/web/first.yaml\n",
    NOTES: "See [the values](../helmfile/environments/dev.yaml).\n",
    LOOK: "open('helmfile/environments/dev.yaml')\n",
    JOB: OLD[JOB].replace("helmfile -e", "helmfile -f helmfile/helmfile.yaml -e").replace(" -n web", ""),
}
Judge = Callable[[Gathered], ClaimResult]


def judged(judge: Judge, new: Mapping[str, str], old: Mapping[str, str] = OLD) -> dict[str, str]:
    """What a claim on the files alone says against it, by place."""
    case = small_platform.case(tree({**old_files(), **old}), tree({**new_files(), **new}))
    nothing = SideFacts(tree({}), "", {})
    complaints = {script: "line 3" if b"fi\n" in script else "" for script in syntax_kept.scripts(case)}
    result = judge(Gathered(case, nothing, nothing, {}, (), {}, complaints=complaints))
    wrong = {piece.subject: piece.detail for piece in result.evidence if not piece.holds}
    assert (result.verdict is ClaimVerdict.HOLDS) == (not wrong)
    return wrong


def referring(old: Mapping[str, str], new: Mapping[str, str], record: Record | None = None) -> ClaimResult:
    """What references_resolve says of these files beside those of the platform."""
    case = small_platform.case(tree({**old_files(), **old}), tree({**new_files(), **new}))
    nothing = SideFacts(tree({}), "", {})
    return references_resolve.judge(Gathered(replace(case, record=record or case.record), nothing, nothing, {}, (), {}))


@pytest.mark.parametrize("claim", [references_resolve, no_stale_mentions, syntax_kept])
def test_what_is_rewritten_rightly_holds(claim: Judge) -> None:
    assert judged(claim.judge, NEW) == {}  # type: ignore[attr-defined]  # a module


@pytest.mark.parametrize("path", [SCRIPT, NOTES, LOOK, JOB])
def test_a_reference_that_is_left_is_found(path: str) -> None:
    found = judged(references_resolve.judge, {**NEW, path: OLD[path]})
    assert [place.partition(":")[0] for place in found][:1] == [path]


@pytest.mark.parametrize(("path", "line"), [(SCRIPT, 2), (NOTES, 1), (LOOK, 1)])
def test_a_mention_that_is_left_is_found_without_the_finders(path: str, line: int) -> None:
    found = judged(no_stale_mentions.judge, {**NEW, path: OLD[path]})
    assert f"{path}:{line}" in found
    assert "nothing explains it" in found[f"{path}:{line}"]


@pytest.mark.parametrize("wrong", ["helmfile/environments/dve.yaml", "helmfile/values/dev.yaml", "elsewhere.yaml"])
def test_a_reference_to_the_wrong_place_is_found(wrong: str) -> None:
    found = judged(references_resolve.judge, {**NEW, LOOK: f"open('{wrong}')\n"})
    assert LOOK in {place.partition(":")[0] for place in found}


def test_one_wrong_reference_beside_a_right_one_is_found() -> None:
    twice = {LOOK: OLD[LOOK] * 2}
    found = judged(
        references_resolve.judge, {**NEW, LOOK: NEW[LOOK] + "open('helmfile/environments/gone.yaml')\n"}, {**OLD, **twice}
    )
    assert list(found) == [f"{LOOK}:2"]


@pytest.mark.parametrize(
    ("path", "line", "explained"),
    [
        (NOTES, "`environments/dev.yaml` is now `helmfile/environments/dev.yaml`.\n", True),
        (NOTES, "`environments/dev.yaml` is now `helmfile/values/web/first.yaml`.\n", False),
        (NOTES, "`environments/dev.yaml` is now elsewhere.\n", False),
        (SCRIPT, "cat environments/dev.yaml helmfile/environments/dev.yaml\n", False),
    ],
)
def test_a_document_may_say_what_has_moved_where(path: str, line: str, explained: bool) -> None:  # a column
    assert (judged(no_stale_mentions.judge, {**NEW, path: NEW[path] + line}) == {}) is explained


def test_one_reference_that_is_left_beside_a_rewritten_one_is_found() -> None:
    found = judged(references_resolve.judge, {**NEW, LOOK: NEW[LOOK] + OLD[LOOK]}, {**OLD, LOOK: OLD[LOOK] * 2})
    assert list(found) == [f"{LOOK}:2"]


def test_an_edited_file_is_none_that_the_record_created() -> None:
    before = small_platform.case(tree({**old_files(), **OLD}), tree({**new_files(), **NEW}))
    assert before.record
    renamed = replace(before.record, edited=(), created=(*before.record.created, RepoPath(LOOK)))
    assert RepoPath(LOOK) in overwritten(replace(before, record=renamed))


def test_a_file_that_could_not_be_read_before_either_is_passed_over() -> None:
    python_2 = {LOOK: "print open('environments/dev.yaml')\n"}
    assert judged(references_resolve.judge, {**NEW, **python_2}, {**OLD, **python_2}) == {}


@pytest.mark.parametrize(
    ("before", "after", "explained"),
    [
        ("", "environments/dev.yaml\n", False),
        ("environments/dev.yaml\n", "environments/dev.yaml\n", True),
        ("environments/prod.yaml\n", "environments/dev.yaml\n", False),
    ],
)
def test_a_mention_that_no_finder_tells_must_have_been_there_before(
    monkeypatch: pytest.MonkeyPatch, before: str, after: str, explained: bool
) -> None:
    """The finders tell every mention today; this is the net below them."""
    monkeypatch.setattr(no_stale_mentions, "find_in", lambda *_: ())
    rewritten = {path: NEW[path] for path in (SCRIPT, NOTES, LOOK, JOB)}
    wrong = judged(no_stale_mentions.judge, {**rewritten, "list.txt": after}, {**OLD, "list.txt": before})
    assert (wrong == {}) is explained
    assert set(wrong) <= {"list.txt:1"}


def test_what_the_migration_wrote_may_name_legacy_paths_whoever_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(no_stale_mentions, "find_in", lambda *_: ())
    state, copy = "helmfile/helmfile.yaml", str(small_platform.copies()["environments/dev.yaml"])
    made = "helmfile/values/agent.yaml.gotmpl"
    noted = {path: new_files()[path] + "# environments/dev.yaml\n" for path in (state, copy, made)}
    assert judged(no_stale_mentions.judge, {**NEW, **noted}) == {}


def test_a_file_that_can_not_be_read_explains_its_mentions_by_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> tuple[()]:
        raise UnreadableSource("no such syntax", path=LOOK)

    monkeypatch.setattr(no_stale_mentions, "find_in", refuse)
    assert judged(no_stale_mentions.judge, {**NEW, LOOK: "\n" + OLD[LOOK]}, {**OLD, LOOK: ""}) == {}


def test_a_mention_with_a_reason_is_explained() -> None:
    history = {"CHANGELOG.md": "- moved environments/dev.yaml\n"}
    assert judged(no_stale_mentions.judge, {**NEW, **history}, {**OLD, **history}) == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (LOOK, "open('helmfile/environments/dev.yaml'\n"),
        (JOB, "on: push\njobs: [\n"),
        (SCRIPT, "#!/bin/bash\ncat helmfile/environments/dev.yaml\nfi\n"),
    ],
)
def test_an_edit_that_breaks_the_syntax_is_found(path: str, text: str) -> None:
    assert list(judged(syntax_kept.judge, {**NEW, path: text})) == [path]


def test_what_each_file_names_at_new_places_is_counted() -> None:
    result = referring(OLD, NEW)
    assert {piece.subject: piece.detail for piece in result.evidence} == {
        SCRIPT: "2 pieces named at their new places",
        NOTES: "1 pieces named at their new places",
        LOOK: "1 pieces named at their new places",
        "all other files": f"{len({**old_files(), **OLD})} files looked through",
    } | {piece.subject: piece.detail for piece in result.evidence if piece.subject in (JOB, "scripts/deploy.sh")}


@pytest.mark.parametrize(
    ("new", "wrong"),
    [
        (
            OLD[LOOK],
            {f"{LOOK}:1": "`environments/dev.yaml` is named here before, and helmfile/environments/dev.yaml is not named"},
        ),
        (NEW[LOOK] + OLD[LOOK], {f"{LOOK}:2": "environments/dev.yaml is named still, not helmfile/environments/dev.yaml"}),
        (NEW[LOOK] + "open('helmfile/values/gone.yaml')\n", {f"{LOOK}:2": "helmfile/values/gone.yaml is not there"}),
        (NEW[LOOK] + "open('helmfile/values')\n", {}),
        (NEW[LOOK] + "glob('helmfile/environments/*.yaml')\n", {}),
        (None, {}),
    ],
)
def test_what_is_said_against_a_file(new: str | None, wrong: Mapping[str, str]) -> None:
    files = {path: text for path, text in {**NEW, LOOK: new}.items() if text is not None}
    found = {piece.subject: piece.detail for piece in referring(OLD, files).evidence if not piece.holds}
    assert {place: detail.removesuffix(" afterwards") for place, detail in found.items()} == wrong


def test_a_file_whose_phase_is_to_come_may_name_both() -> None:
    assert small_platform.case().record
    early = replace(small_platform.record(), through=4)
    assert not [piece for piece in referring(OLD, {**NEW, LOOK: NEW[LOOK] + OLD[LOOK]}, early).evidence if not piece.holds]
    assert not [piece for piece in referring(OLD, {**NEW, LOOK: OLD[LOOK]}, early).evidence if not piece.holds]


def test_what_the_migration_wrote_before_is_asked_nothing_unless_it_changed_since() -> None:
    """The old side is then one that the migration was merged into: the file names a legacy path on purpose."""
    record = replace(small_platform.record(), created=(RepoPath(LOOK), RepoPath(small_platform.RECORD_PATH)))
    before = {**OLD, small_platform.RECORD_PATH: "{}"}
    assert LOOK not in {piece.subject.partition(":")[0] for piece in referring(before, {**NEW, LOOK: OLD[LOOK]}, record).evidence}
    changed = referring(before, {**NEW, LOOK: OLD[LOOK] + "\n"}, record)
    assert f"{LOOK}:1" in {piece.subject for piece in changed.evidence if not piece.holds}
    first = referring(OLD, {**NEW, LOOK: OLD[LOOK]}, record)
    assert f"{LOOK}:1" in {piece.subject for piece in first.evidence if not piece.holds}


def test_a_file_that_can_not_be_read_any_more_names_nothing_surely() -> None:
    assert list(judged(references_resolve.judge, {**NEW, LOOK: "open('helmfile/environments/dev.yaml'\n"})) == [LOOK]


def test_what_the_migration_wrote_and_what_can_not_be_read_is_explained() -> None:
    state, copy = "helmfile/helmfile.yaml", str(small_platform.copies()["environments/dev.yaml"])
    noted = {state: new_files()[state] + "# environments/dev.yaml\n", copy: new_files()[copy] + "# environments/dev.yaml\n"}
    assert judged(no_stale_mentions.judge, {**NEW, **noted}) == {}
    assert judged(no_stale_mentions.judge, {**NEW, LOOK: OLD[LOOK] + "open('helmfile\n"}) == {}


@pytest.mark.parametrize(
    ("path", "old", "new", "detail"),
    [
        ("x.yml", "a: 1\n", "a: [\n", "the YAML reader refuses it"),
        ("x.yml", "a: [\n", "b: [\n", "the YAML reader refused it before as well"),
        ("x.yml", "a: 1\n", "b: 1\n", "accepted by the YAML reader"),
        ("x.json", "{}", "{", "the JSON reader refuses it"),
        ("x.json", "{}", "[]", "accepted by the JSON reader"),
        ("x.py", "a = 1\n", "a =\n", "Python refuses it"),
        ("x.py", "a = 1\n", "a = '\\d'\n", "accepted by Python"),
        ("x.txt", "{", "[", "accepted by nobody, for it has no syntax"),
    ],
)
def test_the_second_reader_goes_by_the_files_kind(path: str, old: str, new: str, detail: str) -> None:
    pieces = {piece.subject: piece for piece in read_again({path: old}, {path: new}).evidence}
    assert pieces[path].detail.partition(":")[0] == detail
    assert pieces[path].holds is not detail.endswith("refuses it")
    assert pieces["edited files"].detail == "1 files differ between base and branch"


def test_an_edited_file_whose_content_is_not_here_is_not_read_again() -> None:
    absent = tree_of({}, {"x.py": "0" * 40})
    for pair in ((tree_of({"x.py": "a"}), absent), (absent, tree_of({"x.py": "a"}))):
        wrong = [piece.detail for piece in read_again(*pair).evidence if not piece.holds]
        assert wrong == ["its content is not in this clone"]
        assert list(syntax_kept.scripts(small_platform.case(*pair))) == []


def read_again(old: Mapping[str, str] | Tree, new: Mapping[str, str] | Tree) -> ClaimResult:
    """What syntax_kept says of two trees."""
    pair = [each if isinstance(each, Tree) else tree_of(each) for each in (old, new)]
    nothing = SideFacts(tree({}), "", {})
    return syntax_kept.judge(Gathered(small_platform.case(*pair), nothing, nothing, {}, (), {}))


@pytest.mark.parametrize("path", ["x.sh", "x.bash", "x.bats", ".envrc", "x"])
def test_what_bash_reads_is_shown_to_it(path: str) -> None:
    assert syntax_kept.is_script(RepoPath(path), b"#!/bin/sh\n" if path == "x" else b"")
    assert not syntax_kept.is_script(RepoPath("x.txt"), b"echo\n")


def test_references_of_phases_to_come_are_told_as_not_looked_at() -> None:
    done = small_platform.case(tree({**old_files(), **OLD}), tree({**new_files(), **NEW}))
    assert done.record
    assert list(left_for_later(done)) == []
    halted = replace(done, record=replace(done.record, through=3))
    assert list(left_for_later(halted)) == [
        "references in files of later phases, as the record says: 4 CI/CD, 5 deploy scripts and documents"
    ]


def test_what_was_broken_before_may_stay_so() -> None:
    assert judged(syntax_kept.judge, {**NEW, LOOK: "open(2\n"}, {**OLD, LOOK: "open(1\n"}) == {}


def test_bash_says_what_it_refuses_without_the_script(sides: RememberingSides) -> None:
    assert sides.shell_complaint(b"if true; then\n  echo x\nfi\n") == ""
    complaint = sides.shell_complaint(b"echo secret\nfi secret\n")
    assert "line 2" in complaint
    assert "secret" not in complaint


def commands(prove: Prove, new: Mapping[str, str], old: Mapping[str, str] = OLD) -> dict[str, str]:
    proof = prove(small_platform.case(tree({**old_files(), **old}), tree({**new_files(), **new})))
    claim = next(claim for claim in proof.claims if claim.claim == commands_equal.NAME)
    assert any(JOB in piece.subject for piece in claim.evidence)
    return {piece.subject.partition(": ")[0]: piece.detail for piece in claim.evidence if not piece.holds}


def job(command: str) -> str:
    return f"on: push\njobs:\n  a:\n    steps:\n      - run: helmfile {command}\n"


def named(texts: Iterable[str]) -> dict[str, str]:
    """Each text as a file of its own."""
    return {f".github/workflows/{number}.yaml": text for number, text in enumerate(texts)}


def test_a_command_line_does_the_same_in_its_new_form(prove_it: Prove) -> None:
    assert commands(prove_it, NEW) == {}


WRONG = {
    "-f helmfile/helmfile.yaml -e dev -l kind=page -n web template > out/web.yaml": "fails afterwards",
    "-f helmfile/helmfile.yaml -e dev -l kind=store template > out/web.yaml": "afterwards for template data/db",
    "-f apps/web/helmfile.yaml -e dev -l kind=page template > out/web.yaml": "is given apps/web/helmfile.yaml",
    "-f helmfile/helmfile.yaml -e dev -l kind=page diff > out/web.yaml": "afterwards for diff web/web",
    "-f helmfile/helmfile.yaml -e dev -l kind=page template --set replicas=7 > out/web.yaml": "arguments: --set",
}


def test_a_command_line_that_fails_or_does_something_else_afterwards_is_found(prove_it: Prove) -> None:
    old, new = named([OLD[JOB]] * len(WRONG)), named(map(job, WRONG))
    found = commands(prove_it, {**NEW, **new}, {**OLD, **old})
    assert [*found] == [f"{path}:5" for path in new]
    for command, path in zip(WRONG, new, strict=True):
        assert WRONG[command] in found[f"{path}:5"]


def test_a_command_line_is_not_cut_where_a_value_is_unknown(prove_it: Prove) -> None:
    unknown = ["-e dev --state-values-set x=$Y -l", "-e dev --state-values-file $Y -l", "-e $Y --selector"]
    unknown.append("--environment `cat y` -l")
    page, store = ([f"{words} kind={kind} template" for words in unknown] for kind in ("page", "store"))
    old = {**OLD, **named(map(job, page))}
    for new in (page, store):
        moved = named(job(f"-f helmfile/helmfile.yaml {command}") for command in new)
        found = commands(prove_it, {**NEW, **moved}, old)
        assert [*found] == ([f"{path}:5" for path in moved] if new is store else [])
        assert all("afterwards for template data/db" in detail for detail in found.values())


def test_without_a_record_a_legacy_piece_that_is_still_there_may_be_named() -> None:
    case = small_platform.case(tree({**old_files(), **OLD}), tree({**new_files(), **OLD}), without_record=True)
    gone = small_platform.case(
        tree({**old_files(), **OLD}),
        tree({path: text for path, text in {**new_files(), **OLD}.items() if path != "environments/dev.yaml"}),
        without_record=True,
    )
    nothing = SideFacts(tree({}), "", {})
    for claim in (references_resolve, no_stale_mentions):
        assert claim.judge(Gathered(case, nothing, nothing, {}, (), {})).verdict is ClaimVerdict.HOLDS
        assert claim.judge(Gathered(gone, nothing, nothing, {}, (), {})).verdict is ClaimVerdict.FAILS
