"""Which tools are found, in which order, and which pair is taken."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate.errors import ToolMissing, WrongChecksum
from migrate.system.toolbox import Origin, ToolOptions, ToolPair, cache_folder, find
from migrate.system.toolbox.cache import Manifest, sha256_of, tool_folder
from tests.conftest import MakeRepo
from tests.system.toolbox_fakes import write_script


def put_into_cache(cache: Path, name: str, version: str) -> Path:
    """A cached tool as the installer leaves it."""
    folder = tool_folder(cache, name, version)
    path = write_script(folder / name, version)
    Manifest(name, version, sha256_of(path), "made for a test", "go1.26").write(folder)
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache with helmfile 0.160 and 1.7, and helm 3.14, 3.22 and 4.3 (no versions that this program pins)."""
    folder = tmp_path / "cache"
    for name, versions in {"helmfile": ("0.160.1", "1.7.1"), "helm": ("3.9.9", "3.14.1", "4.3.2")}.items():
        for version in versions:
            put_into_cache(folder, name, version)
    return folder


def on_path(folder: Path, **versions: str) -> str:
    """A folder for PATH with these tools."""
    for name, version in versions.items():
        write_script(folder / name, version)
    return str(folder)


def test_the_real_default_tools_are_a_pair(tools: ToolPair) -> None:
    assert tools.helmfile.version.startswith("0.1")
    assert tools.helm.version.startswith("3.")
    assert tools.helm.sha256 == sha256_of(tools.helm.path)


def test_the_modern_pair_has_helmfile_1_and_the_helm_of_the_legacy_side(tools: ToolPair, modern_tools: ToolPair) -> None:
    assert modern_tools.helmfile.version.startswith("1.")
    assert modern_tools.helm == tools.helm


def test_the_cache_gives_the_oldest_helm_3_to_both_sides(cache: Path) -> None:
    box = find(ToolOptions(search_path="", cache=cache))
    legacy, modern = box.pair(), box.pair(modern=True)
    assert (legacy.helmfile.version, legacy.helm.version) == ("0.160.1", "3.9.9")
    assert (modern.helmfile.version, modern.helm) == ("1.7.1", legacy.helm)
    assert [helm.version for helm in box.helms()] == ["3.9.9", "3.14.1", "4.3.2"]
    assert legacy.kustomize is None


def test_helmfile_1_alone_is_that_of_the_modern_pair_or_none(cache: Path, tmp_path: Path) -> None:
    box = find(ToolOptions(search_path="", cache=cache))
    assert box.modern() == box.pair(modern=True).helmfile
    assert find(ToolOptions(search_path="", cache=tmp_path / "empty")).modern() is None


def test_a_helm_is_taken_by_version_if_it_is_asked_for(cache: Path) -> None:
    box = find(ToolOptions(search_path="", cache=cache))
    assert box.pair(helm="3.14.1").helm.version == "3.14.1"
    assert box.pair(modern=True, helm="4.3.2").helm.version == "4.3.2"
    with pytest.raises(ToolMissing, match=r"3\.9\.9, 3\.1\.4 is asked for"):
        box.pair(helm="3.1.4")


def test_path_goes_before_the_cache(cache: Path, tmp_path: Path) -> None:
    search_path = on_path(tmp_path / "bin", helm="3.12.0", kustomize="5.0.0")
    pair = find(ToolOptions(search_path=search_path, cache=cache)).pair()
    assert (pair.helm.version, pair.helm.origin) == ("3.12.0", Origin.PATH)
    assert (pair.helmfile.version, pair.helmfile.origin) == ("0.160.1", Origin.CACHE)
    assert pair.kustomize is not None
    assert pair.kustomize.version == "5.0.0"


