"""Where files go: each has one verdict, no two have one place, and what belongs together stays together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from migrate.model.tree import Mode
from migrate.plan_json import counts
from tests.fixtures.cases.case import ENVIRONMENTS_TEXT, RELEASE, ROOT, application, chart, repository, root
from tests.fixtures.repository import Content, below
from tests.flatten.planning import Planned, planned

HEAD = "releases:\n- name: web\n  namespace: web\n"
TWO = (
    HEAD
    + "  chart: ./chart\n  values: [one.yaml.gotmpl]\n"
    + "- name: side\n  namespace: web\n  chart: ./chart\n  values: [two.yaml.gotmpl]\n"
)

CHART_OF_UP = """\
apiVersion: v2
name: web
version: 0.1.0
dependencies: [{name: x, version: 1.0.0, repository: https://charts.example.org}]
"""


def flat(helmfile: str, more: Mapping[str, Content] | None = None, drop: str = "nothing") -> Planned:
    files = {**repository("api", "web"), **application("web", helmfile), **(more or {})}
    return planned({path: content for path, content in files.items() if drop not in path})


def check(result: Planned) -> None:
    """What holds of every plan."""
    found = counts(result.plan, result.tree)
    assert found["tracked"] == sum(found[name] for name in ("copied", "merged", "edited", "stays"))
    targets = [*result.places.values(), *result.plan.created]
    assert len(targets) == len(set(targets))
    assert not any(path in result.tree for path in result.places.values())


NAMES = [
    "values.yaml",
    "values.yaml.gotmpl",
    "values/prod.yaml",
    "_help.tpl",
    "README.md",
    "chart/Chart.yaml",
    "chart/values.yaml",
]
NAMES += [
    "charts/x/Chart.yaml",
    "charts/x/templates/a.yaml",
    "deep/helmfile.yaml",
    "environments/prod.yaml",
    "한글 x.txt",
    "web.yaml",
]
FOLDERS = ["", "applications/", "applications/web/", "applications/api/", "environments/", "other/web/", "helm/"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES)).map("".join), st.just("{}\n"), max_size=8),
    st.sampled_from(
        [RELEASE, TWO, HEAD + "  chart: ./\n", HEAD + "  chart: ../../other/web/charts/x\n  values: [values/*.yaml]\n"]
    ),
)
def test_every_file_has_one_verdict_and_every_place_one_file(more: dict[str, str], helmfile: str) -> None:
    check(planned({**more, **repository("api", "web"), **application("web", helmfile)}))


def test_values_of_equal_names_in_two_applications_get_two_places() -> None:
    result = flat(RELEASE)
    assert result.places["applications/api/values.yaml.gotmpl"] == "helmfile/values/api.yaml.gotmpl"
    assert result.places["applications/web/values.yaml.gotmpl"] == "helmfile/values/web.yaml.gotmpl"


def test_one_release_name_in_two_namespaces_gets_two_folders() -> None:
    helmfile = RELEASE.replace("namespace: {name}", "namespace: other").replace("{name}", "api")
    result = planned({**repository("api", "web"), **application("web", helmfile)})
    assert result.places["applications/api/values.yaml.gotmpl"] == "helmfile/values/api/api.yaml.gotmpl"
    assert result.places["applications/web/values.yaml.gotmpl"] == "helmfile/values/other/api.yaml.gotmpl"
    assert result.blocking == []


def test_a_values_file_of_two_releases_is_common() -> None:
    both = TWO.replace("[one", "[both").replace("[two", "[both")
    result = flat(both, {"applications/web/both.yaml.gotmpl": "{}\n"})
    assert result.places["applications/web/both.yaml.gotmpl"] == "helmfile/values/common/both.yaml.gotmpl"
    assert result.text.count("values/common/both.yaml.gotmpl") == 2


def test_shared_values_files_of_equal_names_get_their_folders_names() -> None:
    both = TWO.replace("[one", "[both").replace("[two", "[both")
    files = {**repository("api", "web"), **application("web", both)}
    files |= application("api", both.replace("web", "api").replace("side", "aside"))
    result = planned({**files, "applications/web/both.yaml.gotmpl": "a: 1\n", "applications/api/both.yaml.gotmpl": "a: 2\n"})
    assert result.places["applications/web/both.yaml.gotmpl"] == "helmfile/values/common/web/both.yaml.gotmpl"
    assert result.places["applications/api/both.yaml.gotmpl"] == "helmfile/values/common/api/both.yaml.gotmpl"
    assert result.blocking == []


def test_a_helper_lies_beside_the_templates_of_all_releases_of_its_application() -> None:
    more: dict[str, Content] = {f"applications/web/{name}.yaml.gotmpl": 'a: {{ include "x" . }}\n' for name in ("one", "two")}
    result = flat(TWO, {**more, "applications/web/_x.tpl": '{{ define "x" }}1{{ end }}'}, drop="web/values.yaml")
    assert {
        result.places[f"applications/web/{name}"].rpartition("/")[0] for name in ("one.yaml.gotmpl", "two.yaml.gotmpl", "_x.tpl")
    } == {"helmfile/values/web"}
    assert result.blocking == []
    assert not result.found("values-file-unused")


def test_a_helper_that_cannot_lie_beside_its_template_is_in_the_way() -> None:
    both = TWO.replace("[one", "[../shared/both").replace("[two", "[../shared/both")
    result = flat(both, {"applications/shared/both.yaml.gotmpl": "{}\n", "applications/shared/_x.tpl": "{{/* */}}"})
    assert "unmapped-path applications/shared/both.yaml.gotmpl" in result.blocking


def test_a_file_that_a_template_reads_lies_beside_it() -> None:
    reading = {"applications/web/values.yaml.gotmpl": 'a: {{ readFile "files/x.txt" }}\n', "applications/web/files/x.txt": "x"}
    result = flat(RELEASE, reading)
    assert result.places["applications/web/values.yaml.gotmpl"] == "helmfile/values/web/values.yaml.gotmpl"
    assert result.places["applications/web/files/x.txt"] == "helmfile/values/web/files/x.txt"
    assert result.blocking == []


@pytest.mark.parametrize("values", ["'{{ .Environment.Name }}.yaml.gotmpl'", "'*.yaml.gotmpl'"])
def test_templates_that_a_pattern_stands_for_are_looked_into(values: str) -> None:
    helmfile = HEAD + f"  chart: ./chart\n  values: [{values}]\n"
    result = flat(helmfile, {"applications/web/prod.yaml.gotmpl": 'a: {{ exec "true" (list) }}\n'}, drop="web/values.yaml")
    assert "executes-commands applications/web/prod.yaml.gotmpl:1" in result.blocking


def test_templates_of_environments_are_looked_into() -> None:
    text = root("api").replace("prod/values.yaml", "prod/values.yaml.gotmpl")
    result = planned(
        {**repository("api"), ROOT: text, "x": "", "environments/prod/values.yaml.gotmpl": 'a: {{ readFile "../../x" }}\n'}
    )
    assert "unmapped-path environments/prod/values.yaml.gotmpl:1" in result.blocking


def test_environments_in_flat_files_get_a_folder_each() -> None:
    text = (
        root("api")
        .replace("/values.yaml", ".yaml")
        .replace("    - environments/dev", "    - environments/all.yaml\n    - environments/dev")
    )
    text = text.replace("    - environments/prod", "    - environments/all.yaml\n    - environments/prod")
    files = {path: content for path, content in repository("api").items() if not path.startswith("environments/")}
    files |= {f"environments/{name}.yaml": "color: red\n" for name in ("prod", "dev", "all", "spare")} | {ROOT: text}
    result = planned(files)
    assert result.places["environments/prod.yaml"] == "helmfile/environments/prod/prod.yaml"
    assert result.places["environments/all.yaml"] == "helmfile/environments/common/all.yaml"
    assert result.places["environments/spare.yaml"] == "helmfile/environments/spare.yaml"
    assert [f.path for f in result.found("environment-not-registered")] == ["environments/spare.yaml"]
    assert "    - environments/common/all.yaml\n    - environments/prod/prod.yaml\n" in result.text


@pytest.mark.parametrize(
    "written", ["environments/{{ .Environment.Name }}/values.yaml", "environments/{{ .Environment.Name }}/*.yaml"]
)
def test_environments_named_by_a_template_move_together(written: str) -> None:
    text = root("api").replace("environments/prod/values.yaml", written).replace("environments/dev/values.yaml", written)
    result = planned({**repository("api"), ROOT: text})
    assert result.places["environments/prod/values.yaml"] == "helmfile/environments/prod/values.yaml"
    assert result.text.count(f"- {written}\n") == 2


def test_a_root_in_a_folder_with_everything_moves_nothing_but_what_is_helmfiles() -> None:
    files: dict[str, Content] = {f"deploy/{path}": content for path, content in repository("api").items()}
    files = {
        path.replace("environments/prod/values", "prod").replace("environments/dev/values", "dev"): c for path, c in files.items()
    }
    text = (
        str(files["deploy/helmfile.yaml"]).replace("environments/prod/values", "prod").replace("environments/dev/values", "dev")
    )
    files |= {"deploy/helmfile.yaml": text, "deploy/run.sh": "#!/bin/sh\n", "deploy/kubespray/hosts.yaml": "{}\n"}
    result = planned(files, Settings(root=RepoPath("deploy/helmfile.yaml")))
    assert result.places["deploy/prod.yaml"] == "helmfile/environments/prod/prod.yaml"
    assert {"deploy/run.sh", "deploy/kubespray/hosts.yaml"} <= set(result.plan.stays(result.tree))
    assert result.plan.root == "deploy/helmfile.yaml"
    assert not result.found("environment-not-registered")
    assert result.blocking == []


def test_a_sub_helmfile_beside_the_root_takes_nothing_along() -> None:
    files: dict[str, Content] = {f"deploy/{path}": content for path, content in repository("api").items()}
    extra = "- path: more.yaml\n  values:\n  - {{ toYaml .Values | nindent 4 }}\n"
    files |= {"deploy/helmfile.yaml": root("api") + extra, "deploy/run.sh": "#!/bin/sh\n"}
    files |= {"deploy/more.yaml": "releases:\n- name: more\n  namespace: more\n  chart: ./applications/api/chart\n"}
    result = planned(files, Settings(root=RepoPath("deploy/helmfile.yaml")))
    assert "deploy/run.sh" in result.plan.stays(result.tree)
    assert result.blocking == []


def test_an_application_inside_another_keeps_its_own_files() -> None:
    inner = below(
        "applications/web/plugins/log",
        {**chart("log"), "helmfile.yaml": RELEASE.replace("{name}", "log").replace("./chart", "./")},
    )
    text = (
        root("api", "web")
        + "- path: applications/web/plugins/log/helmfile.yaml\n  values:\n  - {{ toYaml .Values | nindent 4 }}\n"
    )
    result = flat(RELEASE, {**inner, "applications/web/plugins/log/values.yaml.gotmpl": "{}\n", ROOT: text})
    assert result.places["applications/web/plugins/log/values.yaml.gotmpl"] == "helmfile/values/log.yaml.gotmpl"
    assert result.places["applications/web/plugins/log/Chart.yaml"] == "helmfile/charts/custom/log/Chart.yaml"
    check(result)


def test_charts_of_equal_names_keep_their_names_below_their_old_folders() -> None:
    result = flat(RELEASE)
    assert result.places["applications/api/chart/Chart.yaml"] == "helmfile/charts/custom/api/chart/Chart.yaml"
    assert "chart: ./charts/custom/web/chart" in result.text


def test_a_chart_of_two_releases_moves_once() -> None:
    result = flat(TWO, {"applications/web/one.yaml.gotmpl": "{}\n", "applications/web/two.yaml.gotmpl": "{}\n"})
    assert result.text.count("chart: ./charts/custom/web/chart\n") == 2


@pytest.mark.parametrize("first", ["./chart/charts/inner", "./chart"])
def test_a_chart_inside_another_stays_inside_it(first: str) -> None:
    other = {"./chart": "./chart/charts/inner", "./chart/charts/inner": "./chart"}[first]
    helmfile = f"{HEAD}  chart: {first}\n- name: side\n  namespace: web\n  chart: {other}\n"
    result = flat(helmfile, below("applications/web/chart/charts/inner", chart("inner")))
    assert (
        result.places["applications/web/chart/charts/inner/Chart.yaml"]
        == "helmfile/charts/custom/web/chart/charts/inner/Chart.yaml"
    )
    assert "chart: ./charts/custom/web/chart/charts/inner\n" in result.text
    assert "chart: ./charts/custom/web/chart\n" in result.text
    assert result.blocking == []


def test_a_library_beside_its_chart_stays_beside_it() -> None:
    needs = "dependencies:\n- name: lib\n  version: 0.1.0\n  repository: file://../lib\n"
    files = {"applications/web/chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n" + needs}
    alone = {"Chart.yaml": "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n"}
    only_web = {path: c for path, c in repository("web").items() if "api" not in path}
    result = planned({**only_web, **files, **below("applications/web/lib", alone)})
    assert result.places["applications/web/lib/Chart.yaml"] == "helmfile/charts/custom/lib/Chart.yaml"
    assert result.places["applications/web/chart/Chart.yaml"] == "helmfile/charts/custom/chart/Chart.yaml"
    assert result.blocking == []


def test_a_library_that_would_not_be_found_is_in_the_way() -> None:
    needs = "dependencies:\n- name: lib\n  version: 0.1.0\n  repository: file://../../../lib\n"
    files = {"applications/web/chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n" + needs}
    result = flat(RELEASE, {**files, **below("lib", chart("lib"))})
    assert "chart-dependency-breaks applications/web/chart/Chart.yaml:5" in result.blocking


def test_a_chart_that_is_the_whole_repository_is_in_the_way() -> None:
    result = flat(HEAD + "  chart: ../../\n", chart("top"))
    assert any(line.startswith("chart-missing applications/web/helmfile.yaml") for line in result.blocking)


def test_a_lock_of_remote_charts_is_in_the_way_and_one_of_local_charts_is_not() -> None:
    lock = {"applications/web/helmfile.lock": "version: 0.166.0\n"}
    assert "lock-file applications/web/helmfile.lock" in flat(HEAD + "  chart: stable/web\n", lock).blocking
    assert flat(RELEASE, lock).blocking == []


def test_a_submodule_in_an_application_is_in_the_way() -> None:
    files = {**repository("api"), "applications/api/vendored": ("x", Mode.SUBMODULE)}
    assert "submodule-moves applications/api/vendored" in planned(files).blocking


def test_links_move_with_what_they_lead_to_or_are_in_the_way() -> None:
    files = repository("api")
    beside = planned({**files, "applications/api/chart/files/now": Path("../values.yaml")})
    assert beside.blocking == []
    away = planned({**files, "README.md": "x", "applications/api/chart/files/now": Path("../../../../README.md")})
    assert "link-breaks applications/api/chart/files/now" in away.blocking


def test_a_place_that_is_taken_is_in_the_way() -> None:
    result = flat(RELEASE, {"helmfile/values/web.yaml.gotmpl": "old\n"})
    assert "target-clash applications/web/values.yaml.gotmpl" in result.blocking
    check(result)


def test_names_of_the_settings_win() -> None:
    result = planned(repository("api"), Settings(names={"api": "gateway"}, root=RepoPath(ROOT)))
    assert result.places["applications/api/values.yaml.gotmpl"] == "helmfile/values/gateway.yaml.gotmpl"
    assert ENVIRONMENTS_TEXT.splitlines()[0] in result.text


def test_tiers_that_turn_todays_needs_round_are_in_the_way() -> None:
    text = TWO.replace("  chart: ./chart\n  values: [one", "  needs: [web/side]\n  chart: ./chart\n  values: [one")
    settings_ = Settings(tiers={"web": "infrastructure", "side": "security"})
    files = {**repository("api"), **application("web", text), ROOT: root("api", "web")}
    assert "needs-against-tiers applications/web/helmfile.yaml:2" in planned(files, settings_).blocking
    assert not planned(files, Settings(tiers={"web": "security", "side": "infrastructure"})).found("needs-against-tiers")


def test_a_glob_that_would_match_more_files_at_its_new_place_becomes_the_file_itself() -> None:
    helmfile = HEAD + "  chart: ./chart\n  values: [values/*.gotmpl]\n"
    result = flat(helmfile, {"applications/web/values/only.gotmpl": "{}\n"})
    assert result.places["applications/web/values.yaml.gotmpl"] == "helmfile/values/web/values.yaml.gotmpl"
    assert "[values/web/only.gotmpl]" in result.text
    assert result.blocking == []


def test_a_path_that_would_mean_another_file_in_an_environment_is_in_the_way() -> None:
    helmfile = HEAD + "  chart: ./chart\n  missingFileHandler: Info\n  values: ['values/{{ .Environment.Name }}.yaml']\n"
    files = {"applications/web/values/prod.yaml": "a: 1\n", "applications/web/dev.yaml": "b: 1\n"}
    assert "unmapped-path applications/web/helmfile.yaml:6" in flat(helmfile, files).blocking
    assert flat(helmfile, {"applications/web/values/prod.yaml": "a: 1\n", "applications/web/qa.yaml": "b: 1\n"}).blocking == []


def test_findings_at_one_place_are_told_in_one_order() -> None:
    labels = "  labels:\n" + "".join(f"    {letter}: &{letter} x\n" for letter in "abcdefgh")
    result = flat(HEAD + "  chart: chart\n" + labels + "  needs: [*h, *a, *g, *b, *f, *c, *e, *d]\n")
    assert [finding.message[12] for finding in result.found("uses-templates")] == list("abcdefgh")


def test_charts_that_are_not_here_are_in_the_way_once_for_a_state_file() -> None:
    more = "".join(f"- name: {name}\n  chart: {chart}\n" for name, chart in (("a", "stable/a"), ("b", "oci://u:p@r.example/b")))
    result = flat(HEAD + "  chart: ./chart\n" + more)
    assert result.blocking == ["chart-not-here applications/web/helmfile.yaml:5"]
    assert result.found("chart-not-here")[0].message.endswith(": stable/a, oci://r.example/b")


@pytest.mark.parametrize("path", ["- values/{{ .Release.Name }}.yaml", "[]\ntemplates: {default: {values: [values/web.yaml]}}"])
def test_a_file_is_not_said_to_be_unused_where_the_helmfile_may_read_it_by_another_way(path: str) -> None:
    files = {"applications/web/values/web.yaml": "a: b\n"}
    assert flat(HEAD + "  chart: ./chart\n  values: []\n", files).found("values-file-unused")
    result = flat(HEAD + f"  chart: ./chart\n  values: {path}\n".replace("values: -", "values:\n  -"), files)
    assert not result.found("values-file-unused")
    assert result.blocking


def test_a_merged_alias_is_one_finding() -> None:
    anchor = "templates:\n  all: &all {wait: true}\n"
    result = flat(anchor + HEAD + "  <<: *all\n  chart: ./chart\n")
    assert [f.line for f in result.found("uses-templates")] == [1, 6]
    assert [f.line for f in flat(HEAD + "  <<: {wait: true}\n  chart: ./chart\n").found("uses-templates")] == [4]


def test_files_that_a_release_and_a_repository_name_are_found_from_the_new_folder() -> None:
    repositories = (
        "repositories:\n- name: up\n  url: https://charts.example.org\n  caFile: keys/ca.pem # ours\n  keyFile: /etc/key.pem\n"
    )
    web = "  chart: ./chart\n  keyring: keys/pub.gpg\n  postRenderer: render\n  postRendererArgs: [patch.yaml, prod, --x]\n"
    files = {f"applications/web/{name}": "x\n" for name in ("keys/ca.pem", "keys/pub.gpg", "patch.yaml")}
    files["applications/web/chart/Chart.yaml"] = CHART_OF_UP
    result = flat(repositories + HEAD + web, files)
    assert result.blocking == []
    places = result.places
    for source in ("keys/pub.gpg", "patch.yaml"):
        assert f"{places[f'applications/web/{source}'].removeprefix('helmfile/')}" in result.text
    assert f"caFile: {places['applications/web/keys/ca.pem'].removeprefix('helmfile/')} # ours" in result.text
    assert "keyFile: /etc/key.pem" in result.text
    assert ", prod, --x]" in result.text


@pytest.mark.parametrize("setting", ["keyring: pub.gpg", "postRenderer: ./render.sh", "postRendererArgs: [a, pub.gpg]"])
def test_a_file_of_helm_defaults_is_in_the_way(setting: str) -> None:
    files = {"applications/web/pub.gpg": "x\n"}
    defaults = f"helmDefaults:\n  wait: true\n  {setting}\n"
    assert "unmapped-path applications/web/helmfile.yaml:3" in flat(defaults + HEAD + "  chart: ./chart\n", files).blocking
    assert (
        flat(defaults.replace("pub.gpg", "/etc/pub.gpg").replace("./", "/") + HEAD + "  chart: ./chart\n", files).blocking == []
    )


def test_common_labels_that_templates_make_are_written_as_they_stand() -> None:
    labels = 'commonLabels:\n  env: "{{ .Environment.Name }}"\n  color: {{ .Values.color | quote }}\n  v: 1.0\n'
    result = flat(labels + HEAD + "  chart: ./chart\n")
    for line in ('env: "{{ .Environment.Name }}"', "color: {{ .Values.color | quote }}", 'v: "1.0"'):
        assert f"      {line}\n" in result.text


PATCHED = HEAD + "  chart: ./chart\n  jsonPatches: [patches/used.yaml]\n  strategicMergePatches: [%s]\n"
PATCHES = {f"applications/web/patches/{name}": "a: 1\n" for name in ("used.yaml", "unused.yaml", "README.md")}


def test_patches_move_to_the_folder_of_their_release_with_what_lies_beside_them() -> None:
    result = flat(
        PATCHED % "patches/{{ .Environment.Name }}/merge.yaml", {**PATCHES, "applications/web/patches/prod/merge.yaml": ""}
    )
    moved = {old.removeprefix("applications/web/patches/"): new for old, new in result.places.items() if "/patches/" in old}
    assert moved == {
        name: f"helmfile/charts/patches/web/{name}" for name in ("used.yaml", "unused.yaml", "README.md", "prod/merge.yaml")
    }
    assert "- charts/patches/web/{{ .Environment.Name }}/merge.yaml" in result.text.replace("[", "- ")
    assert "applications/web/patches/prod/merge.yaml" not in {f.path for f in result.found("values-file-unused")}
    check(result)


def test_a_patch_that_no_release_names_is_told() -> None:
    result = flat(PATCHED % "", PATCHES)
    assert result.places["applications/web/patches/unused.yaml"] == "helmfile/charts/patches/web/unused.yaml"
    told = [(f.path, f.message) for f in result.found("values-file-unused") if "/patches/" in f.path]
    assert told == [("applications/web/patches/unused.yaml", "no helmfile reads this patch")]


def test_what_lies_beside_patches_takes_no_place_that_another_patch_has() -> None:
    files = {**PATCHES, "applications/web/other/unused.yaml": "a: 1\n"}
    result = flat(PATCHED % "other/unused.yaml", files)
    assert result.places["applications/web/other/unused.yaml"] == "helmfile/charts/patches/web/unused.yaml"
    assert result.places["applications/web/patches/unused.yaml"] == "helmfile/values/web/patches/unused.yaml"
    assert not result.blocking


def test_what_lies_in_the_application_s_own_folder_beside_a_patch_stays_with_its_values() -> None:
    result = flat(
        HEAD + "  chart: ./chart\n  jsonPatches: [used.yaml]\n", {"applications/web/used.yaml": "", "applications/web/x.yaml": ""}
    )
    assert result.places["applications/web/used.yaml"] == "helmfile/charts/patches/web/used.yaml"
    assert result.places["applications/web/x.yaml"] == "helmfile/values/web/x.yaml"
