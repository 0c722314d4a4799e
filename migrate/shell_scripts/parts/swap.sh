# --- one chart takes another's place, wholly or not at all ---------------------------------------------------------------------------
# $WORK/target names the place while it changes hands. Done is done once $WORK/new and $WORK/lock have gone to their places.
swap() {
  say "$1" >"$WORK/target.part" && mv -- "$WORK/target.part" "$WORK/target"
  if [[ -e $1 ]]; then mv -- "$1" "$WORK/old"; fi
  mkdir -p -- "${1%/*}"
  mv -- "$WORK/new" "$1"
  if [[ -e $WORK/lock ]]; then mv -- "$WORK/lock" "$TOP/$LOCK"; fi
  rm -f -- "$WORK/target" && rm -rf -- "$WORK/old"
}
settle() {  # takes back a swap that was cut off before it was done
  local target
  if [[ -f $WORK/target ]]; then
    target=$(cat -- "$WORK/target")
    if [[ -e $WORK/new || -e $WORK/lock ]]; then
      if [[ ! -e $WORK/new ]]; then mv -- "$target" "$WORK/new"; fi
      if [[ -e $WORK/old ]]; then mv -- "$WORK/old" "$target"; fi
    fi
    rm -f -- "$WORK/target"
  fi
  rm -rf -- "$WORK"
}

only_one() {  # one run at a time; what a killed one left is settled first
  local other
  if ! ln -s -- "$$" "$RUNNING" 2>/dev/null; then
    other=$(readlink -- "$RUNNING") || die "$EXTERNAL can't be written"
    if kill -0 "$other" 2>/dev/null; then
      RUNNING='' && die "process $other is at work here already (if it is no run of this script: rm $EXTERNAL/.sync-charts.pid)"
    fi
    complain 'an earlier run was killed: what it had begun is taken back'
    rm -f -- "$RUNNING" && ln -s -- "$$" "$RUNNING"
  fi
  settle
  mkdir -p -- "$WORK"
}
report_killed_run() {
  if [[ -e $WORK ]]; then problem "$EXTERNAL" "a run of this script was killed here: run $ME, which takes back what that had begun"; fi
  RUNNING=''
}
leave() {
  local code=$?
  if ((code == 1)); then short_of_room "$TEMP" "$TOP/$EXTERNAL"; fi
  if [[ -n $RUNNING && $(readlink -- "$RUNNING") == "$$" ]]; then settle && rm -f -- "$RUNNING"; fi
  rm -rf -- "$TEMP"
  exit "$code"
}
