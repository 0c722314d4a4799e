"""What people do to a repository with a migrated branch. Each returns a line that tells of it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

from tests.conftest import write_file
from tests.end_to_end.history import BRANCH, LEGACY, MARK, History, commit
from tests.end_to_end.small import git, small_files


def edit(history: History, branch: str, path: str, change: Callable[[str], str]) -> None:
    """A commit on a branch that edits one file."""
    git(history.repo, "checkout", "-q", branch)
    place = history.repo / path
    write_file(place, change(place.read_text() if place.exists() else ""))
    commit(history, f"Edit {path}")


def marked(history: History, text: str, path: str) -> str:
    """A text with one more line that has a mark; or one of its marks changed, or gone."""
    found = MARK.findall(text)
    choice = history.dice.random()
    if found and choice < 0.25:  # one edit in four
        old = history.dice.choice(found)
        return text.replace(old, history.mark())
    lines = text.splitlines(keepends=True)
    if found and choice < 0.4:  # one in seven
        gone = history.dice.choice(found)
        return "".join(line for line in lines if gone not in line)
    mark = history.mark()
    line = f"entry{history.made}: {mark}\n" if "values" in path and choice < 0.7 else f"# {mark}\n"
    at = history.dice.randint(1 if text.startswith("#!") else 0, len(lines))
    return "".join([*lines[:at], line, *lines[at:]])


def texts(history: History, revision: str, *, legacy: bool) -> list[str]:
    """The files of a commit that a comment does no harm."""
    tops = LEGACY if legacy else ("helmfile/",)
    names = (".yaml", ".gotmpl")
    found = [path for path in history.files(revision) if path.startswith(tops) and path.endswith(names)]
    return sorted(path for path in found if "/.migrate/" not in path and not path.endswith("versions.lock"))


def legacy_edit(history: History) -> str:
    """Main edits a piece, most often a values file."""
    path = history.dice.choice([*texts(history, "main", legacy=True), *["environments/prod/values.yaml"] * 4])
    edit(history, "main", path, lambda text: marked(history, text, path))
    return f"main: {path}"


def script_edit(history: History) -> str:
    """Main edits what only points at the pieces."""
    path = history.dice.choice(["deploy.sh", "README.md"])
    line = f"cat environments/prod/values.yaml # {history.mark()}\n"
    edit(history, "main", path, lambda text: text + line)
    return f"main: {path}"


def new_app(history: History) -> str:
    """Main has one more application."""
    name = f"app{history.made + 1}"
    history.mark()
    git(history.repo, "checkout", "-q", "main")
    for path, text in small_files().items():
        if path.startswith("applications/web/"):
            write_file(history.repo / path.replace("/web/", f"/{name}/"), text.replace("web", name))
    root = history.repo / "helmfile.yaml"
    entry = f"- path: applications/{name}/helmfile.yaml\n  values:\n  - {{{{ toYaml .Values | nindent 4 }}}}\n"
    root.write_text(root.read_text() + entry)
    commit(history, f"New application {name}")
    return f"main: new {name}"


def removed_app(history: History) -> str:
    """Main loses an application, if it has more than one."""
    apps = sorted({path.split("/")[1] for path in history.files("main") if path.startswith("applications/")})
    if len(apps) == 1:
        return "main: the last application stays"
    name = history.dice.choice(apps)
    git(history.repo, "rm", "-rq", f"applications/{name}")
    root = history.repo / "helmfile.yaml"
    entry = rf"- path: applications/{name}/.*\n(#.*\n)*  values:\n(#.*\n)*  - .*\n"
    root.write_text(re.sub(entry, "", root.read_text()))
    if f"applications/{name}/" in root.read_text():
        git(history.repo, "reset", "-q", "--hard")
        return f"main: {name} stays"
    commit(history, f"No {name}")
    return f"main: no {name}"


def renamed_file(history: History) -> str:
    """Main renames a template of a chart."""
    found = [path for path in history.files("main") if "/templates/" in path and path.startswith("applications/")]
    if not found:
        return "main: nothing to rename"
    path = history.dice.choice(sorted(found))
    history.mark()
    git(history.repo, "mv", path, f"{path.rpartition('/')[0]}/config{history.made}.yaml")
    commit(history, f"Rename {path}")
    return f"main: rename {path}"


def renamed_release(history: History) -> str:
    """Main gives a release another name."""
    found = sorted(path for path in history.files("main") if path.startswith("applications/") and path.endswith("helmfile.yaml"))
    path = history.dice.choice(found)
    history.mark()
    edit(
        history,
        "main",
        path,
        lambda text: re.sub(r"^- name: \S+$", f"- name: r{history.made}", text, count=1, flags=re.MULTILINE),
    )
    return f"main: rename the release of {path}"


def branch_edit(history: History) -> str:
    """People edit the new tree."""
    found = texts(history, BRANCH, legacy=False)
    if not found:
        return "branch: nothing to edit yet"
    path = history.dice.choice([*found, *[path for path in found if path.endswith(("prod/values.yaml", "helmfile.yaml"))] * 3])
    edit(history, BRANCH, path, lambda text: marked(history, text, path))
    history.edited = True
    return f"branch: {path}"


def added_file(history: History) -> str:
    """People add a file beside the new tree's, or in a legacy folder."""
    folder = history.dice.choice(["helmfile/notes", "helmfile/charts/custom/api/notes", "applications/api", "docs"])
    mark = history.mark()
    edit(history, BRANCH, f"{folder}/{mark}.txt", lambda _: f"{mark}\n")
    history.edited = True
    return f"branch: {folder}/{mark}.txt"


def legacy_edit_on_branch(history: History) -> str:
    """People edit a legacy piece on the branch."""
    found = texts(history, BRANCH, legacy=True)
    if not found:
        return "branch: no legacy tree"
    path = history.dice.choice(found)
    edit(history, BRANCH, path, lambda text: marked(history, text, path))
    history.edited = True
    return f"branch: {path}"


def hand_merge(history: History) -> str:
    """People merge main into the branch, if git can; or keep the lines of both sides where they conflict."""
    git(history.repo, "checkout", "-q", BRANCH)
    union = history.dice.random() < 0.5  # one in two
    words = ["-c", "merge.default=union"] if union else []
    done = subprocess.run(["git", *words, "merge", "-q", "--no-edit", "main"], cwd=history.repo, check=False, capture_output=True)
    if done.returncode:
        git(history.repo, "merge", "--abort")
    elif any(times > 1 for legacy in (True, False, None) for times in history.marks(BRANCH, legacy=legacy).values()):
        git(history.repo, "reset", "-q", "--hard", "HEAD^1")  # nobody keeps a line twice
    git(history.repo, "checkout", "-q", "main")
    told = "keeping both sides" if union else ""
    return f"branch: merge main {'(stopped by git)' if done.returncode else told}".rstrip()
