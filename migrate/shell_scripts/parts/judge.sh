# --- what differs from the lock ---------------------------------------------------------------------------------------------------
FOUND=()  # `path: what`, set by judge
IN_GIT=''
if [[ $(git -C "$TOP" rev-parse --show-toplevel 2>/dev/null) -ef $TOP ]]; then IN_GIT=yes; fi

judge() {  # a chart that is locked and the folder (or archive) where its bytes lie
  local root=$1 folder=$2 path rest got
  FOUND=()
  if [[ $root == *.tgz && -f $folder ]]; then
    got="sha256:$(sum <"$folder") 1"
    if [[ $got != "${DIGEST[$root]} ${FILES[$root]}" ]]; then FOUND+=("$root: changed"); fi
    return
  fi
  if [[ ! -d $folder || -L $folder ]]; then FOUND+=("$root: lock entry without chart") && return; fi
  manifest "$folder" >"$TEMP/rows" || die "$root can't be read"
  archives "$root" "$folder"
  for path in "${PATHS[@]}"; do
    if [[ $path != "$root" && $path != "$root"/* ]]; then continue; fi
    rest=${path#"$root"} && rest=${rest#/}
    if [[ $path == *.tgz ]]; then
      got=$(ARCHIVE=$rest awk -F "$US" '$1 == ENVIRON["ARCHIVE"] { print "sha256:" substr($2, 1, 64), 1 }' "$TEMP/rows")
    else
      got=$(digest "${rest:+$rest/}" <"$TEMP/rows")
    fi
    if [[ -z $got || $got == 'nothing 0' ]]; then
      FOUND+=("$path: lock entry without chart")
    elif [[ $got != "${DIGEST[$path]} ${FILES[$path]}" ]] || ! is_described "$path" "$folder${rest:+/$rest}"; then
      FOUND+=("$path: changed")
    fi
  done
  while IFS= read -r rest; do
    if [[ -z ${DIGEST["$root/$rest"]:-} ]]; then FOUND+=("$root/$rest: not locked"); fi
  done < <(nested_charts "$TEMP/rows")
}

is_described() {  # whether the lock names the version that the chart has
  [[ $1 == *.tgz || $(cut -d "$US" -f 2-4 <<<"${ROW[$1]}") == "$(described "$2/Chart.yaml")" ]]
}
nested_charts() {  # manifest -> the folders of nested charts, from the chart's own folder
  awk -F "$US" '$1 ~ /^(charts\/[^\/]+\/)+Chart\.yaml$/ { print substr($1, 1, length($1) - 11) }' "$1"
}
nested_archives() {
  awk -F "$US" '$1 ~ /^(charts\/[^\/]+\/)*charts\/[^\/]+\.tgz$/ { print $1 }' "$1"
}

archives() {  # what does not count goes out of the manifest
  local root=$1 folder=$2 rest verdict
  while IFS= read -r rest; do
    if [[ -n ${DIGEST["$root/$rest"]:-} ]]; then continue; fi
    verdict=$(verdict_on "$folder/$rest")
    if [[ -n $verdict ]]; then
      FOUND+=("$root/$rest: $verdict")
    else
      ARCHIVE=$rest awk -F "$US" '$1 != ENVIRON["ARCHIVE"]' "$TEMP/rows" >"$TEMP/fewer" && mv -- "$TEMP/fewer" "$TEMP/rows"
    fi
  done < <(nested_archives "$TEMP/rows")
}
verdict_on() {  # helmfile packs what lies unpacked beside: such an archive does not count, if git ignores it
  local same=0
  same_as_beside "$1" || same=$?
  if ((same == 2)); then
    say 'not locked'
  elif ((same != 0)) || ! is_ignored "$1"; then
    say 'stale archive'
  fi
}
is_ignored() { [[ -z $IN_GIT ]] || git -C "$TOP" check-ignore -q -- "$1"; }

same_as_beside() {  # 0: an archive holds the bytes of the folder of its chart beside it; 1: others; 2: there is no such folder
  local archive=$1 folder name
  for folder in "${archive%/*}"/*/; do
    if [[ ! -f ${folder}Chart.yaml ]]; then continue; fi
    name=$(name_of "${folder}Chart.yaml")
    if [[ ${archive##*/} != "$name"-[0-9]* && ${archive##*/} != "$name"-v[0-9]* ]]; then continue; fi
    unpack "$archive" "$TEMP/beside" || return 1
    equal_contents "$folder" "$(echo "$TEMP"/beside/*)" || is_packed_from "$folder" || return 1
    return 0
  done
  return 2
}

is_packed_from() {  # whether helm packs this folder as $TEMP/beside: it leaves out what .helmignore names, and writes Chart.yaml anew
  rm -rf -- "$TEMP/packed" "$TEMP/again" && mkdir -- "$TEMP/packed" && command -v helm >/dev/null || return
  helm package "$1" --destination "$TEMP/packed" >/dev/null 2>&1 && unpack "$(echo "$TEMP"/packed/*.tgz)" "$TEMP/again" || return
  equal_contents "$TEMP/again" "$TEMP/beside"
}

strays() {  # what lies below the folder of external charts and belongs to no locked chart
  local file path chart last=''
  find "$TOP/$EXTERNAL" \( -path "$WORK" -o -path "$RUNNING" \) -prune -o ! -type d -print0 | sort -z >"$TEMP/files"
  while IFS= read -r -d '' file; do
    path=${file#"$HELMFILE_DIR"/}
    if [[ $file == "$TOP/$LOCK" ]] || belongs "$path"; then continue; fi
    chart=$(chart_above "$path")
    if [[ -n $chart && $chart == "$last" ]]; then continue; fi
    if [[ -n $chart ]]; then problem "$chart" 'not locked' && last=$chart; else problem "$path" 'surplus'; fi
  done <"$TEMP/files"
}
vendored() {  # what came from elsewhere, lies in the charts/ of this repository's own charts, and is not locked
  local file path chart verdict
  if [[ ! -d $TOP/$CUSTOM ]]; then return; fi
  find "$TOP/$CUSTOM" \( -name '*.tgz' -o -name Chart.yaml \) -print0 | sort -z >"$TEMP/files"
  while IFS= read -r -d '' file; do
    if [[ $file == */Chart.yaml ]]; then file=${file%/Chart.yaml}; fi
    path=${file#"$HELMFILE_DIR"/} chart=${file%/charts/*}
    if belongs "$path" || [[ $chart == "$file" || ${file#"$chart"/charts/} == */* || ! -f $chart/Chart.yaml ]]; then continue; fi
    verdict='not locked'
    if [[ -f $file ]]; then verdict=$(verdict_on "$file"); elif is_own "$chart" "$file"; then verdict=''; fi
    if [[ -n $verdict ]]; then problem "$path" "$verdict"; fi
  done <"$TEMP/files"
}
is_own() {  # whether nothing shows that a chart in another one's charts/ came from elsewhere
  local asks="$1/Chart.yaml" name
  if [[ -f $1/requirements.yaml ]]; then asks="$1/requirements.yaml"; fi
  name=$(name_of "$2/Chart.yaml")
  [[ -n $name && $(dependency "$name" "$asks") =~ ^(file://.*)?$ ]] && ! grep -Eq '^(home|icon|sources)[[:space:]]*:' "$2/Chart.yaml"
}
belongs() {
  local path=$1
  while [[ $path == */* && -z ${DIGEST[$path]:-} ]]; do path=${path%/*}; done
  [[ -n ${DIGEST[$path]:-} ]]
}
chart_above() {  # the outermost chart that a file lies in
  local path=$1 found=''
  while [[ $path == */* ]]; do
    path=${path%/*}
    if [[ -f $HELMFILE_DIR/$path/Chart.yaml ]]; then found=$path; fi
  done
  say "$found"
}

report_found() {
  local line
  for line in "${FOUND[@]}"; do problem "${line%: *}" "${line##*: }"; done
}
