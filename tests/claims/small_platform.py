"""A nested repository and the flat one it became, both written by hand: three releases that show what a proof must see.

`db` has a chart with a random password and a checksum of it, `web` has a values template, a hook, `set` and labels, `agent` is
its own chart (`chart: ./`), gets `toYaml .Values` and hangs on a condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from migrate.model.case import Attributes, ProofCase
from migrate.model.facts import ReleaseId
from migrate.model.paths import RepoPath
from migrate.model.record import Record
from migrate.model.tree import Entry, Mode, Tree, blob_id

DB, WEB, AGENT = ReleaseId("", "data", "db"), ReleaseId("", "web", "web"), ReleaseId("", "ops", "agent")

CHARTS = {
    "db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n",
    "db/values.yaml": "size: 1Gi\n",
    "db/values.schema.json": '{"type": "object"}\n',
    "db/README.md": "# db\n",
    "db/templates/NOTES.txt": "db is up.\n",
    "db/templates/secret.yaml": """\
{{- $password := randAlphaNum 16 }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}
data:
  password: {{ $password | b64enc }}
  user: {{ "admin" | b64enc }}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .Release.Name }}
  annotations:
    checksum/secret: {{ $password | sha256sum }}
spec:
  template:
    spec:
      containers:
        - name: db
          image: db:1
          command: [run, --size, {{ .Values.size }}]
        - name: sidecar
          image: sidecar:1
""",
    "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 2.0.0\n",
    "web/values.yaml": "replicas: 1\nmodes: [a, b]\nquoted: 'on'\n",
    "web/crds/thing.yaml": """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.org
spec:
  group: example.org
  pattern: =
""",
    "web/templates/all.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  modes: {{ toJson .Values.modes }}
  quoted: {{ .Values.quoted | quote }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-settings
data:
  __hidden: {{ .Values.domain | default "none" | quote }}
  token: {{ .Values.token | default "" | quote }}
  text: |
    first
    ---x
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-key
stringData:
  key: {{ .Values.key | default "fixed" | quote }}
""",
    "web/templates/test.yaml": """\
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-test
  annotations:
    helm.sh/hook: test
spec:
  containers: []
""",
    "agent/Chart.yaml": "apiVersion: v2\nname: agent\nversion: 0.1.0\n",
    "agent/templates/all.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: agent
data:
  domain: {{ .Values.domain | quote }}
""",
}

LEGACY_OF = {"db/": "apps/db/db/", "web/": "apps/web/web/", "agent/": "apps/agent/"}
CHART_HOMES = {
    "db/": "helmfile/charts/external/db/",
    "web/": "helmfile/charts/custom/web/",
    "agent/": "helmfile/charts/custom/agent/",
}

ROOT = """\
# the platform
environments:
  dev:
    values:
      - environments/dev.yaml
---
helmDefaults:
  wait: true
  waitForJobs: true
helmfiles:
  - path: apps/db/helmfile.yaml
    values:
      - {{ toYaml .Values | nindent 8 }}
  - path: apps/web/helmfile.yaml
    values:
      - {{ toYaml .Values | nindent 8 }}
  - path: apps/agent/helmfile.yaml
    values:
      - {{ toYaml .Values | nindent 8 }}
"""

OLD_STATES = {
    "helmfile.yaml": ROOT,
    "apps/db/helmfile.yaml": """\
#repositories:
#  - name: upstream
#    url: https://charts.example.org/db
helmDefaults:
  wait: true
  timeout: 300
releases:
  - name: db # 데이터베이스
    namespace: data
    chart: ./db
    labels:
      kind: store
    values:
      - values.yaml.gotmpl
""",
    "apps/web/helmfile.yaml": """\
repositories:
  - name: upstream
    url: https://charts.example.org/web
commonLabels:
  team: front
releases:
  # what people see
  - name: web
    namespace: web
    chart: ./web
    atomic: true
    labels:
      kind: page
    values:
      - first.yaml
      - values.yaml.gotmpl
    set:
      - name: replicas
        value: 2
      - name: replicas
        value: 3
    hooks:
      - events: [presync]
        command: echo
        args: [web]
""",
    "apps/agent/helmfile.yaml": """\
releases:
  - name: agent
    namespace: ops
    chart: ./
    condition: agent.enabled
    values:
      - {{ toYaml .Values | nindent 8 }}
""",
}

VALUES = {
    "apps/db/values.yaml.gotmpl": "size: {{ .Values.size }} # of the volume\n",
    "apps/web/values.yaml.gotmpl": "# which page\ndomain: {{ .Values.domain }}\nmodes: [c, d]\n",
    "apps/web/first.yaml": "domain: first\ntoken: abc\n",
    "environments/dev.yaml": "# development\nsize: 5Gi\ndomain: dev.example.org\nagent:\n  enabled: true\n",
}

VALUES_HOMES = {
    "apps/db/values.yaml.gotmpl": "helmfile/values/db.yaml.gotmpl",
    "apps/web/values.yaml.gotmpl": "helmfile/values/web/values.yaml.gotmpl",
    "apps/web/first.yaml": "helmfile/values/web/first.yaml",
    "environments/dev.yaml": "helmfile/environments/dev.yaml",
}

FLAT = """\
# the platform
environments:
  dev:
    values:
      - environments/dev.yaml
