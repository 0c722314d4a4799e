# --- the state file ---------------------------------------------------------------------------------------------------------------
state_file() {
  if [[ ! -f $TOP/$STATE && -f $TOP/$STATE.gotmpl ]]; then say "$STATE.gotmpl"; else say "$STATE"; fi
}
environments() {  # the names below `environments:`, as the state file has them in order
  awk '
    function fail() { printf "line %d of the state file is not understood: %s\n", NR, $0 > "/dev/stderr"; bad = 1; exit 1 }
    /^---[ \t\r]*$/ { exit }
    /^environments:/ { if ($0 !~ /^environments:[ \t\r]*(#.*)?$/) fail(); inside = 1; next }
    /^[ \t]*(#.*|\{\{.*)?\r?$/ { next }
    /^[^ \t]/ { inside = 0 }
    inside {
      match($0, /^[ \t]+/)
      if (!width) width = RLENGTH
      if (RLENGTH > width) next
      key = substr($0, RLENGTH + 1); sub(/:.*/, "", key); gsub(/^["\047]|["\047]$/, "", key)
      if (key !~ /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/) fail()
      print key
    }
    END { exit bad }' "$TOP/$(state_file)"
}
