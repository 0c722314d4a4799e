"""What goes wrong on the way: nothing is written, and the message says what to do."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import signal
import subprocess
import tarfile
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import MakeRepo
from tests.end_to_end.small import command, git, migrate, state
from tests.vendoring.remote_platform import one_release
from tests.vendoring.serving import Packer, Server

BRANCH = "feature/BE-384"


def refused(repo: Path, exit_code: int = 3) -> str:
    """What `apply` says, which must leave everything as it was."""
    before = state(repo), git(repo, "count-objects", "-v")
    done = migrate(repo, "apply", "--branch", BRANCH)
    assert done.returncode == exit_code, done.stdout + done.stderr
    assert (state(repo), git(repo, "count-objects", "-v")) == before
    assert not git(repo, "branch", "--list", BRANCH)
    return done.stdout + done.stderr


def test_without_a_network_the_plan_says_what_is_missing(make_repo: MakeRepo) -> None:
    repo = make_repo(one_release("http://127.0.0.1:1"))
    plan = json.loads(migrate(repo, "plan", "--json").stdout)
    (found,) = [finding for finding in plan["findings"] if finding["slug"] == "chart-not-here"]
    assert (found["severity"], found["path"], found["line"]) == ("blocking", "helmfile.yaml", 5)
    assert "up/demo (its server can't be reached)" in found["message"]
    assert "run it again where their origin can be reached" in found["hint"]
    assert "chart-not-here" in refused(repo)


def test_a_server_that_dies_half_way_leaves_everything_as_it_was(make_repo: MakeRepo, served: Server) -> None:
    files = dict(one_release(served.url))
    files["helmfile.yaml"] += "- name: lib\n  namespace: api\n  chart: up/lib\n  version: 0.5.0\n"
    served.fails = lambda path: "lib-" in path
    told = refused(make_repo(files))
    assert any("demo-1.2.3.tgz" in path for path in served.asked)
    assert "up/lib (" in told
    assert "up/demo (" not in told


def test_a_server_that_dies_before_the_proof_makes_it_red(make_repo: MakeRepo, served: Server) -> None:
    served.fails = lambda path: path.endswith(".tgz") and sum(asked.endswith(".tgz") for asked in served.asked) > 1
    told = refused(make_repo(one_release(served.url)), exit_code=4)
    assert "the chart's bytes are not known" in told or "its bytes are not known" in told


def test_bytes_that_the_index_does_not_list_are_refused(make_repo: MakeRepo, served: Server) -> None:
    index = served.folder / "index.yaml"
    digest = hashlib.sha256((served.folder / "demo-1.2.3.tgz").read_bytes()).hexdigest()
    index.write_text(index.read_text().replace(digest, "0" * 64))
    assert "its bytes are not those whose digest the index of its repository lists" in refused(make_repo(one_release(served.url)))


def test_an_index_without_digests_is_no_fault(make_repo: MakeRepo, served: Server) -> None:
    index = served.folder / "index.yaml"
    index.write_text(re.sub(r"\n +digest: .*", "", index.read_text()))
    done = migrate(make_repo(one_release(served.url)), "apply", "--branch", BRANCH)
    assert done.returncode == 0, done.stdout + done.stderr


def test_another_version_than_the_one_asked_for_is_refused(make_repo: MakeRepo, served: Server) -> None:
    (served.folder / "demo-1.2.3.tgz").write_bytes((served.folder / "demo-2.0.0.tgz").read_bytes())
    index = served.folder / "index.yaml"
    index.write_text(re.sub(r"\n +digest: .*", "", index.read_text()))
    assert "its Chart.yaml says version '2.0.0', and '1.2.3' was asked for" in refused(make_repo(one_release(served.url)))


@pytest.mark.parametrize(("name", "link"), [("../../evil", ""), ("demo/templates/evil.yaml", "/etc/passwd")])
def test_an_evil_archive_is_refused(make_repo: MakeRepo, served: Server, name: str, link: str) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, content in (("demo/Chart.yaml", b"apiVersion: v2\nname: demo\nversion: 1.2.3\n"), (name, b"")):
            info = tarfile.TarInfo(path)
            info.size = len(content)
            if link and path == name:
                info.type, info.linkname = tarfile.SYMTYPE, link
            tar.addfile(info, io.BytesIO(content))
    (served.folder / "demo-1.2.3.tgz").write_bytes(buffer.getvalue())
    index = served.folder / "index.yaml"
    index.write_text(re.sub(r"\n +digest: .*", "", index.read_text()))
    told = refused(make_repo(one_release(served.url)))
    assert "its archive: holds" in told
    assert "root:" not in told


def test_a_reviewed_plan_is_stale_once_the_server_gives_other_bytes(
    make_repo: MakeRepo, packer: Packer, served: Server, tmp_path: Path
) -> None:
    repo, plan = make_repo(one_release(served.url)), tmp_path / "plan.json"
    assert migrate(repo, "plan", "--out", str(plan)).returncode == 0
    packer.pack("demo", "1.2.3", files={"values.yaml": "color: green\n"})
    done = migrate(repo, "apply", "--branch", BRANCH, "--plan", str(plan))
    assert (done.returncode, "[stale-plan]" in done.stderr) == (5, True), done.stderr
    assert not git(repo, "branch", "--list", BRANCH)


def test_a_full_disk_is_told(make_repo: MakeRepo, packer: Packer, served: Server) -> None:
    packer.pack("demo", "1.2.3", files={"files/noise.txt": os.urandom(2_000_000).hex()})
    repo = make_repo(one_release(served.url))
    before = state(repo)
    limited = ["bash", "-c", 'ulimit -f 1000; exec "$@"', "_", *command(repo, "apply", "--branch", BRANCH)]
    done = subprocess.run(limited, check=False, capture_output=True, text=True)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "there is no space left for it on this machine" in done.stdout + done.stderr
    assert state(repo) == before
    assert not git(repo, "branch", "--list", BRANCH)


def test_killed_while_it_pulls_nothing_is_written_and_the_next_run_works(make_repo: MakeRepo, served: Server) -> None:
    repo, reached, go_on = make_repo(one_release(served.url)), threading.Event(), threading.Event()

    def slowly(path: str) -> bool:
        if path.endswith(".tgz"):
            reached.set()
            go_on.wait(60)
        return False

    before = state(repo), git(repo, "count-objects", "-v")
    served.fails = slowly
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command(repo, "apply", "--branch", BRANCH), stdout=quiet, stderr=quiet) as run:
        assert reached.wait(120)
        time.sleep(0.1)
        run.send_signal(signal.SIGKILL)
    go_on.set()
    assert (state(repo), git(repo, "count-objects", "-v")) == before
    assert migrate(repo, "apply", "--branch", BRANCH).returncode == 0


def test_a_repository_with_a_login_is_not_asked(make_repo: MakeRepo, served: Server) -> None:
    files = dict(one_release(served.url))
    files["helmfile.yaml"] = files["helmfile.yaml"].replace("releases:", "  username: me\n  password: hidden-word\nreleases:", 1)
    told = refused(make_repo(files))
    assert "its repository has `username:`" in told
    assert "hidden-word" not in told


def test_a_range_of_a_registry_without_tls_says_what_to_write(
    make_repo: MakeRepo, packer: Packer, served: Server, oci: str
) -> None:
    """helm 3.15.3 asks for the list of tags by https, also of this machine; so does a deployment."""
    assert served.url
    packer.run("push", "--plain-http", str(packer.folder / "demo-1.2.3.tgz"), f"oci://{oci}/charts")
    release = f"releases:\n- name: api\n  namespace: api\n  chart: oci://{oci}/charts/demo\n  version: ~1.2\n"
    told = refused(make_repo({"helmfile.yaml": release}))
    assert "plain http, and helm asks by https for the tags that a range needs: write an exact version" in told