---
#repositories:
#  - name: upstream
#    url: https://charts.example.org/db
repositories:
  - name: upstream
    url: https://charts.example.org/web
releases:
  - name: db # 데이터베이스
    namespace: data
    chart: ./charts/external/db
    wait: true
    timeout: 300
    labels:
      kind: store
      tier: infrastructure
    values:
      - values/db.yaml.gotmpl
  # what people see
  - name: web
    namespace: web
    chart: ./charts/custom/web
    atomic: true
    labels:
      kind: page
      team: front
      tier: applications
    needs:
      - data/db
    values:
      - values/web/first.yaml
      - values/web/values.yaml.gotmpl
    set:
      - name: replicas
        value: 2
      - name: replicas
        value: 3
    hooks:
      - events: [presync]
        command: echo
        args: [web]
  - name: agent
    namespace: ops
    chart: ./charts/custom/agent
    condition: agent.enabled
    labels:
      tier: applications
    needs:
      - web/web
    values:
      - values/agent.yaml.gotmpl
"""

OTHERS = {"README.md": "# The platform\n", "scripts/deploy.sh": "helmfile -e dev apply\n"}

EXECUTABLE = frozenset(("scripts/deploy.sh",))
CREATED = ("helmfile/helmfile.yaml", "helmfile/values/agent.yaml.gotmpl")
RECORD_PATH = "helmfile/.migrate/record.json"
RULES = RepoPath(".gitattributes")


def old_files() -> dict[str, str]:
    """The nested side."""
    charts = {_moved(path, LEGACY_OF): text for path, text in CHARTS.items()}
    return {**OTHERS, **OLD_STATES, **VALUES, **charts}


def copies() -> dict[str, str]:
    """Legacy path -> new path."""
    charts = {_moved(path, LEGACY_OF): _moved(path, CHART_HOMES) for path in CHARTS}
    return {**VALUES_HOMES, **charts}


def new_files() -> dict[str, str]:
    """The flat side, with the legacy files still there and one script edited."""
    old = old_files()
    copied = {target: old[source] for source, target in copies().items()}
    created = {"helmfile/helmfile.yaml": FLAT, "helmfile/values/agent.yaml.gotmpl": "{{ toYaml .Values }}\n"}
    return {**old, **copied, **created, "scripts/deploy.sh": "helmfile -f helmfile/helmfile.yaml -e dev apply\n"}


def record() -> Record:
    """What a migration would have written down."""
    return Record(
        base="base",
        plan_digest="digest",
        legacy_state=RepoPath("helmfile.yaml"),
        new_state=RepoPath("helmfile/helmfile.yaml"),
        tier_label="tier",
        copies=tuple((RepoPath(source), RepoPath(target)) for source, target in sorted(copies().items())),
        created=tuple(RepoPath(path) for path in CREATED),
        edited=(RepoPath("scripts/deploy.sh"),),
        stages=((DB,), (WEB,), (AGENT,)),
        tiers=((DB, "infrastructure"), (WEB, "applications"), (AGENT, "applications")),
    )


def tree(files: Mapping[str, str | bytes], executable: frozenset[str] = EXECUTABLE) -> Tree:
    """Files as a tree that is in no repository."""
    entries: dict[RepoPath, Entry] = {}
    blobs: dict[str, bytes] = {}
    for path, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        oid = blob_id(data)
        blobs[oid] = data
        entries[RepoPath(path)] = Entry(Mode.EXECUTABLE if path in executable else Mode.FILE, oid)
    return Tree("commit", MappingProxyType(entries), blobs.__getitem__)


def case(
    old: Tree | None = None,
    new: Tree | None = None,
    *,
    recorded: Record | None = None,
    without_record: bool = False,
    offline: bool = False,
) -> ProofCase:
    """The proof of the small platform, with what a test changes. It names a chart repository, so it is not for offline use."""
    old, new = old or tree(old_files()), new or tree(new_files())
    return ProofCase(
        base="base",
        branch="branch",
        old=old,
        new=new,
        old_state="helmfile.yaml",
        new_state="helmfile/helmfile.yaml",
        record=None if without_record else recorded or record(),
        environments=("dev",),
        old_attributes=attributes(old),
        new_attributes=attributes(new),
        hooks=True,
        merged=tuple(map(RepoPath, OLD_STATES)),
        offline=offline,
    )


def attributes(of: Tree) -> Attributes:
    """As if `* text=auto` stood in the root's .gitattributes, and behind it what a test writes for a whole path."""
    found: dict[str, dict[str, str]] = {path: {"text": "auto"} for path in of}
    for line in of.text(RULES).splitlines() if RULES in of else ():
        path, *words = line.removeprefix("/").split()
        found.get(path, {}).update(_attribute(word) for word in words)
    return found


def _attribute(word: str) -> tuple[str, str]:
    name, _, value = word.removeprefix("-").partition("=")
    return name, value or ("unset" if word.startswith("-") else "set")


def _moved(path: str, homes: Mapping[str, str]) -> str:
    folder = path.partition("/")[0] + "/"
    return homes[folder] + path.removeprefix(folder)
