"""What an entry looks like afterwards, whatever it looks like today; and the entries that can't be moved."""

from __future__ import annotations

import pytest

from migrate.formats.comments import comments
from migrate.formats.yaml_source import Node
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from migrate.operations import Create
from tests.fixtures.cases.case import API, RELEASE, ROOT, WEB, application, repository, root
from tests.flatten.planning import Planned, as_value, entries, planned

HEAD = "releases:\n- name: web\n  namespace: web\n  chart: ./chart\n"
VALUES = "  values:\n  - values.yaml.gotmpl\n"


def flat(helmfile: str, **more: str) -> Planned:
    """The plan for two applications, the second one with this helmfile."""
    files = repository("api", "web") | application("web", helmfile)
    return planned(files | {path.replace("__", "/"): content for path, content in more.items()})


def web(result: Planned) -> Node:
    return result.entries["web"]


def value(node: Node, key: str) -> object:
    found = node.get(key)
    return None if found is None else plain(found)


def plain(node: Node) -> object:
    if node.kind == "scalar":
        return node.value
    if node.kind == "sequence":
        return [plain(item) for item in node.items]
    return {name.value: plain(entry) for name, entry in node.pairs}


LABELS = {
    "": {"tier": "applications"},
    "  labels:\n": {"tier": "applications"},
    "  labels: # none yet\n": {"tier": "applications"},
    "  labels: {}\n": {"tier": "applications"},
    "  labels: null # none\n": {"tier": "applications"},
    "  labels: ~\n": {"tier": "applications"},
    "  labels: {app: web}\n": {"app": "web", "tier": "applications"},
    "  labels: {app: web, }\n": {"app": "web", "tier": "applications"},
    "  labels: {app: web # it\n    }\n": {"app": "web", "tier": "applications"},
    "  labels: {\n    app: web, # it\n  }\n": {"app": "web", "tier": "applications"},
    "  labels:\n      app: web # it\n      # more\n": {"app": "web", "tier": "applications"},
    "  labels:\n    app: |\n      web\n": {"app": "web\n", "tier": "applications"},
    "  labels:\n    app:\n": {"app": "", "tier": "applications"},
    "  labels:\n    tier: applications\n": {"tier": "applications"},
    "  labels: {tier: 'applications'}\n": {"tier": "applications"},
}


@pytest.mark.parametrize("text", LABELS)
@pytest.mark.parametrize("last", [False, True])
def test_the_tier_joins_the_labels_in_their_own_style(text: str, last: bool) -> None:
    helmfile = HEAD + VALUES + text if last else HEAD + text + VALUES
    result = flat(helmfile)
    assert value(web(result), "labels") == LABELS[text]
    assert value(web(result), "needs") == ["api/api"]
    assert value(web(result), "values") == ["values/web.yaml.gotmpl"]
    assert [c.text for c in comments(helmfile)] == [c.text for c in comments(result.entry_text("web"))]
    assert result.blocking == []


NEEDS = {
    "  needs:\n": ["api/api"],
    "  needs: []\n": ["api/api"],
    "  needs: ~\n": ["api/api"],
    "  needs: [web/other]\n": ["web/other", "api/api"],
    "  needs: [web/other, ] # it\n": ["web/other", "api/api"],
    "  needs:\n  - web/other # it\n": ["web/other", "api/api"],
    "  needs:\n    - 'web/other'\n    # more\n": ["web/other", "api/api"],
    "  needs: [api/api]\n": ["api/api"],
}
OTHER = "- name: other\n  namespace: web\n  chart: ./chart\n"


@pytest.mark.parametrize("text", NEEDS)
def test_the_stage_before_joins_the_needs_in_their_own_style(text: str) -> None:
    assert value(web(flat(HEAD + text + VALUES + OTHER)), "needs") == NEEDS[text]
    assert value(web(flat(HEAD + VALUES + text + OTHER)), "needs") == NEEDS[text]


def test_an_entry_between_braces_gets_everything_between_them() -> None:
    result = flat('releases:\n- {name: web, namespace: web, chart: ./chart, values: ["values.yaml.gotmpl"],} # short\n')
    assert plain(web(result)) == {
        "name": "web",
        "namespace": "web",
        "chart": "./charts/custom/web/chart",
        "values": ["values/web.yaml.gotmpl"],
        "labels": {"tier": "applications"},
        "needs": ["api/api"],
    }
    assert result.text.count("} # short\n") == 1


