"""Which commands read paths, which run other commands, and which only talk."""

from __future__ import annotations

READS_PATHS = frozenset(
    ". [ ansible-playbook awk basename bat cat cd chgrp chmod chown cmp cp cut diff dirname du egrep envsubst file find grep"
    " gzip head install jq kubeconform kustomize less ln ls md5sum mkdir more mv nano popd pushd readlink realpath rg rm rmdir"
    " rsync scp sed sha256sum shellcheck sops sort source stat tail tar tee test touch tree"
    " unzip vi vim wc yamllint yq zip".split()
)
"""Their arguments are paths even without a slash."""

PATTERN_FIRST = frozenset("awk egrep grep jq rg sed yq".split())
"""Of these the first argument is a program or a pattern."""

GIT_READS_PATHS = frozenset("add diff ls-files mv restore rm".split())

HELM_CHART_FIRST = frozenset("build dep dependency lint list package pull push show template update".split())
HELM_CHART_SECOND = frozenset("install template upgrade".split())

PATH_OPTIONS = frozenset(
    "-f --file --values --values-file --state-values-file -C --directory --chdir --config --kubeconfig --output-dir"
    " --project-directory --chart -k --kustomize --from-file --exclude --include --exclude-from".split()
)
"""Options whose value is a path, whatever the command."""

MESSAGE_OPTIONS = frozenset("-m -am --message --title --body --description --notes".split())

NO_PATH_OPTIONS = frozenset({"-name", "-iname"})
"""Options of `find` whose value is a name, and no path."""

TALKS = frozenset("echo printf die fail usage warn error info debug log abort say success note step header print banner".split())
"""Their arguments are read by people. So are those of functions with such a name in theirs (`log_info`)."""

WRAPPERS: dict[str, frozenset[str]] = {
    "sudo": frozenset("-u -g -h -p -C -D -R -T -U".split()),
    "env": frozenset({"-u", "-C", "-S"}),
    "time": frozenset({"-o", "-f"}),
    "exec": frozenset({"-a"}),
    "nohup": frozenset(),
    "command": frozenset(),
    "builtin": frozenset(),
    "nice": frozenset({"-n"}),
    "ionice": frozenset({"-c", "-n"}),
    "timeout": frozenset({"-s", "-k"}),
    "xargs": frozenset("-a -d -E -I -L -n -P -s".split()),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "chronic": frozenset(),
    "retry": frozenset({"-t", "-d"}),
    "setsid": frozenset(),
    "coproc": frozenset(),
    "aws-vault": frozenset(),
}
"""Commands that run the rest of their line, with their options that take a value."""

SHELLS = frozenset("sh bash dash ksh zsh ash".split())
RUNS_A_FILE = frozenset(". source sh bash dash ksh zsh ash python python3 perl ruby node".split())
"""Their first word is a script, what follows is handed to it."""
REMOTE = frozenset("ssh su runuser chroot docker podman nerdctl kubectl vagrant".split())
"""These run what they are given somewhere else."""

TOP_VARIABLES = frozenset("GITHUB_WORKSPACE CI_PROJECT_DIR".split())
"""The repository's top, by the documents of GitHub Actions and of GitLab CI."""

READS_INTO = frozenset("read mapfile readarray getopts".split())

CONTAINERS = frozenset("docker podman nerdctl".split())

SUBCOMMANDS = frozenset("apply charts delete deps destroy diff fetch lint repos sync template write-values".split())
"""Of helmfile. With one of these behind it, the word helmfile is a call."""
