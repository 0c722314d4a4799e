"""validate.sh with the real helmfile and helm."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shell_scripts.migrated import STATE, WEB, Migrated, git

VALIDATE = "validate.sh"
PROD = "helmfile/environments/prod/values.yaml"
REMOTE = STATE.replace("./charts/custom/web", "stable/web")
BARE = "- name: {name}\n  chart: ./charts/custom/web\n  values:\n  - color: red\n"


def lines(text: str, kind: str) -> list[str]:
    """What was found of a kind, without the summary."""
    return [line.split(maxsplit=1)[1] for line in text.partition("\nSummary")[0].splitlines() if line.startswith(kind)]


def test_a_sound_environment_passes_and_nothing_is_written(repo: Migrated) -> None:
    done = repo.run(VALIDATE, "prod", cwd=Path("/"))
    assert (done.returncode, done.stderr) == (0, "")
    assert lines(done.stdout, "pass") == [
        "YAML of 1 values files",
        "charts against helmfile/charts/external/versions.lock",
        "prod: loads: 1 releases",
        "prod: charts are local",
        "prod: needs",
        "prod: template: 1 objects",
        "prod: lint of web",
    ]
    assert lines(done.stdout, "skipped") == ["yamllint: not installed", "prod: kubeconform: not installed"]
    assert done.stdout.endswith("7 passed, 0 failed, 0 warnings, 2 skipped\n")
    assert git(repo.top, "status", "--porcelain", "--ignored") == ""


def test_all_environments_are_found_and_one_that_fails_fails_all(repo: Migrated) -> None:
    assert repo.run(VALIDATE, "--list").stdout == "prod\ndev\n"
    assert repo.run(VALIDATE, "--all").returncode == 0
    repo.write("helmfile/helmfile.yaml", STATE.replace("color: green", "colour: green"))
    done = repo.run(VALIDATE, "--all")
    assert done.returncode == 1
    assert lines(done.stdout, "FAIL") == ["dev: template"]
    assert "prod: template: 1 objects" in done.stdout
    assert 'no entry for key "color"' in done.stdout


@pytest.mark.parametrize(
    ("path", "text", "failed"),
    [
        (
            PROD,
            "color: [\n",
            f"YAML of {PROD}: helm reads no values from it",
        ),
        ("helmfile/values/list.yaml", "- a\n", "YAML of helmfile/values/list.yaml: helm reads no values from it"),
        ("helmfile/charts/external/x/Chart.yaml", "name: x\n", "charts against helmfile/charts/external/versions.lock"),
        (
            "helmfile/helmfile.yaml",
            REMOTE,
            "prod: charts are not local: web (stable/web)",
        ),
        ("helmfile/helmfile.yaml", STATE + "  needs: [web/no]\n", "prod: needs"),
        ("helmfile/helmfile.yaml", STATE + "  needs: [b]\n" + BARE.format(name="b") + "  needs: [web/web]\n", "prod: needs"),
        ("helmfile/helmfile.yaml", STATE + "  what: 1\n", "prod: loads: known environments: prod dev"),
        ("helmfile/values/web.yaml.gotmpl", "color: {{ .Values.none }}\n", "prod: template"),
        (f"{WEB}/templates/config.yaml", "{{/* nothing */}}\n", "prod: template: nothing is rendered"),
    ],
)
def test_what_is_broken_fails(repo: Migrated, path: str, text: str, failed: str) -> None:
    repo.write(path, text)
    done = repo.run(VALIDATE, "prod")
    assert done.returncode == 1
    assert failed in [line.strip() for line in lines(done.stdout, "FAIL")]


def test_a_cycle_is_told_as_one_of_needs(repo: Migrated) -> None:
    more = "".join(f"{BARE.format(name=name)}  needs: [{other}]\n" for name, other in (("a", "b"), ("b", "a")))
    repo.write("helmfile/helmfile.yaml", STATE + more)
    done = repo.run(VALIDATE, "prod")
    assert "prod: needs" in lines(done.stdout, "FAIL")
    assert "cycle" in done.stdout


def test_lint_warns_unless_it_is_strict(repo: Migrated) -> None:
    repo.write(f"{WEB}/templates/more", "x: 1\n")
    done = repo.run(VALIDATE, "prod")
    assert (done.returncode, lines(done.stdout, "warn")) == (0, ["prod: lint of web: ./charts/custom/web"])
    assert "[ERROR] templates/more: file extension" in done.stdout
    strict = repo.run(VALIDATE, "prod", "--strict")
    assert (strict.returncode, lines(strict.stdout, "FAIL")) == (1, ["prod: lint of web: ./charts/custom/web"])


def test_lint_of_a_chart_from_elsewhere_never_fails(stocked: Migrated) -> None:
    text = STATE.replace("./charts/custom/web", "./charts/external/redis")
    stocked.write("helmfile/charts/external/redis/templates/more", "x: 1\n")
    stocked.write("helmfile/helmfile.yaml", text)
    done = stocked.run(VALIDATE, "prod", "--strict")
    assert lines(done.stdout, "warn") == ["prod: lint of web: upstream's chart ./charts/external/redis"]
    assert lines(done.stdout, "FAIL") == ["charts against helmfile/charts/external/versions.lock"]


@pytest.mark.parametrize(("code", "kubeconform", "yamllint"), [(0, "pass", "pass"), (1, "FAIL", "warn")])
def test_kubeconform_and_yamllint_judge_where_they_are(
    repo: Migrated, tmp_path: Path, code: int, kubeconform: str, yamllint: str
) -> None:
    folder = tmp_path / "linters"
    folder.mkdir()
    for name in ("kubeconform", "yamllint"):
        (folder / name).write_text(f'#!/bin/sh\nprintf "%s\\n" "{name} $*"\nexit {code}\n')
        (folder / name).chmod(0o755)
    path = f"{folder}:{repo.environment()['PATH']}"
    done = repo.run(VALIDATE, "prod", PATH=path, KUBECONFORM_OPTIONS="-schema-location /schemas")
    assert done.returncode == code
    assert any("kubeconform" in line for line in lines(done.stdout, kubeconform))
    assert any("yamllint" in line for line in lines(done.stdout, yamllint))
    if code:
        assert "-schema-location /schemas" in done.stdout


def test_another_script_named_sync_charts_is_not_run(repo: Migrated) -> None:
    repo.write("scripts/sync-charts.sh", '#!/bin/sh\ntouch "$(dirname "$0")/was-run"\n', 0o755)
    done = repo.run(VALIDATE, "prod")
    assert any("versions.lock" in line for line in lines(done.stdout, "skipped"))
    assert not (repo.top / "scripts/was-run").exists()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("environments:\n  a:\n    values:\n      - b: {}\n  'c': {}\n  # d:\n  e-f.g:\n---\nreleases: []\n", "a\nc\ne-f.g\n"),
        ("environments:\n    a: # why\n        values: []\n    b:\nreleases: []\nother:\n  x: 1\n", "a\nb\n"),
        ("releases: []\n---\nenvironments:\n  a: {}\n", ""),
        ("environments: {a: {}}\n", None),
        ("environments:\n  <<: *all\n", None),
    ],
)
def test_environments_are_read_from_plain_yaml_or_not_at_all(repo: Migrated, text: str, names: str | None) -> None:
    repo.write("helmfile/helmfile.yaml", text)
    done = repo.run(VALIDATE, "--list")
    assert (done.returncode == 0) == (names is not None)
    if names is not None:
        assert done.stdout == names


@pytest.mark.parametrize("arguments", [[], ["--what"]])
def test_wrong_use_is_told(repo: Migrated, arguments: list[str]) -> None:
    assert repo.run(VALIDATE, *arguments).returncode == 2
    assert repo.run(VALIDATE, "--help").returncode == 0
