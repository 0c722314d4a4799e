"""package-offline.sh: the same commit gives the same bytes, and nothing that differs passes for it."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.shell_scripts.migrated import Migrated, git
from tests.small_disk import run_on_small_disk

PACK = "package-offline.sh"


def members(package: Path) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(package) as tar:
        return {member.name.partition("/")[2]: member for member in tar.getmembers()}


def content(package: Path, name: str) -> bytes:
    with tarfile.open(package) as tar:
        file = tar.extractfile(members(package)[name].name)
        assert file is not None
        return file.read()


def repacked(package: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The package with other files in it."""
    with tarfile.open(package) as tar:
        files = {m.name: file.read() for m in tar.getmembers() if (file := tar.extractfile(m)) is not None}
    change(files)
    target = package.with_name("changed.tar.gz")
    with tarfile.open(target, "w:gz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return target


@pytest.fixture
def package(repo: Migrated, tmp_path: Path) -> Path:
    done = repo.run(PACK, "-o", str(tmp_path / "a package.tar.gz"))
    assert done.returncode == 0, done.stderr
    return tmp_path / "a package.tar.gz"


def test_the_same_commit_gives_the_same_bytes_everywhere(repo: Migrated, package: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(repo.top), "clone")
    other = Migrated(tmp_path / "clone", repo.programs, repo.system)
    for file in other.top.rglob("*.yaml"):
        os.utime(file, (1, 1))
    mask = os.umask(0o077)
    try:
        done = other.run(
            PACK, "-o", str(tmp_path / "b"), cwd=Path("/"), TZ="Asia/Seoul", LC_ALL="C.UTF-8", TAR_OPTIONS="--mode=777"
        )
    finally:
        os.umask(mask)
    assert done.returncode == 0, done.stderr
    assert hashlib.sha256(package.read_bytes()).hexdigest() in done.stdout
    assert (tmp_path / "b").read_bytes() == package.read_bytes()


def test_another_commit_gives_other_bytes(repo: Migrated, package: Path, tmp_path: Path) -> None:
    repo.write("helmfile/environments/prod/values.yaml", "color: black\n")
    repo.commit()
    assert repo.run(PACK, "-o", str(tmp_path / "b")).returncode == 0
    assert (tmp_path / "b").read_bytes() != package.read_bytes()
    first = repo.run(PACK, "-o", str(tmp_path / "c"), "--commit", "HEAD~1")
    assert first.returncode == 0
    assert (tmp_path / "c").read_bytes() == package.read_bytes()


def test_it_holds_the_bytes_of_git_whatever_a_checkout_does_to_them(repo: Migrated, tmp_path: Path) -> None:
    repo.write(".gitattributes", "* text eol=crlf\nhelmfile/values/** export-ignore\n")
    repo.write("helmfile/values/한글 이름.yaml", "a: 1\n")
    (repo.top / "helmfile/values/link.yaml").symlink_to("한글 이름.yaml")
    repo.commit()
    assert repo.run(PACK, "-o", str(tmp_path / "b")).returncode == 0
    tracked = git(repo.top, "-c", "core.quotePath=false", "ls-files", "helmfile", "scripts").split("\n")[:-1]
    found = members(tmp_path / "b")
    own = {name for name, member in found.items() if not member.isdir()} - {"SHA256SUMS", "SYMLINKS", "PACKAGE"}
    assert own == set(tracked)
    assert content(tmp_path / "b", "helmfile/values/한글 이름.yaml") == b"a: 1\n"
    assert found["helmfile/values/link.yaml"].linkname == "한글 이름.yaml"
    assert {member.mode for member in found.values() if not member.issym()} == {0o755, 0o644}
    assert found["scripts/validate.sh"].mode == 0o755
    assert repo.run(PACK, "--verify", str(tmp_path / "b")).returncode == 0


def test_edits_that_no_commit_holds_are_refused(repo: Migrated, tmp_path: Path) -> None:
    repo.write("helmfile/values/new.yaml", "a: 1\n")
    done = repo.run(PACK, "-o", str(tmp_path / "b"))
    assert (done.returncode, "helmfile/values/new.yaml" in done.stdout) == (1, True)
    assert not (tmp_path / "b").exists()
    assert repo.run(PACK, "-o", str(tmp_path / "b"), "--commit", "HEAD").returncode == 0
    assert "helmfile/values/new.yaml" not in members(tmp_path / "b")


def test_blobs_of_other_folders_may_be_missing(repo: Migrated, package: Path, tmp_path: Path) -> None:
    blob = git(repo.top, "rev-parse", "HEAD:README.md").strip()
    (repo.top / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert repo.run(PACK, "-o", str(tmp_path / "b")).returncode == 0
    assert (tmp_path / "b").read_bytes() == package.read_bytes()


def test_a_missing_blob_of_its_own_leaves_no_package(repo: Migrated, tmp_path: Path) -> None:
    blob = git(repo.top, "rev-parse", "HEAD:helmfile/values/web.yaml.gotmpl").strip()
    (repo.top / ".git/objects" / blob[:2] / blob[2:]).unlink()
    done = repo.run(PACK, "-o", str(tmp_path / "b"))
    assert (done.returncode, "web.yaml.gotmpl" in done.stderr) == (1, True)
    assert list(tmp_path.glob("b*")) == []


def test_what_git_does_not_hold_itself_is_refused(repo: Migrated, tmp_path: Path) -> None:
    repo.write("helmfile/values/large.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    repo.commit()
    done = repo.run(PACK, "-o", str(tmp_path / "b"))
    assert (done.returncode, "git LFS" in done.stderr) == (1, True)
    git(repo.top, "rm", "-q", "helmfile/values/large.bin")
    git(repo.top, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},helmfile/module")
    git(repo.top, "commit", "-q", "-m", "Submodule")
    done = repo.run(PACK, "-o", str(tmp_path / "b"), "--commit", "HEAD")
    assert (done.returncode, "helmfile/module is a commit" in done.stderr) == (1, True)


def test_a_package_is_restored_and_rendered_with_its_own_tools(repo: Migrated, tmp_path: Path) -> None:
    (tmp_path / "images").write_text("docker.io/library/nginx:1\n")
    (tmp_path / "tools").mkdir()
    for name in ("helmfile", "helm"):  # the real ones take gzip a minute
        tool = tmp_path / "tools" / name
        tool.write_text(f'#!/bin/sh\nexec "{repo.programs}/{name}" "$@"\n')
        tool.chmod(0o755)
    additions = ["--tools", str(tmp_path / "tools"), "--images", str(tmp_path / "images")]
    assert repo.run(PACK, "-o", str(tmp_path / "b"), *additions).returncode == 0
    assert {"tools/helm", "tools/helmfile", "images.txt"} <= members(tmp_path / "b").keys()
    alone = str(repo.system)
    done = repo.run(PACK, "--verify", str(tmp_path / "b"), "--env", "dev", PATH=alone)
    assert (done.returncode, done.stderr) == (0, "")
    assert "environment dev is rendered from the package: 1 objects" in done.stdout
    assert repo.run(PACK, "--verify", str(tmp_path / "b"), "--env", "nowhere", PATH=alone).returncode == 1


def test_without_helm_it_says_that_nothing_was_rendered(repo: Migrated, package: Path) -> None:
    done = repo.run(PACK, "--verify", str(package), PATH=str(repo.system))
    assert done.returncode == 0
    assert "Not rendered" in done.stdout


def flip(files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.endswith("helmfile/helmfile.yaml"))
    files[name] = files[name].replace(b"web", b"wab", 1)


def surplus(files: dict[str, bytes]) -> None:
    files[f"{next(iter(files)).partition('/')[0]}/helmfile/more.yaml"] = b""


def missing(files: dict[str, bytes]) -> None:
    files.pop(next(name for name in files if name.endswith("values.yaml")))


def climbing(files: dict[str, bytes]) -> None:
    files[f"{next(iter(files)).partition('/')[0]}/../../climbed"] = b"x"


@pytest.mark.parametrize(
    ("change", "said"),
    [(flip, "helmfile/helmfile.yaml"), (surplus, "more.yaml"), (missing, "values.yaml"), (climbing, "leave its folder")],
)
def test_a_package_that_was_changed_is_red(
    repo: Migrated, package: Path, change: Callable[[dict[str, bytes]], None], said: str
) -> None:
    changed = repacked(package, change)
    done = repo.run(PACK, "--verify", str(changed))
    assert done.returncode == 1
    assert said in done.stdout + done.stderr


def test_a_torn_package_is_red(repo: Migrated, package: Path) -> None:
    package.write_bytes(package.read_bytes()[:-200])
    assert repo.run(PACK, "--verify", str(package)).returncode == 1


def test_a_full_disk_leaves_no_package(repo: Migrated, tmp_path: Path) -> None:
    repo.write("helmfile/large.bin", os.urandom(30_000))
    repo.commit()
    command = ["bash", "-c", 'ulimit -f 32; exec "$0" "$@"', str(repo.top / "scripts" / PACK), "-o", str(tmp_path / "b")]
    done = subprocess.run(command, env=repo.environment(), check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert list(tmp_path.glob("b*")) == []


def test_on_a_disk_that_fills_up_no_package_is_left(repo: Migrated) -> None:
    repo.write("helmfile/large.bin", os.urandom(60_000))
    repo.commit()
    done = run_on_small_disk(repo.top, 150, [f"scripts/{PACK}", "-o", "out.tgz"], repo.environment())
    assert (done.returncode, list(repo.top.glob("out*"))) == (1, [])
    assert "make room there and run this again" in done.stderr


def test_without_gnu_tar_it_says_what_to_install(repo: Migrated, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/tar").write_text("#!/bin/sh\necho bsdtar 3.5.3\n")
    (tmp_path / "other/tar").chmod(0o755)
    done = repo.run(PACK, PATH=f"{tmp_path}/other:{repo.environment()['PATH']}")
    assert (done.returncode, "brew install gnu-tar" in done.stderr) == (2, True)
