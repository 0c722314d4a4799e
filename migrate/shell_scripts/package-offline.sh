#!/usr/bin/env bash
# Written by migrate: packs what a deployment needs into one file whose bytes depend on the commit alone. `--help` says how.
# Needs bash 4.4 or newer, git, GNU tar, gzip, awk, and sha256sum or shasum; helmfile and helm to render on --verify.
#: part start
#: layout TO_TOP HELMFILE STATE SCRIPTS

TEMP='' FOLDER='' OUT='' COMMIT='' TOOLS='' IMAGES='' PACKAGE='' ENVIRONMENT=''
if command -v sha256sum >/dev/null; then SHA=(sha256sum); else SHA=(shasum -a 256); fi

usage() {
  cat <<'TEXT'
package-offline.sh [-o FILE]              pack the commit that is checked out; refused while files there have edits
  --commit REV                            pack another commit, whatever the checkout holds
  --tools DIR                             with the programs helmfile and helm (and kustomize) of this folder
  --images FILE                           with this list of images
package-offline.sh --verify FILE          unpack to a temporary folder, check every file, render one environment
  --env ENVIRONMENT                       which one; without it the first of the state file

The package holds the folders of helmfile and of scripts as git has them, PACKAGE (the commit), SYMLINKS and SHA256SUMS.
The same commit with the same tools and list gives the same bytes (with the same tar and gzip).
Exit codes: 0 done; 1 refused or something differs; 2 wrong use or a missing program.
TEXT
}

#: part environments
#: part packing
#: part verifying

while (($#)); do
  case $1 in
    --help | -h) usage && exit 0 ;;
    -o | --commit | --tools | --images | --verify | --env)
      (($# > 1)) && [[ -n $2 && $2 != -* ]] || die "$1 wants a value" 2
      case $1 in
        -o) OUT=$2 ;;
        --commit) COMMIT=$2 ;;
        --tools) TOOLS=$2 ;;
        --images) IMAGES=$2 ;;
        --verify) PACKAGE=$2 ;;
        *) ENVIRONMENT=$2 ;;
      esac
      shift
      ;;
    *) die "unknown argument: $1 (see --help)" 2 ;;
  esac
  shift
done
needs_program awk tar gzip
umask 022
TEMP=$(mktemp -d "${TMPDIR:-/tmp}/package-offline.XXXXXX")
leave() {
  local code=$?
  if ((code != 0 && code != 130 && code != 143)); then short_of_room "$TEMP" "$(dirname -- "${OUT:-.}")"; fi
  rm -rf -- "$TEMP"
  if [[ -n $OUT ]]; then rm -f -- "$OUT.part"; fi
  exit "$code"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if [[ -n $PACKAGE ]]; then
  verify "$PACKAGE"
  exit 0
fi
needs_program git
[[ $(git -C "$TOP" rev-parse --show-toplevel 2>/dev/null) -ef $TOP ]] || die "$TOP is no git repository" 2
if [[ -z $COMMIT ]]; then
  edits=$(git -C "$TOP" status --porcelain -- "$HELMFILE" "$SCRIPTS")
  if [[ -n $edits ]]; then
    say "$edits"
    die 'these edits are in no commit: commit or stash them, or pack what is committed with --commit HEAD'
  fi
fi
pack
