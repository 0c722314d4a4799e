"""Small stand-ins for what `migrate tools install` gets: a wheel and a Go module of the same shapes, and scripts with a version.

What is tested with them is the looking, choosing, checking and putting; pip and go are the real ones.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

from migrate.system.toolbox.pins import BinaryPin, ModulePin, WheelPin

PROJECT = "layer-with-tools"
HELMFILE, HELM = "0.166.0", "3.15.3"
MODULE, MODULE_VERSION = "example.org/tool", "1.4.6"

GO_PROGRAM = """package main

import "os"

var version = "unset"

func main() { os.Stdout.WriteString("v" + version + "\\n") }
"""


def script(version: str, also: str = "") -> bytes:
    """A program that prints a version, whatever it is asked."""
    return f"#!/bin/sh\n{also}\necho v{version}\n".encode()


def write_script(path: Path, version: str, also: str = "") -> Path:
    """Such a program as an executable file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(script(version, also))
    path.chmod(0o755)
    return path


def make_wheel(folder: Path, also: str = "") -> WheelPin:
    """A wheel with a layer with two tools, and its pin; `also` is run by the tools before they answer."""
    tools = {"helmfile": script(HELMFILE, also), "helm": script(HELM, also)}
    layer = zipped({f"{name}/{name}": content for name, content in tools.items()})
    name = f"{PROJECT.replace('-', '_')}-1.0.0"
    files = {
        f"layer/_jsii/{PROJECT}@1.0.0.jsii.tgz": tarred({"package/README.md": b"hello", "package/lib/layer.zip": layer}),
        f"{name}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {PROJECT}\nVersion: 1.0.0\n".encode(),
        f"{name}.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{name}.dist-info/RECORD": b"",
    }
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-py3-none-any.whl"
    wheel.write_bytes(zipped(files))
    pins = tuple(
        BinaryPin(tool, version, f"{tool}/{tool}", digest(tools[tool]))
        for tool, version in (("helmfile", HELMFILE), ("helm", HELM))
    )
    return WheelPin(PROJECT, "1.0.0", digest(wheel.read_bytes()), "package/lib/layer.zip", pins)


def make_module(proxy: Path) -> ModulePin:
    """A Go module in a file system proxy, and its pin. The tool it makes is called `kustomize`."""
    root = f"{MODULE}@v{MODULE_VERSION}"
    files = {f"{root}/go.mod": f"module {MODULE}\n\ngo 1.24\n".encode(), f"{root}/main.go": GO_PROGRAM.encode()}
    folder = proxy / MODULE / "@v"
    folder.mkdir(parents=True)
    (folder / f"v{MODULE_VERSION}.info").write_text(json.dumps({"Version": f"v{MODULE_VERSION}"}), encoding="utf-8")
    (folder / f"v{MODULE_VERSION}.mod").write_bytes(files[f"{root}/go.mod"])
    (folder / f"v{MODULE_VERSION}.zip").write_bytes(zipped(files))
    setting = (f"main.version={MODULE_VERSION}",)
    return ModulePin("kustomize", MODULE_VERSION, MODULE, h1_of(files), ".", setting)


def h1_of(files: dict[str, bytes]) -> str:
    """Go's checksum of a module's files (golang.org/x/mod/sumdb/dirhash, Hash1)."""
    listing = "".join(f"{digest(files[name])}  {name}\n" for name in sorted(files))
    return "h1:" + base64.b64encode(hashlib.sha256(listing.encode()).digest()).decode()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    """A compressed tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def digest(content: bytes) -> str:
    """The sha256 of bytes."""
    return hashlib.sha256(content).hexdigest()
