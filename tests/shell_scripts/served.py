"""A chart repository on loopback, with ways to fail."""

from __future__ import annotations

import functools
import hashlib
import http.server
import io
import subprocess
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

COMMON = "apiVersion: v2\nname: common\nversion: 2.0.0\nappVersion: 2\n"
FILLING = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(1_250))  # gzip can't make it smaller


def chart_files(version: str) -> Mapping[str, str | bytes]:
    """The chart `redis`, with a chart in it that came from a repository."""
    return {
        "redis/Chart.yaml": f'apiVersion: v2\nname: redis\nversion: {version}\nappVersion: "7.0"  # quoted\ndependencies:\n'
        '- name: common\n  version: 2.x.x\n  repository: "https://charts.example.com/common/"\n',
        "redis/values.yaml": f"tag: {version}\n",
        "redis/templates/config.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: redis\n",
        "redis/files/start.sh": "#!/bin/sh\n",
        "redis/files/filling.bin": FILLING,
        "redis/files/읽어 보기.txt": "a name that is not of ASCII\n",
        "redis/charts/common/Chart.yaml": COMMON,
        "redis/charts/common/templates/_names.tpl": f"{{{{/* {version} */}}}}\n",
    }


def archive(files: Mapping[str, str | bytes], *, links: Mapping[str, str] | None = None) -> bytes:
    """A packed chart; `links` are symbolic ones, name to target."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o755 if name.endswith(".sh") else 0o644
            tar.addfile(member, io.BytesIO(data))
        for name, target in (links or {}).items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            tar.addfile(link)
    return packed.getvalue()


@dataclass(slots=True)
class ChartRepository:
    """`url` is where it is served. Archives in `torn` break off half way."""

    folder: Path
    url: str
    helm: Path
    torn: set[str] = field(default_factory=set)

    def put(self, name: str, packed: bytes) -> None:
        """Publish an archive under a name."""
        (self.folder / name).write_bytes(packed)
        subprocess.run([self.helm, "repo", "index", self.folder], check=True, capture_output=True)


@contextmanager
def serve(folder: Path, helm: Path) -> Iterator[ChartRepository]:
    """The repository, while it is served."""
    repository = ChartRepository(folder, "", helm)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            if name in repository.torn:
                whole = (folder / name).read_bytes()
                self.send_response(200)
                self.send_header("Content-Length", str(len(whole)))
                self.end_headers()
                self.wfile.write(whole[: len(whole) // 2])
                self.close_connection = True
            else:
                super().do_GET()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    repository.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield repository
    finally:
        server.shutdown()
        server.server_close()