def test_own_helm_defaults_and_common_labels_reach_the_releases_that_have_none() -> None:
    defaults = "helmDefaults:\n  wait: true # patiently\n  timeout: 300\n  postRendererArgs: # all\n  - a # one\n  - b\n"
    helmfile = defaults + "commonLabels: {team: '5', app: all}\n" + HEAD + "  timeout: 0\n  labels: {app: web}\n" + VALUES
    found = plain(web(result := flat(helmfile)))
    assert isinstance(found, dict)
    assert (found["wait"], found["timeout"], found["postRendererArgs"]) == ("true", "0", ["a", "b"])
    assert found["labels"] == {"app": "all", "team": "5", "tier": "applications"}
    for text in ("# patiently", "# all", "# one"):
        assert result.text.count(text) == 1


def test_settings_are_not_put_into_a_template_block() -> None:
    labels = "  labels:\n    app: web\n    {{ if .Values.x }}\n    extra: yes\n    {{ end }}\n"
    helmfile = (
        "helmDefaults:\n  wait: true\n" + HEAD + labels + VALUES + "  needs:\n  {{ if .Values.x }}\n  - other\n  {{ end }}\n"
    )
    text = flat(helmfile + OTHER).entry_text("web")
    blocks = [piece.split("{{ end }}")[0] for piece in text.split("{{ if")[1:]]
    assert len(blocks) == 2
    assert not any(word in block for block in blocks for word in ("tier", "wait", "api/api"))
    assert all(word in text for word in ("tier: applications", "wait: true", "- api/api"))


@pytest.mark.parametrize("pipe", ["", " | indent 4", " | nindent 8"])
@pytest.mark.parametrize("value_", [".Values", ".Values.web.settings"])
def test_inline_state_values_become_a_file_of_one_line(pipe: str, value_: str) -> None:
    result = flat(HEAD + f"  values:\n  - {{{{- toYaml {value_}{pipe} -}}}} # all\n  - values.yaml.gotmpl\n")
    assert value(web(result), "values") == ["values/web/state-values.yaml.gotmpl", "values/web.yaml.gotmpl"]
    made = [op.text for op in result.plan.operations if isinstance(op, Create) and "state-values" in op.target]
    assert made == [f"{{{{ toYaml {value_} }}}}\n"]


def test_inline_maps_move_with_the_bytes_of_their_values() -> None:
    inline = "  values:\n  - script: |\n      a  \n           \n      # b\n    'x y': [1, \"2\"]\n"
    moved, old = web(flat(HEAD + inline)).get("values"), entries(HEAD + inline)["web"].get("values")
    assert moved is not None
    assert old is not None
    assert as_value(moved) == as_value(old)


PATHS = {
    "'a b.yaml'": "values/web/a b.yaml",
    '"한글.yaml"': "values/web/한글.yaml",
    "'x #1.yaml'": "values/web/x #1.yaml",
    "'a: b.yaml'": "values/web/a: b.yaml",
    "./deep/../a.yaml": "values/web/a.yaml",
}


@pytest.mark.parametrize("written", PATHS)
def test_paths_of_any_spelling_lead_to_the_new_place(written: str) -> None:
    name = PATHS[written].removeprefix("values/web/")
    files = repository("api", "web") | application("web", HEAD + f"  values:\n  - values.yaml.gotmpl\n  - {written} # c\n")
    result = planned(files | {f"applications/web/{name}": "a: 1\n"})
    assert value(web(result), "values") == ["values/web/values.yaml.gotmpl", PATHS[written]]
    assert result.places[f"applications/web/{name}"] == f"helmfile/{PATHS[written]}"


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_a_path_with_the_environment_in_it_keeps_its_template(quote: str) -> None:
    files = repository("api", "web") | application(
        "web", HEAD + f"  values:\n  - {quote}values/{{{{ .Environment.Name }}}}.yaml{quote}\n"
    )
    result = planned(files | {f"applications/web/values/{name}.yaml": "a: 1\n" for name in ("dev", "prod")})
    assert "values/web/{{ .Environment.Name }}.yaml" in result.entry_text("web")
    assert result.places["applications/web/values/dev.yaml"] == "helmfile/values/web/dev.yaml"
    assert result.plan.new_state == "helmfile/helmfile.yaml.gotmpl"
    assert "-f helmfile/helmfile.yaml.gotmpl" in result.text
    assert result.blocking == []


