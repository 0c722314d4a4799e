#!/usr/bin/env bash
# Written by migrate: checks the helmfile tree without a cluster and without a network. `--help` says how.
# Needs bash 4.4 or newer, helmfile, helm and awk; uses kubeconform and yamllint where they are installed.
#: part start
#: layout TO_TOP HELMFILE STATE VALUES ENVIRONMENTS EXTERNAL LOCK SCRIPTS

TEMP='' STRICT='' ENVS=() YAML=()

usage() {
  cat <<'TEXT'
validate.sh ENVIRONMENT...   check these environments
validate.sh --all            check all environments of the state file
validate.sh --list           name them
--strict                     what `helm lint` and yamllint have against this repository's own files fails the check

Looked at: the YAML of values files; the charts against versions.lock; for each environment whether it loads, whether all charts are
local, the graph of `needs`, `helmfile template --skip-deps`, and `helm lint` of each release with its values. Lint problems of charts
from elsewhere are warnings always. kubeconform and yamllint are skipped where they are not installed; a skipped check is no passed one.
KUBECONFORM_OPTIONS is handed to kubeconform (without a network: -schema-location FOLDER…).
helmfile runs as it does for a deployment: hooks for `template` and `exec` of this repository are run. Nothing is deployed.
Exit codes: 0 nothing failed; 1 something failed; 2 wrong use or a missing program.
TEXT
}

#: part environments
#: part results
#: part checks

run_helmfile() { helmfile --file "$TOP/$(state_file)" --environment "$env" "$@"; }

private_helm() {  # the user's plugins, but none of the user's repositories and caches
  HELM_PLUGINS=${HELM_PLUGINS:-$(helm env HELM_PLUGINS)}
  export HELM_PLUGINS HELM_CACHE_HOME="$TEMP/cache" HELM_CONFIG_HOME="$TEMP/config" HELM_DATA_HOME="$TEMP/data"
  export HELMFILE_CACHE_HOME="$TEMP/helmfile"
  unset HELM_REPOSITORY_CONFIG HELM_REPOSITORY_CACHE HELM_NAMESPACE
}

all=''
for argument in "$@"; do
  case $argument in
    --help | -h) usage && exit 0 ;;
    --list)
      environments
      exit 0
      ;;
    --all) all=yes ;;
    --strict) STRICT=yes ;;
    -*) die "unknown argument: $argument (see --help)" 2 ;;
    *) ENVS+=("$argument") ;;
  esac
done
needs_program awk helm helmfile
if [[ -n $all ]]; then
  known=$(environments) || die "the environments of $(state_file) can't be read" 2
  mapfile -t ENVS <<<"${known:-default}"
fi
((${#ENVS[@]})) || die 'name an environment, or --all (see --help)' 2
TEMP=$(mktemp -d "${TMPDIR:-/tmp}/validate.XXXXXX")
trap 'rm -rf -- "$TEMP"' EXIT
private_helm
find_yaml
check_yaml
check_yamllint
check_lock
for env in "${ENVS[@]}"; do check_environment "$env"; done
summary || exit 1
