"""Faults that the trees alone show: files, bytes, modes, attributes and comments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import pytest

from migrate.claims import bytes_kept, comments_kept, every_file_has_a_verdict
from migrate.claims.gathered import Gathered
from migrate.claims.pieces import moves_of
from migrate.measuring import gather
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, ClaimVerdict
from migrate.model.record import Record
from tests.claims import small_platform
from tests.claims.conftest import RememberingSides, quiet
from tests.claims.small_platform import CHART_HOMES, EXECUTABLE, FLAT, copies, new_files, old_files, record, tree

Files = dict[str, str]
STATE = "helmfile/helmfile.yaml"
VALUES = "helmfile/values/web/values.yaml.gotmpl"
NEW_SCRIPT = {"scripts/deploy.sh": new_files()["scripts/deploy.sh"]}
README = CHART_HOMES["db/"] + "README.md"
COMMENTS, FILES, BYTES = comments_kept.NAME, every_file_has_a_verdict.NAME, bytes_kept.NAME
JUDGES = (comments_kept.judge, every_file_has_a_verdict.judge, bytes_kept.judge)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to the files of the new side, and the claims that fail."""

    name: str
    change: Callable[[Files], object]
    fails: frozenset[str]


def fault(name: str, change: Callable[[Files], object], *fails: str) -> Fault:
    return Fault(name, change, frozenset(fails))


def put(path: str, text: str) -> Callable[[Files], None]:
    return lambda files: files.update({path: text})


def gone(path: str) -> Callable[[Files], None]:
    return lambda files: files.__delitem__(path)


FAULTS = (
    fault("unrelated file changed", put("README.md", "x\n"), FILES),
    fault("unrelated file added", put("new.txt", ""), FILES),
    fault("unrelated file removed", gone("README.md"), FILES),
    fault("file added beside the new state file", put("helmfile/values/more.yaml", "a: 1\n"), FILES),
    fault("legacy file removed", gone("apps/web/first.yaml"), FILES),
    fault("legacy state file changed", put("helmfile.yaml", "{}\n"), FILES),
    fault("created file missing", gone("helmfile/values/agent.yaml.gotmpl"), FILES),
    fault("edited file missing", gone("scripts/deploy.sh"), FILES),
    fault("copy missing", gone(README), FILES, BYTES),
    fault("copy changed", put(README, "x\n"), BYTES),
    fault("line end of a copy", put(README, new_files()[README].rstrip("\n")), BYTES),
    fault("full-line comment lost", put(STATE, FLAT.replace("  # what people see\n", "")), COMMENTS),
    fault("trailing comment lost", put(STATE, FLAT.replace(" # 데이터베이스", "")), COMMENTS),
    fault("one word of a comment", put(STATE, FLAT.replace("# what people see", "# what people saw")), COMMENTS),
    fault("commented-out origin lost", put(STATE, FLAT.replace("#  - name: upstream\n", "")), COMMENTS),
    fault("comment of the root lost", put(STATE, FLAT.replace("# the platform\n", "")), COMMENTS),
    fault("comment that is now text", put(STATE, FLAT.replace("# the platform\n", "x: '# the platform'\n")), COMMENTS),
    fault("comment of a values file lost", put(VALUES, new_files()[VALUES].replace("# which page\n", "")), COMMENTS, BYTES),
)


@pytest.fixture(scope="module")
def sound(sides: RememberingSides) -> Gathered:
    """The platform without a fault, measured by the real tools."""
    return gather(small_platform.case(), sides, quiet, only="dev")


def judged(gathered: Gathered, case: ProofCase) -> dict[str, ClaimResult]:
    results = [judge(replace(gathered, case=case)) for judge in JUDGES]
    return {result.claim: result for result in results}


def failing(gathered: Gathered, case: ProofCase) -> set[str]:
    return {name for name, result in judged(gathered, case).items() if result.verdict is not ClaimVerdict.HOLDS}


def test_nothing_fails_without_a_fault(sound: Gathered) -> None:
    assert failing(sound, sound.case) == set()
    assert judged(sound, sound.case)[FILES].checked == len({*old_files(), *new_files()})
    assert judged(sound, sound.case)[BYTES].checked == len(copies()) + 1


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_seen_by_its_claims(fault: Fault, sound: Gathered) -> None:
    files = new_files()
    fault.change(files)
    assert failing(sound, small_platform.case(new=tree(files))) == fault.fails


def test_the_mode_of_a_copy_counts(sound: Gathered) -> None:
    new = tree(new_files(), EXECUTABLE | {README})
    assert failing(sound, small_platform.case(new=new)) == {BYTES}


