# --- adding, upgrading, locking -----------------------------------------------------------------------------------------------------------
add_chart() {
  local path="${EXTERNAL#"$HELMFILE"/}/$CHART"
  [[ -n $REPO && -n $WANTED ]] || die '--add wants --repo and --version' 2
  if [[ $CHART == */* ]]; then die "no name of a chart: $CHART" 2; fi
  if [[ -e $HELMFILE_DIR/$path || -n ${DIGEST[$path]:-} ]]; then die "$path is there already (see --upgrade)"; fi
  pull_and_lock "$path" "$CHART"
  say "Now name it in the state file: chart: ./$path"
}

only_root() {  # the one locked chart that is called so, or lies there
  local root found=()
  for root in "${ROOTS[@]}"; do
    if [[ $root == "$CHART" || ${NAME[$root]} == "$CHART" ]]; then found+=("$root"); fi
  done
  if ((${#found[@]} != 1)); then die "${#found[@]} locked charts are called $CHART${found[*]:+: name one by its path: ${found[*]}}" 2; fi
  say "${found[0]}"
}

upgrade_chart() {
  local root
  [[ -n $WANTED ]] || die '--upgrade wants --version' 2
  root=$(only_root) || exit
  if [[ $root == *.tgz ]]; then die "$root is an archive that belongs to the chart around it: upgrade that one"; fi
  REPO=${REPO:-${ORIGIN[$root]}}
  if [[ $REPO == unknown ]]; then die "the origin of $root is unknown: name it with --repo" 2; fi
  if [[ -z $FORCE && -n $(uncommitted "$HELMFILE/$root") ]]; then die "$root has edits that no commit holds: commit or stash them, or --force"; fi
  pull_and_lock "$root" "${NAME[$root]}"
}

lock_chart() {  # a chart as it lies there: edits in it were wanted, or it was put there by hand
  local root=${CHART%/} line
  root=${root#"$HELMFILE"/}
  if [[ "/$root/" == */../* || ! -f $HELMFILE_DIR/$root/Chart.yaml ]]; then root=$(only_root) || exit; fi
  for line in "${ROOTS[@]}"; do if [[ $root == "$line"/* ]]; then root=$line; fi; done
  if [[ $root != "${EXTERNAL#"$HELMFILE"/}"/* && $root != "${CUSTOM#"$HELMFILE"/}"/*/charts/* ]]; then
    die "$root is no chart below $EXTERNAL, nor one in the charts/ of a chart below $CUSTOM" 2
  fi
  [[ -d $HELMFILE_DIR/$root ]] || die "$root is an archive, whose bytes are the chart around it: lock that one" 2
  manifest "$HELMFILE_DIR/$root" >"$TEMP/rows"
  FOUND=() && archives "$root" "$HELMFILE_DIR/$root"
  for line in "${FOUND[@]}"; do
    if [[ $line == *': stale archive' ]]; then die "$line; remove it, or have git ignore it. Nothing is changed"; fi
  done
  new_lock "$root" "$HELMFILE_DIR/$root" "${REPO:-${ORIGIN[$root]:-unknown}}"
  mv -- "$WORK/lock" "$TOP/$LOCK"
  say "$root: locked as it lies here"
  PATHS=() ROOTS=() DIGEST=() && read_lock
}

pull_and_lock() {  # chart and lock change together
  local path=$1 name=$2 got
  if [[ $REPO == oci://* && $REPO != */"$name" ]]; then REPO+="/$name"; fi
  pull "$name" "$WANTED" "$REPO" '' || die "$name $WANTED could not be pulled from $REPO; nothing is changed"
  got=$(described "$WORK/new/Chart.yaml" | cut -d "$US" -f 2)
  if [[ $WANTED =~ ^v?[0-9]+\.[0-9]+\.[0-9]+[^\ ,\|xX*]*$ && ${got#v} != "${WANTED#v}" ]]; then
    die "$REPO gave version $got of $name, and $WANTED was asked for; nothing is changed"
  fi
  find "$WORK/new" -type f -exec chmod a-x {} +  # as `helm pull --untar` leaves it
  manifest "$WORK/new" >"$TEMP/rows"
  new_lock "$path" "$WORK/new" "$REPO"
  swap "$HELMFILE_DIR/$path"
  say "$path: $name $got pulled from $REPO and locked"
  PATHS=() ROOTS=() DIGEST=() && read_lock
}

new_lock() {  # $WORK/lock: as it is, but for a chart, whose bytes lie in a folder and are named in $TEMP/rows
  local path=$1 other
  {
    for other in "${PATHS[@]}"; do
      if [[ $other != "$path" && $other != "$path"/* ]]; then say "${ROW[$other]}"; fi
    done
    entries "$2" "$path" "$3"
  } >"$TEMP/entries"
  sort "$TEMP/entries" >"$TEMP/sorted"
  if grep -q '["\\]' "$TEMP/sorted"; then die 'a name or version holds a quote or a backslash; nothing is changed'; fi
  lock_text <"$TEMP/sorted" >"$WORK/lock"
}

entries() {  # the rows of a chart and of all charts in it
  local folder=$1 path=$2 origin=$3 rest above
  entry "$folder/Chart.yaml" "$path" "$origin" "$(digest '' <"$TEMP/rows")"
  while IFS= read -r rest; do
    above="$folder/$rest" && above=${above%/charts/*}
    origin=$(origin_in "$above" "$(name_of "$folder/$rest/Chart.yaml")")
    entry "$folder/$rest/Chart.yaml" "$path/$rest" "$origin" "$(digest "$rest/" <"$TEMP/rows")"
  done < <(nested_charts "$TEMP/rows")
  while IFS= read -r rest; do
    above="$folder/$rest" && above=${above%/charts/*}
    unpack "$folder/$rest" "$TEMP/nested"
    origin=$(origin_in "$above" "$(name_of "$TEMP"/nested/*/Chart.yaml)")
    entry "$(echo "$TEMP"/nested/*/Chart.yaml)" "$path/$rest" "$origin" "sha256:$(sum <"$folder/$rest") 1"
  done < <(nested_archives "$TEMP/rows")
}
entry() { say "$2$US$(described "$1")$US$3$US${4% *}$US${4#* }"; }

origin_in() {  # where a chart says that one of its dependencies comes from; else unknown
  local file origin=''
  for file in Chart.yaml requirements.yaml Chart.lock requirements.lock; do
    if [[ -z $origin && -f $1/$file ]]; then origin=$(dependency "$2" "$1/$file"); fi
    if [[ ! $origin =~ ^(https?|oci)://[^@]+$ ]]; then origin=''; fi
  done
  if [[ $origin == oci://* ]]; then origin+="/$2"; fi
  say "${origin:-unknown}"
}
dependency() {  # what a list of dependencies has for `repository`
  awk -v wanted="$1" '
    function value(text) { sub(/^[^:]*:[ \t]*/, "", text); sub(/([ \t]+#.*)?[ \t\r]*$/, "", text); gsub(/^["\047]|["\047]$/, "", text); return text }
    function done() {
      sub(/\/+$/, "", url)
      if (name == wanted && url != "" && !found++) print url
      name = url = ""
    }
    /^[^ #-]/ { inside = /^dependencies:/ }
    !inside { next }
    /^ *- / { done(); sub(/- /, "  ") }
    /^ +name:/ { name = value($0) }
    /^ +repository:/ { url = value($0) }
    END { done() }' "$2"
}
