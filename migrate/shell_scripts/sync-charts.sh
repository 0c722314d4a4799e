#!/usr/bin/env bash
# Written by migrate: makes the charts that are kept here agree with versions.lock, or adds, upgrades, locks one. `--help` says how.
# Needs bash 4.4 or newer, helm, awk, find, tar, gzip, and sha256sum or shasum; git, where there is a repository.
#: part start
#: layout TO_TOP HELMFILE EXTERNAL CUSTOM LOCK

HELMFILE_DIR="$TOP/$HELMFILE"               # the paths of the lock start here
WORK="$TOP/$EXTERNAL/.sync-charts"          # what is being pulled, and what it replaces until it is complete
RUNNING="$TOP/$EXTERNAL/.sync-charts.pid"   # a link that only one run at a time can make
US=$'\037'                                  # between the fields of a row
TEMP=''
ACTION='sync' CHART='' REPO='' WANTED='' FORCE='' PULL=()

usage() {
  cat <<'TEXT'
sync-charts.sh                                          pull each chart whose bytes differ from versions.lock
sync-charts.sh --force                                  likewise, also where that drops edits that no commit holds
sync-charts.sh --check                                  say what differs and change nothing
sync-charts.sh --add NAME --repo URL --version V        pull one more chart and lock it
sync-charts.sh --upgrade NAME --version V [--repo URL]  replace a chart by another version and lock it
sync-charts.sh --lock NAME|PATH [--repo URL]            lock a chart as it lies here, after edits or when it was put here by hand

URL is a chart repository (https://…) or an OCI reference (oci://host/path/NAME). --plain-http and --ca-file FILE are handed to
`helm pull`. helm runs with empty settings; for a registry that wants a login, set HELM_REGISTRY_CONFIG to the file that
`helm registry login` has written. V may be a range (~1.2); locked is the version that is pulled, and nothing is resolved later.
Exit codes: 0 all charts agree with the lock; 1 something differs or could not be done; 2 wrong use, unreadable lock, missing program.
TEXT
}

#: part lock
#: part chart_bytes
#: part judge
#: part pull
#: part swap
#: part add

arguments() {
  while (($#)); do
    case $1 in
      --help | -h) usage && exit 0 ;;
      --check) ACTION=check ;;
      --force) FORCE=yes ;;
      --plain-http) PULL+=(--plain-http) ;;
      --add | --upgrade | --lock | --repo | --version | --ca-file)
        (($# > 1)) && [[ -n $2 && $2 != -* ]] || die "$1 wants a value" 2
        case $1 in
          --add | --upgrade | --lock) ACTION=${1#--} CHART=$2 ;;
          --repo) REPO=${2%/} ;;
          --version) WANTED=$2 ;;
          *) PULL+=("$1" "$2") ;;
        esac
        shift
        ;;
      *) die "unknown argument: $1 (see --help)" 2 ;;
    esac
    shift
  done
}

sync() {
  local root
  for root in "${ROOTS[@]}"; do
    judge "$root" "$HELMFILE_DIR/$root"
    if ((${#FOUND[@]})); then
      if [[ $ACTION == check ]]; then report_found; else restore "$root"; fi
    fi
  done
  strays
  vendored
}

arguments "$@"
needs_program awk find tar gzip
[[ -d $TOP/$EXTERNAL ]] || die "there is no folder $EXTERNAL" 2
TEMP=$(mktemp -d "${TMPDIR:-/tmp}/sync-charts.XXXXXX")
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if [[ $ACTION == check ]]; then report_killed_run; else only_one && private_helm; fi
read_lock
case $ACTION in
  add) add_chart ;;
  upgrade) upgrade_chart ;;
  lock) lock_chart ;;
  *) sync ;;
esac
if ((PROBLEMS)); then die "$PROBLEMS findings, named above" 1; fi
say "${#ROOTS[@]} charts with ${#PATHS[@]} entries agree with $LOCK"