def test_the_mode_of_an_edited_file_counts(sound: Gathered) -> None:
    new = tree(new_files(), frozenset())
    assert failing(sound, small_platform.case(new=new)) == {FILES}


@pytest.mark.parametrize("attributes", [{"text": "auto", "eol": "crlf"}, {}, None])
def test_other_attributes_of_a_copy_are_seen(sound: Gathered, attributes: dict[str, str] | None) -> None:
    others = dict(sound.case.new_attributes)
    del others[README]
    if attributes is not None:
        others[README] = attributes
    assert failing(sound, replace(sound.case, new_attributes=others)) == {BYTES}


def test_a_changed_gitattributes_is_judged_by_what_it_does_to_files_that_stay(sound: Gathered) -> None:
    files = {**new_files(), "apps/.gitattributes": "* -text\n"}
    recorded = replace(record(), created=(*record().created, RepoPath("apps/.gitattributes")))
    case = small_platform.case(new=tree(files), recorded=recorded)
    assert failing(sound, case) == set()
    concerned = {
        path: {"text": "unset"} if path.startswith("apps/web/") else value for path, value in case.new_attributes.items()
    }
    assert failing(sound, replace(case, new_attributes=concerned)) == {BYTES}
    several = {**files, "zz/.gitattributes": "* -text\n"}
    recorded = replace(recorded, created=(*recorded.created, RepoPath("zz/.gitattributes")))
    case = small_platform.case(new=tree(several), recorded=recorded)
    assert failing(sound, replace(case, new_attributes={**case.new_attributes, **concerned})) == {BYTES}


@pytest.mark.parametrize("source", ["no/where", "no/where.yaml"])
def test_a_record_that_names_a_copy_of_nothing_fails(source: str, sound: Gathered) -> None:
    recorded = replace(record(), copies=(*record().copies, (RepoPath(source), RepoPath("README.md"))))
    assert failing(sound, replace(sound.case, record=recorded)) == {FILES, BYTES}


def test_a_recorded_removal_is_accounted_for(sound: Gathered) -> None:
    files = new_files()
    del files["apps/web/first.yaml"]
    recorded = replace(record(), removed=(RepoPath("apps/web/first.yaml"),))
    assert failing(sound, small_platform.case(new=tree(files), recorded=recorded)) == set()
    assert failing(sound, replace(sound.case, record=recorded)) == {FILES}


def test_a_comment_is_not_lost_by_calling_the_copy_created(sound: Gathered) -> None:
    source = RepoPath("apps/web/values.yaml.gotmpl")
    copied = tuple(pair for pair in record().copies if pair[0] != source)
    recorded = replace(record(), copies=copied, created=(*record().created, RepoPath(VALUES)))
    files = {**new_files(), VALUES: new_files()[VALUES].replace("# which page\n", "")}
    assert COMMENTS in failing(sound, small_platform.case(new=tree(files), recorded=recorded))


@pytest.mark.parametrize("source", ["apps/web/first.yaml", "environments/dev.yaml", "apps/web/web/templates/all.yaml"])
def test_a_record_may_not_call_a_copy_created(source: str, sound: Gathered) -> None:
    target = copies()[source]
    copied = tuple(pair for pair in record().copies if pair[0] != source)
    recorded = replace(record(), copies=copied, created=(*record().created, RepoPath(target)))
    assert failing(sound, small_platform.case(recorded=recorded)) == {FILES}
    edited = {**new_files(), target: new_files()[target] + "\n"}
    assert FILES in failing(sound, small_platform.case(new=tree(edited), recorded=recorded))


def test_a_file_that_nothing_loads_may_not_be_copied_unsaid_either(sound: Gathered) -> None:
    old, new = (
        {**old_files(), "apps/web/motd.txt": "hello\n", "empty.txt": ""},
        {"helmfile/motd.txt": "hello\n", "x/empty.txt": ""},
    )
    recorded = replace(record(), created=(*record().created, *map(RepoPath, new)))
    case = small_platform.case(old=tree(old), new=tree({**new_files(), **old, **new, **NEW_SCRIPT}), recorded=recorded)
    lost = [piece for piece in judged(sound, case)[FILES].evidence if not piece.holds]
    assert [piece.detail for piece in lost] == ["recorded as created, and a copy of apps/web/motd.txt"]


def test_without_a_record_a_comment_of_a_values_file_counts_too(sound: Gathered) -> None:
    same = {"scripts/deploy.sh": old_files()["scripts/deploy.sh"]}
    files = {**new_files(), **same, VALUES: new_files()[VALUES].replace("# which page\n", "")}
    assert failing(sound, small_platform.case(new=tree(files), without_record=True)) == {COMMENTS}


