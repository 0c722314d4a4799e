"""A repository whose charts are elsewhere: of a repository, of a registry, in ranges; one lacks a dependency, one has a patch."""

from __future__ import annotations

from collections.abc import Mapping

from tests.end_to_end.small import CONFIG_MAP

ROOT = """\
environments:
  default:
    values:
    - environments/prod/values.yaml
---
helmfiles:
{entries}"""
ENTRY = """\
- path: applications/{name}/helmfile.yaml
  values:
  - {{{{ toYaml .Values | nindent 4 }}}}
"""
API = """\
# the api
repositories:
# the upstream one
- name: up
  url: {url}  # on this machine
releases:
- name: api
  namespace: api
  chart: up/demo
  version: 1.2.3   # pinned by hand
  values:
  - values.yaml.gotmpl
- name: ranged
  namespace: api
  chart: up/demo
  version: ~1.2
- name: latest
  namespace: api
  chart: up/demo
- name: umbrella
  namespace: api
  chart: up/umbrella
  version: 3.0.0
"""
OWN = """\
releases:
- name: own
  namespace: own
  chart: ./chart
  values:
  - values.yaml.gotmpl
"""
MANIFEST = """\
apiVersion: v2
name: own
version: 0.1.0
dependencies:
- name: lib
  version: ~0.5
  repository: {url}
"""
WEB = """\
repositories:
- {{name: reg, url: "{address}/charts", oci: true}}
releases:
- name: web
  namespace: web
  chart: oci://{address}/charts/demo
  version: 1.2.3
  values:
  - values.yaml.gotmpl
- name: patched
  namespace: web
  chart: reg/demo
  version: 1.2.3
  strategicMergePatches:
  - patches/extra.yaml
"""
PATCH = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: patched-demo
data:
  extra: "1"
"""
VALUES = "color: {{ .Values.color }}\n"


def remote_files(url: str, address: str = "") -> Mapping[str, str]:
    """Every file of the repository; without a registry's address, no release has a chart of one."""
    names = ["api", "own", *(["web"] if address else [])]
    files = {
        "helmfile.yaml": ROOT.format(entries="".join(ENTRY.format(name=name) for name in names)),
        "environments/prod/values.yaml": "color: blue\n",
        "applications/api/helmfile.yaml": API.format(url=url),
        "applications/own/helmfile.yaml": OWN,
        "applications/own/chart/Chart.yaml": MANIFEST.format(url=url),
        "applications/own/chart/values.yaml": "color: red\n",
        "applications/own/chart/templates/config.yaml": CONFIG_MAP,
        **{f"applications/{name}/values.yaml.gotmpl": VALUES for name in names},
    }
    if address:
        files |= {"applications/web/helmfile.yaml": WEB.format(address=address), "applications/web/patches/extra.yaml": PATCH}
    return files


def one_release(url: str, chart: str = "up/demo", version: str = "1.2.3") -> Mapping[str, str]:
    """The smallest repository with a remote chart."""
    line = f"  version: {version}\n" if version else ""
    release = f"releases:\n- name: api\n  namespace: api\n  chart: {chart}\n{line}"
    return {"helmfile.yaml": f"repositories:\n- name: up\n  url: {url}\n{release}"}