def test_secrets_and_files_of_settings_move_too() -> None:
    helmfile = HEAD + "  secrets:\n  - secrets.yaml\n  set:\n  - name: cert\n    file: files/cert.pem\n"
    files = {"applications/web/secrets.yaml": "a: 1\n", "applications/web/files/cert.pem": "x"}
    result = planned({**repository("api", "web"), **application("web", helmfile), **files})
    assert value(web(result), "secrets") == ["values/web/secrets.yaml"]
    assert value(web(result), "set") == [{"name": "cert", "file": "values/web/files/cert.pem"}]
    assert result.places["applications/web/files/cert.pem"] == "helmfile/values/web/files/cert.pem"


CANT_MOVE = {
    "flow-list": ("releases: [{name: web, namespace: web, chart: ./chart}]\n", "text-cant-move", "releases:"),
    "keep": (HEAD + "  values:\n  - a: |+\n      x\n\n\n", "text-cant-move", "a: |+"),
    "keep-between": (HEAD + "  values:\n  - a: |+\n      x\n\n\n" + OTHER, "text-cant-move", "a: |+"),
    "no-newline": (HEAD + "  values:\n  - a: |\n      x", "text-cant-move", "a: |"),
    "labels-made": (HEAD + "  labels: {{ toYaml .Values.l | nindent 4 }}\n", "text-cant-move", "labels:"),
    "labels-lines": (HEAD + "  labels:\n    {{ toYaml .Values.l | indent 4 }}\n", "text-cant-move", "{{ toYaml"),
    "lines": (HEAD + "  {{- toYaml .Values.r | nindent 2 }}\n", "text-cant-move", "{{- toYaml"),
    "indent": (HEAD + "  set: {{ toYaml .Values.s | nindent 2 }}\n", "text-cant-move", "set:"),
    "release-made": ("releases:\n- {{ toYaml .Values.r }}\n", "control-flow-around-releases", "- {{"),
    "list-made": ("releases:\n{{ toYaml .Values.r }}\n", "control-flow-around-releases", "{{ toYaml"),
    "if-chart": (
        "releases:\n- name: web\n  {{ if .Values.x }}\n  chart: ./chart\n  {{ else }}\n  chart: ./other\n  {{ end }}\n",
        "control-flow-around-releases",
        "chart: ./chart",
    ),
    "variable": (HEAD + "  version: {{ $v := 1 }}{{ $v }}\n", "control-flow-around-releases", "version:"),
    "comment": ("{{/* all of it */}}\n" + HEAD, "control-flow-around-releases", "{{/*"),
    "alias": (HEAD + "  labels: &l {app: web}\n" + OTHER + "  labels: *l\n", "uses-templates", "*l"),
    "merge": (HEAD + "  <<: {wait: true}\n", "uses-templates", "<<"),
    "twice": (HEAD + "---\nreleases: # 2\n" + OTHER, "repeated-key", "releases: # 2"),
    "chart-made": (HEAD.replace("./chart", "{{ .Values.c }}"), "templated-path", "- name: web"),
    "chart-shadowed": (HEAD.replace("./chart", "charts/custom"), "target-clash", "- name: web"),
}


@pytest.mark.parametrize("name", CANT_MOVE)
def test_what_cannot_be_moved_is_in_the_way_where_it_stands(name: str) -> None:
    helmfile, slug, text = CANT_MOVE[name]
    line = next(number for number, each in enumerate(helmfile.split("\n"), 1) if text in each)
    result = flat(helmfile)
    assert f"{slug} {WEB}:{line}" in result.blocking


def test_what_stays_as_it_is_is_not_in_the_way() -> None:
    fine = "  version: '{{ .Values.v }}' # {{ toYaml .Values }}\n  {{ if .Values.x }}\n  wait: true\n  {{ end }}\n"
    block = "  values:\n  - a: |-\n      x\n  - b: |\n      y\n"
    assert flat(HEAD + fine).blocking == []
    assert flat(HEAD + block + "\n\n" + OTHER.replace("other", "o")).blocking == []


