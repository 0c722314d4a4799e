"""What changes in meaning when many state files become one, and can't be avoided: each is named where it applies.

Measured on helmfile 0.166.0 (docs/explanation/helmfile-semantics.md, sections 3e, 6, 8 and 10).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from migrate.flatten.refusals import Subject
from migrate.model.facts import Failure
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Release


def change(slug: str, path: str, line: int, message: str, hint: str = "") -> Finding:
    """A change of meaning."""
    return Finding(slug, Severity.CHANGE, path, line, message, hint)


def diffs_first(subject: Subject) -> Iterator[Finding]:
    """`helmfile apply` looks at everything before it deploys anything."""
    if len(subject.with_releases()) > 1:
        message = "`helmfile apply` diffs all releases before it upgrades the first; today it goes state file by state file"
        hint = "a release that can't be rendered stops `apply` before anything is deployed; `sync` goes on as today"
        yield change("apply-diffs-first", subject.inventory.root, 0, message, hint)


def prepared_first(subject: Subject) -> Iterator[Finding]:
    """Dependencies and prepare hooks run for all releases up front."""
    if len(subject.with_releases()) > 1:
        message = "`helm dependency build`, `repo add` and prepare hooks run for all releases before the first is deployed"
        yield change("prepares-first", subject.inventory.root, 0, message)


def include_needs(subject: Subject) -> Iterator[Finding]:
    """`--include-needs` now means all earlier stages."""
    if len(subject.inventory.releases) > 1:
        message = "`-l … --include-needs` now deploys every earlier stage too, also releases whose `condition` is false"
        yield change("include-needs-widens", subject.inventory.root, 0, message, "leave `--include-needs` out")


def namespace_flag(subject: Subject) -> Iterator[Finding]:
    """`-n` breaks qualified needs."""
    qualified = [r for r in subject.inventory.releases if r.namespace]
    if len(subject.inventory.releases) > 1 and qualified:
        message = '`helmfile -n NAMESPACE` fails once there are `needs` of other namespaces ("depends on an undefined release")'
        hint = "leave `-n` out where the releases have that namespace anyway"
        yield change("namespace-flag-breaks", subject.inventory.root, 0, message, hint)


def conditions(subject: Subject) -> Iterator[Finding]:
    """A bad condition key breaks the whole file."""
    for release in _with(subject, "condition"):
        message = f"where `{release.condition}` is missing from the values, no release can be listed, rendered or deployed"
        hint = "today only its own state file fails, after the ones before it are deployed"
        yield change("condition-breaks-all", release.state, release.line, message, hint)


def uninstalls(subject: Subject) -> Iterator[Finding]:
    """One state file uninstalls what is not to be there before it deploys the first release."""
    many = len(subject.with_releases()) > 1
    for release in subject.inventory.releases:
        if many and any(built.get("installed") is False for built in release.effective.values()):
            message = f"release {release.name}, which is to be uninstalled, goes before the first release is deployed"
            hint = "today what stands before it in the order is deployed first; uninstall it by hand if that matters"
            yield change("uninstalls-first", release.state, release.line, message, hint)


def _with(subject: Subject, field: str) -> Iterator[Release]:
    return (release for release in subject.inventory.releases if getattr(release, field))


def chart_selector(subject: Subject) -> Iterator[Finding]:
    """`-l chart=` matches another word for a chart in its state file's own folder."""
    for release in subject.inventory.releases:
        if release.chart_folder == release.state.folder and release.chart_folder:
            word = release.chart_folder.rpartition("/")[2]
            message = f"`-l chart={word}` selects release {release.name} from now on; today `chart: {release.chart}` has no name"
            yield change("chart-selector-changes", release.state, release.line, message)


def output_folders(subject: Subject) -> Iterator[Finding]:
    """`--output-dir` names hold a hash of the state file's path."""
    message = "folders written by `template --output-dir` are named after the state file, so they change"
    hint = "use `--output-dir-template '{{ .OutputDir }}/{{ .Release.Namespace }}/{{ .Release.Name }}'`"
    yield change("output-dir-changes", subject.inventory.root, 0, message, hint)


def working_folder(subject: Subject) -> Iterator[Finding]:
    """The command line's own paths resolve from another folder."""
    message = "a plain `helmfile …` at the top of the repository no longer finds a state file once the legacy one is removed"
    hint = "use `helmfile -f helmfile/helmfile.yaml …`, or run it in helmfile/"
    yield change("state-file-moves", subject.inventory.root, 0, message, hint)
    subs = [file.path for file in subject.inventory.states if file.reached_by is not None]
    if subs:
        message = f"`helmfile -f {subs[0]}` and the like ({len(subs)} files) are replaced by `-l name=…` of the one state file"
        yield change("single-run-replaced", subject.inventory.root, 0, message)


def loading(subject: Subject) -> Iterator[Finding]:
    """An environment that does not load today has to fail alike afterwards; nothing is known of one that fails from outside."""
    for name, built in subject.inventory.built.items():
        if isinstance(built, Failure):
            where = next((e for e in subject.inventory.environments if e.name == name), None)
            path, line = (where.declared_in, where.line) if where else (subject.inventory.root, 0)
            yield _does_not_load(name, built, path, line)


def _does_not_load(name: str, failure: Failure, path: str, line: int) -> Finding:
    if failure.path:
        message = f"environment {name} does not load today: {failure.message}"
        return Finding("environment-does-not-load", Severity.WARNING, path, line, message, "it has to fail alike afterwards")
    message = f"environment {name} can't be loaded here, for a cause outside of the commit: {failure.message}"
    unset = "variables that templates read under `passEnv` in migrate.yaml, and set them"
    missing = "bring the charts into the repository first" if "charts are not fetched" in failure.message else f"name {unset}"
    hint = f"nothing can be proved there; {missing}"
    return Finding("environment-cant-be-read", Severity.BLOCKING, path, line, message, hint)


CHANGES: Sequence[Callable[[Subject], Iterator[Finding]]] = (
    diffs_first,
    prepared_first,
    include_needs,
    namespace_flag,
    uninstalls,
    conditions,
    chart_selector,
    output_folders,
    working_folder,
    loading,
)


def changes(subject: Subject) -> tuple[Finding, ...]:
    """All changes of meaning that apply."""
    return tuple(finding for check in CHANGES for finding in check(subject))
