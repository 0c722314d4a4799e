"""What a stranger gets: a wheel with all its data, and lock files that fix every byte and name no package index."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")


def lock(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pinned(name: str) -> dict[str, str]:
    """Package -> version of a lock file."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock(name), flags=re.MULTILINE))


def required(*extras: str) -> set[str]:
    """The packages that pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(each for extra in extras for each in project["optional-dependencies"][extra])]
    return {re.split(r"[<>=;~! ]", each)[0].lower().replace(".", "-") for each in wanted}


def test_the_wheel_holds_every_data_file_of_the_package(tmp_path: Path) -> None:
    for name in ("migrate", "pyproject.toml", "README.md"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, tmp_path)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path / "out")]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(tmp_path)], check=True, capture_output=True)
    (wheel,) = (tmp_path / "out").glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    data = {str(path.relative_to(tmp_path)) for path in (tmp_path / "migrate").rglob("*") if path.is_file()}
    assert any(not name.endswith(".py") for name in data)
    assert data <= packed, data - packed


@pytest.mark.parametrize("name", LOCKS)
def test_every_pinned_package_has_a_hash(name: str) -> None:
    entries = re.split(r"^(?=[a-z0-9])", lock(name), flags=re.MULTILINE)[1:]
    assert len(entries) == len(pinned(name)) > 10
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_index_and_no_folder(name: str) -> None:
    assert re.findall(r"://|^--|find-links|^\s*[-.\w]*/", lock(name), flags=re.MULTILINE) == []


def test_the_lock_files_hold_what_the_project_asks_for() -> None:
    assert required("build") <= pinned("requirements.lock").keys()
    assert required("build", "dev") <= pinned("requirements-dev.lock").keys()


def test_the_two_lock_files_agree() -> None:
    assert pinned("requirements.lock").items() <= pinned("requirements-dev.lock").items()
