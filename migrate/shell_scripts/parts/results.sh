# --- what was found ---------------------------------------------------------------------------------------------------------------
declare -A COUNT=([pass]=0 [FAIL]=0 [warn]=0 [skipped]=0)
LINES=()
result() {  # pass, FAIL, warn or skipped; what was looked at; what there is to say
  COUNT[$1]=$((COUNT[$1] + 1))
  LINES+=("$(printf '%-8s %s%s' "$1" "$2" "${3:+: $3}")")
  say "${LINES[-1]}"
}
judged() { if [[ -n $STRICT ]]; then result FAIL "$@"; else result warn "$@"; fi; }
quote() { (grep -Ev "^(Templating|Linting) release=" "$1" || true) | tail -n "${2:-8}" | sed 's/^/         | /'; }
summary() {
  local line
  say '' && say 'Summary'
  for line in "${LINES[@]}"; do
    if [[ $line != pass* ]]; then say "  $line"; fi
  done
  say "  ${COUNT[pass]} passed, ${COUNT[FAIL]} failed, ${COUNT[warn]} warnings, ${COUNT[skipped]} skipped"
  ((COUNT[FAIL] == 0 && COUNT[pass] > 0))
}
