# --- verifying --------------------------------------------------------------------------------------------------------------------
restore() {  # into a new temporary folder; no path leads out of it
  local names
  names=$(tar -tzf "$1") || die "$1 is no tar.gz"
  if grep -Eq '^/|(^|/)\.\.(/|$)' <<<"$names"; then die "$1 holds paths that leave its folder"; fi
  tar -xzf "$1" -C "$TEMP" --no-same-owner || die "$1 can't be unpacked"
  FOLDER=$(find "$TEMP" -mindepth 1 -maxdepth 1 -type d)
  [[ -f $FOLDER/SHA256SUMS && -f $FOLDER/SYMLINKS && $(wc -l <<<"$FOLDER") -eq 1 ]] || die "$1 is no package of this script"
}

verify() {
  local env known
  [[ -f $1 ]] || die "there is no file $1" 2
  restore "$1"
  (cd -- "$FOLDER" && sums | cmp -s - SHA256SUMS) || {
    (cd -- "$FOLDER" && sums | diff - SHA256SUMS | sed -n 's/^[<>] [0-9a-f]* .//p' | sort -u | head -n 20)
    die "$1 does not hold what its SHA256SUMS names: the files above differ, are missing or surplus"
  }
  (cd -- "$FOLDER" && links | cmp -s - SYMLINKS) || die "$1 does not hold the links that its SYMLINKS names"
  say "$(wc -l <"$FOLDER/SHA256SUMS" | tr -d ' ') files agree with SHA256SUMS ($(head -n 1 "$FOLDER/PACKAGE"))"
  if [[ -x $FOLDER/tools/helm ]] && "$FOLDER/tools/helm" version >/dev/null 2>&1; then PATH="$FOLDER/tools:$PATH"; fi
  if ! command -v helm >/dev/null || ! command -v helmfile >/dev/null; then
    say 'Not rendered: there is no helmfile and helm, neither here nor in the package' && return
  fi
  TOP=$FOLDER
  known=$(environments)
  env=${ENVIRONMENT:-${known%%$'\n'*}}
  export HELM_CACHE_HOME="$TEMP/cache" HELM_CONFIG_HOME="$TEMP/config" HELM_DATA_HOME="$TEMP/data" HELMFILE_CACHE_HOME="$TEMP/helmfile"
  if ! helmfile --file "$FOLDER/$(state_file)" --environment "${env:-default}" template --skip-deps >"$TEMP/rendered" 2>"$TEMP/log"; then
    tail -n 8 "$TEMP/log" >&2
    die "environment ${env:-default} can't be rendered from the package (--env names another of: ${known//$'\n'/ })"
  fi
  say "environment ${env:-default} is rendered from the package: $(grep -c '^kind:' "$TEMP/rendered" || true) objects"
}