def test_without_a_record_a_comment_of_an_environments_file_counts_too(sound: Gathered) -> None:
    same = {"scripts/deploy.sh": old_files()["scripts/deploy.sh"]}
    source, target = "environments/dev.yaml", "helmfile/environments/dev.yaml"
    old = {**old_files(), source: "# kept by hand\n" + old_files()[source]}
    files = {**new_files(), **same, source: old[source]}
    lost = replace(sound.case, old=tree(old), new=tree(files), record=None)
    assert COMMENTS in failing(sound, lost)
    assert COMMENTS not in failing(sound, replace(lost, new=tree({**files, target: old[source]})))


def test_without_a_record_copies_are_read_off_the_blobs(sound: Gathered) -> None:
    case = small_platform.case(
        new=tree({**new_files(), "scripts/deploy.sh": old_files()["scripts/deploy.sh"]}), without_record=True
    )
    results = judged(sound, case)
    assert {name for name, result in results.items() if result.verdict is not ClaimVerdict.HOLDS} == set()
    found = {piece.subject for piece in results[BYTES].evidence}
    assert {f"{source} -> {target}" for source, target in copies().items()} <= found


def test_without_a_record_a_new_file_elsewhere_is_explained_by_nothing(sound: Gathered) -> None:
    same = {"scripts/deploy.sh": old_files()["scripts/deploy.sh"]}
    for path, text, fails in (
        ("new.txt", "new\n", {FILES}),
        ("again.md", old_files()["README.md"], set()),
        ("helmfile/n", "n", set()),
    ):
        case = small_platform.case(new=tree({**new_files(), **same, path: text}), without_record=True)
        assert failing(sound, case) == fails


def test_without_a_record_an_edit_is_explained_by_nothing(sound: Gathered) -> None:
    assert failing(sound, small_platform.case(without_record=True)) == {FILES}


def test_without_a_record_a_move_that_loses_bytes_is_seen(sound: Gathered) -> None:
    files = {path: text for path, text in new_files().items() if not PurePosixPath(path).is_relative_to("apps")}
    files["scripts/deploy.sh"] = old_files()["scripts/deploy.sh"]
    results = judged(sound, small_platform.case(new=tree(files), without_record=True))
    lost = {piece.subject for piece in results[FILES].evidence if not piece.holds}
    assert lost == {f"apps/{app}/helmfile.yaml" for app in ("agent", "db", "web")}


def test_the_figures_of_comments_can_be_read(sound: Gathered) -> None:
    evidence = {piece.subject: piece.detail for piece in judged(sound, sound.case)[COMMENTS].evidence}
    assert evidence["apps/db/helmfile.yaml"] == f"4 comments in {STATE}"
    assert evidence["apps/db/values.yaml.gotmpl"] == "0 full-line and 1 trailing comments in helmfile/values/db.yaml.gotmpl"


COMMENTED = """\
releases:
  # what people see
  - name: web
    namespace: web # the one of the team
    chart: ./web # ours
    atomic: true
    labels:
      # first
      # second
      kind: page
    # order matters
    values:
      - first.yaml # the small one
      - values.yaml.gotmpl # the large one
"""
FLAT_WEB = """\
  # what people see
  - name: web
    namespace: web # the one of the team
    chart: ./charts/custom/web # ours
    atomic: true
    labels:
      # first
      # second
      kind: page
      team: front
    needs:
      - data/db
    # order matters
    values:
      - values/web/first.yaml # the small one
      - values/web/values.yaml.gotmpl # the large one
"""


def swapped(text: str, one: str, other: str) -> str:
    assert text.count(one) == text.count(other) == 1
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


@pytest.mark.parametrize(
    "pair",
    [
        *(None, ("# ours", "# the one of the team"), ("# the small one", "# the large one"), ("# first", "# second")),
        *(("    # order matters\n", "  # what people see\n"), ("# order matters", "# first")),
        ("      # first\n      # second\n      kind: page\n", "      team: front\n"),
    ],
)
def test_a_comment_stays_beside_its_node(pair: tuple[str, str] | None, sound: Gathered) -> None:
    old, web = {**old_files(), "apps/web/helmfile.yaml": COMMENTED}, FLAT_WEB if pair is None else swapped(FLAT_WEB, *pair)
    entry = FLAT[FLAT.index("  # what people see") : FLAT.index("  - name: agent")]
    new = {**new_files(), "apps/web/helmfile.yaml": COMMENTED, STATE: FLAT.replace(entry, web)}
    fails = {COMMENTS} if pair and "team: front" not in pair[1] else set()
    assert failing(sound, small_platform.case(old=tree(old), new=tree(new))) == fails