def test_an_option_goes_before_path(cache: Path, tmp_path: Path) -> None:
    search_path = on_path(tmp_path / "bin", helm="3.12.0")
    named = write_script(tmp_path / "my helm", "3.13.0")
    pair = find(ToolOptions(helm=named, search_path=search_path, cache=cache)).pair()
    assert (pair.helm.version, pair.helm.origin, pair.helm.path) == ("3.13.0", Origin.OPTION, named)


def test_helm_4_on_path_is_passed_over_for_helm_3_in_the_cache(cache: Path, tmp_path: Path) -> None:
    box = find(ToolOptions(search_path=on_path(tmp_path / "bin", helm="4.1.0"), cache=cache))
    assert box.pair().helm.version == "3.9.9"
    assert box.pair(modern=True).helm.version == "3.9.9"


def test_helm_4_with_helmfile_0_16_is_refused_if_it_was_named(cache: Path, tmp_path: Path) -> None:
    box = find(ToolOptions(helm=write_script(tmp_path / "helm", "4.1.0"), search_path="", cache=cache))
    with pytest.raises(ToolMissing, match=r"helmfile 0\.160\.1 can't work with helm 4\.1\.0"):
        box.pair()
    assert box.pair(modern=True).helm.version == "4.1.0"


def test_a_named_helmfile_1_serves_the_new_side_only(cache: Path, tmp_path: Path) -> None:
    named = write_script(tmp_path / "helmfile", "1.2.3")
    box = find(ToolOptions(helmfile=named, search_path="", cache=cache))
    assert box.pair(modern=True).helmfile.path == named
    assert box.pair().helmfile.version == "0.160.1"
    alone = find(ToolOptions(helmfile=named, search_path="", cache=tmp_path / "empty"))
    with pytest.raises(ToolMissing, match=r"is 1\.2\.3, 0\.16x is needed here"):
        alone.pair()


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("0.149.0", "too old, helmfile 0.150.0 or newer"),
        ("0.0.0", "full version"),
        ("devel", "full version"),
        ("1.7", "full version"),
    ],
)
def test_a_named_helmfile_that_is_unfit_is_an_error_and_never_passed_over(
    cache: Path, tmp_path: Path, version: str, reason: str
) -> None:
    named = write_script(tmp_path / "helmfile", version)
    with pytest.raises(ToolMissing, match=reason) as caught:
        find(ToolOptions(helmfile=named, search_path="", cache=cache)).pair()
    assert caught.value.path == str(named)
    assert caught.value.exit_code == 7


def test_helm_2_is_too_old_even_if_it_fails_for_want_of_a_cluster(cache: Path, tmp_path: Path) -> None:
    helm = write_script(tmp_path / "helm", "2.17.0")
    helm.write_text("#!/bin/sh\necho 'Client: v2.17.0+ga690bad'\nexit 1\n", encoding="utf-8")
    with pytest.raises(ToolMissing, match=r"too old, helm 3\.0\.0"):
        find(ToolOptions(helm=helm, search_path="", cache=cache)).pair()