def test_two_repositories_become_one_list_and_keep_every_comment() -> None:
    stable = "repositories: # {who}\n# above {who}\n- name: stable # {who}\n  url: https://charts.example\n"
    own = "- url: https://own.example # own\n  name: own\n"
    files = repository("api", "web")
    files |= application("api", stable.replace("{who}", "api") + RELEASE)
    files |= application(
        "web",
        stable.replace("{who}", "web").replace(
            "name: stable # web\n  url: https://charts.example", "url: https://charts.example # web\n  name: stable"
        )
        + own
        + RELEASE,
    )
    result = planned(files)
    assert result.blocking == []
    assert result.text.count("name: stable") == 1
    assert result.text.index("name: stable") < result.text.index("name: own") < result.text.index("releases:")
    for who in ("api", "web"):
        assert result.text.count(f"# above {who}\n") == 1
        assert result.text.count(f"# {who}\n") == 2


def test_comments_of_the_roots_list_go_with_the_release_that_the_entry_loads() -> None:
    top, bottom = root("api"), root("web").partition("helmfiles:\n")[2]
    text = top + "# about web\n" + bottom + "# - path: applications/gone/helmfile.yaml\n"
    result = planned(repository("api", "web") | {ROOT: text.replace("helmfiles:\n", "helmfiles: # in this order\n# about api\n")})
    before_api, before_web = (result.text.index(f"- name: {name}") for name in ("api", "web"))
    assert result.text.index("# about api") < before_api < result.text.index("# about web") < before_web
    assert result.text.index("# - path: applications/gone") > before_api
    assert "# in this order" in result.text


def test_comments_of_blocks_that_are_dropped_are_kept() -> None:
    dropped = (
        "# why defaults\nhelmDefaults: # head\n  # inside\n  wait: true # now\n  # tail\ncommonLabels: # all\n  team: x # who\n"
    )
    result = flat(dropped + HEAD + VALUES)
    for comment in comments(dropped):
        assert [c.text for c in comments(result.text)].count(comment.text) == 1
    assert API in result.plan.merged


def test_state_values_below_every_environment_move_with_the_environments() -> None:
    text = "values:\n- defaults.yaml # base\n- color: defaults.yaml\n" + root("api")
    result = planned(repository("api") | {ROOT: text, "defaults.yaml": "a: 1\n"})
    assert result.places["defaults.yaml"] == "helmfile/environments/common/defaults.yaml"
    assert "- environments/common/defaults.yaml # base" in result.text
    assert "- color: defaults.yaml" in result.text
    assert result.blocking == []


def test_inline_values_of_an_environment_that_look_like_a_path_stay() -> None:
    inline = "    - environments/prod/values.yaml\n    - logo: environments/prod/values.yaml\n"
    text = root("api").replace("    - environments/prod/values.yaml\n", inline)
    files = repository("api") | {
        "deploy/helmfile.yaml": text.replace("applications", "../applications").replace("- env", "- ../env")
    }
    del files[ROOT]
    result = planned(files, Settings(root=RepoPath("deploy/helmfile.yaml")))
    assert "- environments/prod/values.yaml\n" in result.text
    assert "- logo: environments/prod/values.yaml\n" in result.text
    assert result.blocking == []


def test_comments_of_a_list_of_repositories_that_are_all_known_are_kept() -> None:
    stable = "repositories: # {who}\n# above {who}\n- {{name: stable, url: https://charts.example}}\n# below {who}\n"
    files = {**repository("api", "web"), **application("api", stable.format(who="api") + RELEASE)}
    result = planned({**files, **application("web", stable.format(who="web") + RELEASE)})
    assert result.blocking == []
    assert [result.text.count(f"# {word}web\n") for word in ("", "above ", "below ")] == [1, 1, 1]


@pytest.mark.parametrize("comment", ["    # a-b", "# ab-c"])
def test_an_entry_may_begin_below_its_dash(comment: str) -> None:
    helmfile = f"releases:\n    -\n{comment}\n      name: web\n      chart: ./chart\n"
    helmfile += "    - # x\n      name: other\n      chart: ./chart\n"
    result = flat(helmfile)
    assert set(result.entries) == {"api", "web", "other"}
    assert result.text.count(comment.strip()) == 1
    assert result.blocking == []