def test_a_comment_of_an_edited_values_file_stays_beside_its_node(sound: Gathered) -> None:
    same = {"scripts/deploy.sh": old_files()["scripts/deploy.sh"]}
    text = "# which page\ndomain: {{ .Values.domain }}\n# how\nmodes: [c, d]\n"
    old = {**old_files(), "apps/web/values.yaml.gotmpl": text}
    for change, fails in (("more: 1\n" + text, False), (swapped(text, "# which page", "# how"), True)):
        files = {**new_files(), **same, "apps/web/values.yaml.gotmpl": text, VALUES: change}
        found = failing(sound, small_platform.case(old=tree(old), new=tree(files), without_record=True))
        assert (COMMENTS in found) is fails


def test_a_comment_that_stood_twice_must_stand_twice(sound: Gathered) -> None:
    twice = old_files()["apps/web/helmfile.yaml"] + "  # what people see\n"
    old = tree({**old_files(), "apps/web/helmfile.yaml": twice})
    new = {**new_files(), "apps/web/helmfile.yaml": twice}
    assert failing(sound, small_platform.case(old=old, new=tree(new))) == {COMMENTS}
    again = FLAT.replace("  - name: agent", "  # what people see\n  - name: agent")
    assert failing(sound, small_platform.case(old=old, new=tree({**new, STATE: again}))) == set()


def test_a_legacy_helmfile_with_a_copy_of_its_own_keeps_its_comments(sound: Gathered) -> None:
    source, target = "apps/db/helmfile.yaml", "helmfile/old/db.yaml"
    files = {**new_files(), target: old_files()[source], STATE: FLAT.replace(" # 데이터베이스", "")}
    recorded: Record = replace(record(), copies=(*record().copies, (RepoPath(source), RepoPath(target))))
    assert failing(sound, small_platform.case(new=tree(files), recorded=recorded)) == set()


def test_a_changed_gitattributes_with_unknown_effects_fails(sound: Gathered) -> None:
    recorded = replace(record(), created=(*record().created, RepoPath(".gitattributes")))
    case = small_platform.case(new=tree({**new_files(), ".gitattributes": "* -text\n"}), recorded=recorded)
    copied = {target: value for target, value in case.new_attributes.items() if target.startswith("helmfile/")}
    assert failing(sound, replace(case, new_attributes=copied)) == {BYTES}


def test_a_written_file_under_a_filter_fails_also_if_it_was_there_before(sound: Gathered) -> None:
    script = RepoPath("scripts/deploy.sh")
    filtered = {
        path: {"filter": "x"} if path in (script, README) else dict(found) for path, found in sound.case.new_attributes.items()
    }
    wrong = judged(sound, replace(sound.case, new_attributes=filtered))[BYTES].evidence
    assert [piece.subject for piece in wrong if "has the filter" in piece.detail] == [script]


def test_without_a_record_a_copy_goes_with_the_original_that_is_named_most_alike(sound: Gathered) -> None:
    same = {"scripts/deploy.sh": old_files()["scripts/deploy.sh"]}
    twin = {"zz/y/x/w/other.yaml": old_files()["apps/web/first.yaml"]}
    case = small_platform.case(old=tree({**old_files(), **twin}), new=tree({**new_files(), **twin, **same}), without_record=True)
    found = {piece.subject for piece in judged(sound, case)[BYTES].evidence}
    assert f"apps/web/first.yaml -> {copies()['apps/web/first.yaml']}" in found
    assert moves_of(case).files[RepoPath("apps/web/first.yaml")] == copies()["apps/web/first.yaml"]


def test_without_a_record_another_legacy_file_with_its_bytes_is_no_copy_of_a_helmfile(sound: Gathered) -> None:
    source, same = "apps/db/helmfile.yaml", {"scripts/deploy.sh": old_files()["scripts/deploy.sh"]}
    twin = {"zz/db.yaml": old_files()[source]}
    lost = {**new_files(), **same, **twin, STATE: FLAT.replace(" # 데이터베이스", "")}
    case = small_platform.case(old=tree({**old_files(), **twin}), new=tree(lost), without_record=True)
    assert COMMENTS in failing(sound, case)
    kept = small_platform.case(new=tree({**lost, "helmfile/old/db.yaml": old_files()[source]}), without_record=True)
    assert COMMENTS not in failing(sound, kept)