def test_a_named_tool_that_is_missing_or_no_program_is_an_error(cache: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("no program", encoding="utf-8")
    for path, reason in ((tmp_path / "nowhere", "no such file"), (plain, "not an executable file")):
        with pytest.raises(ToolMissing, match=reason):
            find(ToolOptions(helm=path, search_path="", cache=cache)).pair()


def test_a_tool_for_another_system_is_no_release_that_runs_here(cache: Path, tmp_path: Path) -> None:
    foreign = write_script(tmp_path / "helm", "3.15.3")
    foreign.write_bytes(b"\xcf\xfa\xed\xfe" + bytes(64))
    with pytest.raises(ToolMissing, match="does not run here"):
        find(ToolOptions(helm=foreign, search_path="", cache=cache)).pair()


def test_the_users_helm_variables_do_not_reach_the_question_for_the_version(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELM_PLUGINS", "/plugins")
    monkeypatch.setenv("HELMFILE_FILE_PATH", "/helmfile")
    helm = write_script(tmp_path / "helm", "3.15.3", also='test -z "$HELM_PLUGINS$HELMFILE_FILE_PATH" || exit 1')
    assert find(ToolOptions(helm=helm, search_path="", cache=cache)).pair().helm.version == "3.15.3"


def test_tools_of_the_repository_are_listed_and_not_run_unless_the_user_agrees(
    cache: Path, make_repo: MakeRepo, tmp_path: Path
) -> None:
    repository = make_repo({"helmfile.yaml": ""})
    trace = tmp_path / "was-run"
    brought = write_script(repository / "tools" / "linux" / "helm", "3.11.0", also=f"touch '{trace}'")
    options = ToolOptions(repository=repository, search_path=str(brought.parent), cache=cache)
    box = find(options)
    assert [(each.path, each.version, "not run" in each.unfit) for each in box.candidates("helm")][:2] == [
        (brought, "", True)
    ] * 2
    assert box.pair().helm.origin is Origin.CACHE
    assert not trace.exists()

    agreed = find(ToolOptions(repository=repository, use_repository_tools=True, search_path="", cache=cache)).pair()
    assert (agreed.helm.path, agreed.helm.version, agreed.helm.origin) == (brought, "3.11.0", Origin.REPOSITORY)
    assert trace.exists()


def test_a_link_on_path_into_the_repository_counts_as_the_repositorys(cache: Path, make_repo: MakeRepo, tmp_path: Path) -> None:
    repository = make_repo({"helmfile.yaml": ""})
    brought = write_script(repository / "vendor" / "helm", "3.11.0")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "helm").symlink_to(brought)
    box = find(ToolOptions(repository=repository, search_path=str(tmp_path / "bin"), cache=cache))
    assert box.candidates("helm")[0].origin is Origin.REPOSITORY
    assert box.pair().helm.origin is Origin.CACHE


def test_relative_entries_of_path_are_left_out(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_script(tmp_path / "here" / "helm", "3.11.0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join(["here", "", "."]))
    assert {candidate.origin for candidate in find(ToolOptions(cache=cache)).candidates("helm")} == {Origin.CACHE}


def test_a_cached_tool_whose_bytes_changed_is_refused_with_both_digests(cache: Path) -> None:
    path = tool_folder(cache, "helm", "3.9.9") / "helm"
    before = sha256_of(path)
    path.write_bytes(path.read_bytes() + b"#")
    with pytest.raises(WrongChecksum, match=f"{sha256_of(path)}, expected {before}") as caught:
        find(ToolOptions(search_path="", cache=cache)).pair()
    assert caught.value.hint == "run: migrate tools install --set current"


def test_a_pinned_cached_tool_is_refused_even_if_its_manifest_agrees(tmp_path: Path) -> None:
    put_into_cache(tmp_path, "helmfile", "0.166.0")
    with pytest.raises(WrongChecksum, match="expected 82e25b7c902571fb3198a6d6a5df7c5ec6104c59f0c0cc2a14f7c5b83fd493cf"):
        find(ToolOptions(search_path="", cache=tmp_path)).pair()


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2}', '{"schema": 1, "name": "helm"}'])
def test_a_cached_tool_without_a_readable_manifest_is_refused(cache: Path, text: str) -> None:
    (tool_folder(cache, "helm", "3.9.9") / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ToolMissing, match=r"cached helm 3\.9\.9 is incomplete"):
        find(ToolOptions(search_path="", cache=cache)).pair()


def test_nothing_found_is_an_error_that_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="no helmfile that can be used") as caught:
        find(ToolOptions(search_path="", cache=tmp_path)).pair()
    assert "helmfile" in caught.value.hint


def test_the_cache_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MIGRATE_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    monkeypatch.delenv("MIGRATE_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "migrate"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == Path.home() / ".cache" / "migrate"
    monkeypatch.setattr("sys.platform", "darwin")
    assert cache_folder() == Path.home() / "Library" / "Caches" / "migrate"
