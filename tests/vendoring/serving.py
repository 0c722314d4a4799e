"""Chart repositories and a registry on this machine's own address, with real charts made by the real helm."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from threading import Thread

CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
data:
  color: {{ .Values.color }}
"""


@dataclass(slots=True)
class Server:
    """A chart repository. `asked` are the paths of all requests; one for which `fails` says so is answered with 500."""

    folder: Path
    url: str = ""
    asked: list[str] = field(default_factory=list)
    fails: Callable[[str], bool] = lambda _: False


@contextmanager
def chart_repository(folder: Path) -> Iterator[Server]:
    """Serves a folder on 127.0.0.1."""
    server = Server(folder)

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            if server.fails(self.path):
                self.send_error(500)
            else:
                super().do_GET()

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 -- the name in the standard library
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as http:
        server.url = f"http://127.0.0.1:{http.server_port}"
        thread = Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield server
        http.shutdown()
        thread.join()


@contextmanager
def registry(program: str, folder: Path) -> Iterator[str]:
    """A real registry on 127.0.0.1 (Debian's docker-registry); its address without a scheme."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    config = folder / "config.yml"
    config.write_text(f"version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {folder}/blobs\nhttp:\n  addr: {address}\n")
    with subprocess.Popen([program, "serve", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(f"http://{address}/v2/")
            yield address
        finally:
            process.terminate()


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 -- an address that this file made
        except urllib.error.URLError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing answers at {url}")


@dataclass(frozen=True, slots=True)
class Packer:
    """Makes packed charts. `folder` holds the archives, `homes` are helm's own folders."""

    helm: Path
    folder: Path
    homes: Path

    def run(self, *arguments: str) -> str:
        """Run helm without the user's settings."""
        names = ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HOME")
        environment = {name: str(self.homes / name.lower()) for name in names}
        done = subprocess.run([str(self.helm), *arguments], check=True, capture_output=True, text=True, env=environment)
        return done.stdout

    def pack(self, name: str, *versions: str, dependencies: str = "", files: Mapping[str, str] | None = None) -> None:
        """Pack a chart with a config map in some versions; the index is made anew."""
        source = self.homes / "sources" / name
        (source / "templates").mkdir(parents=True, exist_ok=True)
        (source / "templates" / "config.yaml").write_text(CONFIG_MAP)
        (source / "values.yaml").write_text("color: red\n")
        for path, text in (files or {}).items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(text)
        for version in versions:
            (source / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\n{dependencies}")
            if dependencies:
                self.run("dependency", "update", str(source))
            self.run("package", str(source), "--destination", str(self.folder))
        self.index()

    def index(self) -> None:
        """Write index.yaml."""
        self.run("repo", "index", str(self.folder))
