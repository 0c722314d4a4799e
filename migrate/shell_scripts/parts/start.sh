set -euo pipefail
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then echo "${0##*/}: needs bash 4.4 or newer, this is $BASH_VERSION" >&2 && exit 2; fi
shopt -s inherit_errexit
export LC_ALL=C
unset CDPATH GREP_OPTIONS TAR_OPTIONS GZIP
ME=${0##*/}
PROBLEMS=0
say() { printf '%s\n' "$*"; }
complain() { printf '%s: %s\n' "$ME" "$*" >&2; }
die() { complain "$1" && exit "${2:-1}"; }
problem() { PROBLEMS=$((PROBLEMS + 1)) && say "$1: $2"; }
short_of_room() {  # a full disk shows in many ways; said once, before what was begun is removed
  df -Pk "$@" 2>/dev/null | awk -v me="$ME" 'NR > 1 && $4 < 1024 && !seen[$6]++ {
    print me ": " $4 " kB are left on " $6 ": make room there and run this again" }' >&2 || true
}
needs_program() {
  local name
  for name in "$@"; do command -v "$name" >/dev/null || die "$name is not installed" 2; done
}
