# --- the bytes of a chart ---------------------------------------------------------------------------------------------------------
LARGEST=$((512 * 1024 * 1024))  # no chart unpacks to more bytes than that
if command -v sha256sum >/dev/null; then SHA=(sha256sum); else SHA=(shasum -a 256); fi

sum() { "${SHA[@]}" | cut -c 1-64; }
sum_paths() {  # paths, each ended by a zero byte -> rows of path, and hash with the mark behind it
  xargs -0 "${SHA[@]}" /dev/null | awk -v US="$US" -v mark="$1" '
    /^\\/ || /[\001-\037\177]/ { print "a file name holds a backslash or a control character: " $0 > "/dev/stderr"; exit 1 }
    substr($0, 67) != "/dev/null" { print substr($0, 69) US substr($0, 1, 64) mark }'
}
manifest() (  # every file below a folder: its path, its hash and what kind it is, sorted by the bytes of the path
  cd -- "$1" || exit 1
  {
    find . -type f ! -perm -u+x -print0 | sum_paths '  ' || exit 1
    find . -type f -perm -u+x -print0 | sum_paths ' *' || exit 1
    find . -type l -print0 | while IFS= read -r -d '' link; do
      target=$(readlink -- "$link") || exit 1
      printf '%s\037%s  @\n' "${link#./}" "$(printf %s "$target" | sum)" || exit 1
    done || exit 1
    find . ! -type f ! -type d ! -type l -exec printf '%s\037neither file nor link  \n' {} ';' || exit 1
  } | sort
)
digest() {  # manifest -> digest and number of the files whose paths begin so
  local lines
  lines=$(START=$1 awk -F "$US" 'index($1, ENVIRON["START"]) == 1 { print $2 substr($1, length(ENVIRON["START"]) + 1) }') || return
  if [[ -z $lines ]]; then say 'nothing 0' && return; fi
  say "sha256:$(sum <<<"$lines") $(($(wc -l <<<"$lines")))"
}
equal_contents() {  # whether two folders hold the same bytes; modes are left out, as archives by helm don't keep them
  manifest "$1" >"$TEMP/one" && manifest "$2" >"$TEMP/other" || return 1
  cmp -s <(cut -d "$US" -f 1 "$TEMP/one" && cut -d "$US" -f 2 "$TEMP/one" | cut -c 1-64) \
    <(cut -d "$US" -f 1 "$TEMP/other" && cut -d "$US" -f 2 "$TEMP/other" | cut -c 1-64)
}

described() {  # name, version and appVersion of a Chart.yaml
  awk -v US="$US" '
    function scalar(text) {
      sub(/\r$/, "", text); sub(/^[ \t]+/, "", text)
      if (match(text, /^"[^"\\]*"/) || match(text, /^\047[^\047]*\047/)) return substr(text, 2, RLENGTH - 2)
      if (text ~ /^[|>&*!{["\047]/) { print FILENAME ": not understood: " text > "/dev/stderr"; exit 1 }
      sub(/(^|[ \t]+)#.*$/, "", text); sub(/[ \t]+$/, "", text)
      return text
    }
    /^(name|version|appVersion)[ \t]*:/ { key = $0; sub(/[ \t]*:.*/, "", key); text = $0; sub(/^[^:]*:/, "", text); is[key] = scalar(text) }
    END { print is["name"] US is["version"] US is["appVersion"] }' "$1"
}
name_of() { described "$1" | cut -d "$US" -f 1; }

unpack() {  # an archive into a new folder: nothing but files and folders, below one top folder
  local archive=$1 folder=$2 size listing
  size=$(gzip -dc -- "$archive" 2>/dev/null | head -c $((LARGEST + 1)) | wc -c) || true  # head may have closed the pipe
  if ((size > LARGEST)); then complain "the archive unpacks to more than $LARGEST bytes: refused" && return 1; fi
  listing=$(tar -tvzf "$archive" && tar -tzf "$archive" | sed 's:^:name /:; s:$:/:') || return
  if ! awk '/^name / { if (/^name \/\// || /\/\.\.\//) exit 1; next } !/^[-d]/ { exit 1 }' <<<"$listing"; then
    complain 'the archive holds links, or paths that leave its folder: refused' && return 1
  fi
  rm -rf -- "$folder" && mkdir -p -- "$folder" && tar -xzf "$archive" -C "$folder" --no-same-owner || return
  chmod -R u+rwX,go+rX,go-w -- "$folder" || return
  if (($(find "$folder" -mindepth 1 -maxdepth 1 | wc -l) != 1)) || [[ ! -f $(echo "$folder"/*/Chart.yaml) ]]; then
    complain 'the archive does not hold one chart: refused' && return 1
  fi
}
