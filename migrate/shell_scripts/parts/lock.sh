# --- the lock: rows of seven fields -----------------------------------------------------------------------------------------------
declare -A NAME=() ORIGIN=() DIGEST=() FILES=() ROW=()
PATHS=() ROOTS=()

lock_rows() {  # what is not exactly of the format is refused
  awk -v US="$US" '
    function fail(why) { printf "line %d: %s: %s\n", NR, why, $0 > "/dev/stderr"; bad = 1; exit 3 }
    function value(text) {
      if (text ~ /^"[^"\\]*"$/) return substr(text, 2, length(text) - 2)
      if (text ~ /^[] ?:,{}#&*!|>%@`"\047[-]/ || text ~ /: | #|:$| $|["\\\t\r]/) fail("not understood")
      return text
    }
    BEGIN { split("path name version appVersion origin digest files", KEY, " ") }
    /^#/ { next }
    $0 == "version: 1" && !head { head = 1; next }
    $0 == "charts: []" && head == 1 { head = 3; next }
    $0 == "charts:" && head == 1 { head = 2; next }
    head != 2 { fail("not understood") }
    {
      start = (step ? "    " : "  - ") KEY[step + 1] ": "
      if (index($0, start) != 1) fail("expected `" start "`")
      text = value(substr($0, length(start) + 1))
      if (step == 0 && ("/" text "/") ~ /\/(\.|\.\.|)\//) fail("a path that leaves the folder")
      if (step == 0 && seen[text]++) fail("a second entry for the same chart")
      if (step == 5 && (text !~ /^sha256:[0-9a-f]+$/ || length(text) != 71)) fail("no digest")
      if (step == 6 && text !~ /^[0-9]+$/) fail("no number")
      row = step ? row US text : text
      step = (step + 1) % 7
      if (!step) print row
    }
    END { if (!bad && (head < 2 || step)) { print "it ends in the middle" > "/dev/stderr"; exit 3 } }' "$TOP/$LOCK"
}

read_lock() {
  local rows path name version app origin digest files root=''
  [[ -f $TOP/$LOCK ]] || die "there is no $LOCK" 2
  rows=$(lock_rows) || die "$LOCK can't be read: it must be as migrate or this script wrote it" 2
  while IFS="$US" read -r path name version app origin digest files; do
    if [[ -z $path ]]; then continue; fi
    PATHS+=("$path") NAME[$path]=$name ORIGIN[$path]=$origin DIGEST[$path]=$digest FILES[$path]=$files
    ROW[$path]="$path$US$name$US$version$US$app$US$origin$US$digest$US$files"
  done <<<"$rows"
  while IFS= read -r path; do
    if [[ -n $path && (-z $root || $path != "$root"/*) ]]; then root=$path && ROOTS+=("$path"); fi
  done < <(printf '%s/\n' "${PATHS[@]}" | sort | sed 's:/$::')
}

version_of() { cut -d "$US" -f 3 <<<"${ROW[$1]}"; }

lock_text() {  # sorted rows -> the file, byte for byte as migrate writes it
  # shellcheck disable=SC2016 # these are no commands to be run
  printf '%s\n' '# Written by migrate. scripts/sync-charts.sh and `migrate charts verify` compare every byte below with it.' 'version: 1'
  awk -F "$US" '
    function path(text) { return text ~ /^[A-Za-z][A-Za-z0-9_.+@=~-]*(\/[A-Za-z0-9_.+@=~-]+)+$/ ? text : "\"" text "\"" }
    NR == 1 { print "charts:" }
    { printf "  - path: %s\n    name: \"%s\"\n    version: \"%s\"\n    appVersion: \"%s\"\n", path($1), $2, $3, $4
      printf "    origin: \"%s\"\n    digest: %s\n    files: %s\n", $5, $6, $7 }
    END { if (!NR) print "charts: []" }'
}
