# --- packing ----------------------------------------------------------------------------------------------------------------------
gnu_tar() {
  local name
  for name in tar gtar; do
    if "$name" --version 2>/dev/null | grep -q 'GNU tar'; then say "$name" && return; fi
  done
  die 'GNU tar is needed for a package whose bytes depend on the commit alone (macOS: brew install gnu-tar)' 2
}

take() {  # the files of the commit, with the bytes that git has: no filter, no line ends, no export-ignore
  local mode kind id path file count=0
  git -C "$TOP" ls-tree -r -z --full-tree "$COMMIT" -- "$HELMFILE" "$SCRIPTS" >"$TEMP/entries"
  while read -r -d ' ' mode && read -r -d ' ' kind && IFS=$'\t' read -r -d $'\t' id && IFS= read -r -d '' path; do
    file="$FOLDER/$path"
    mkdir -p -- "${file%/*}"
    case $mode in
      100644 | 100755)
        git -C "$TOP" cat-file blob "$id" >"$file" || die "git can't give $path of this commit: if it is not here, fetch it first"
        if head -c 40 -- "$file" | grep -q '^version https://git-lfs'; then die "$path is kept in git LFS, and git has only its pointer"; fi
        chmod "${mode#100}" -- "$file"
        ;;
      120000) ln -s -- "$(git -C "$TOP" cat-file blob "$id")" "$file" ;;
      *) die "$path is a $kind, which no package can hold" ;;
    esac
    count=$((count + 1))
  done <"$TEMP/entries"
  ((count)) || die "commit $COMMIT holds neither $HELMFILE nor $SCRIPTS"
  [[ -f $FOLDER/$STATE || -f $FOLDER/$STATE.gotmpl ]] || die "commit $COMMIT holds no $STATE"
}

add_tools() {
  local name
  mkdir -- "$FOLDER/tools"
  for name in helmfile helm kustomize; do
    if [[ $name == kustomize && ! -e $TOOLS/$name ]]; then continue; fi
    [[ -f $TOOLS/$name && -x $TOOLS/$name ]] || die "there is no program $TOOLS/$name"
    cp -L -- "$TOOLS/$name" "$FOLDER/tools/$name"
  done
}

links() { find . -type l -print0 | sort -z | while IFS= read -r -d '' link; do printf '%s -> %s\n' "$link" "$(readlink -- "$link")"; done; }
sums() { find . -type f ! -path ./SHA256SUMS -print0 | sort -z | xargs -0 "${SHA[@]}"; }

pack() {
  local tar when name
  tar=$(gnu_tar)
  COMMIT=$(git -C "$TOP" rev-parse --verify --quiet "${COMMIT:-HEAD}^{commit}") || die "there is no commit ${COMMIT:-HEAD}" 2
  when=$(git -C "$TOP" show -s --format=%ct "$COMMIT")
  name="helmfile-offline-${COMMIT:0:12}"
  OUT=${OUT:-$name.tar.gz}
  FOLDER="$TEMP/$name" && mkdir -- "$FOLDER"
  take
  if [[ -n $TOOLS ]]; then add_tools; fi
  if [[ -n $IMAGES ]]; then cp -L -- "$IMAGES" "$FOLDER/images.txt"; fi
  printf 'commit %s\ncommitted %s\n' "$COMMIT" "$when" >"$FOLDER/PACKAGE"
  (cd -- "$FOLDER" && links >SYMLINKS && chmod -R u=rwX,go=rX . && sums >SHA256SUMS && chmod 644 SHA256SUMS)
  "$tar" -C "$TEMP" --format=gnu --sort=name --mtime="@$when" --owner=0 --group=0 --numeric-owner -cf - -- "$name" | gzip -n >"$OUT.part"
  mv -- "$OUT.part" "$OUT"
  say "$OUT: $(find "$FOLDER" -type f | wc -l | tr -d ' ') files of commit ${COMMIT:0:12}, sha256 $("${SHA[@]}" <"$OUT" | cut -c 1-64)"
  if [[ ! -f $FOLDER/images.txt && ! -f $FOLDER/$HELMFILE/images.txt ]]; then say 'It holds no list of images (--images FILE adds one).'; fi
  if [[ -z $TOOLS ]]; then say 'It holds no helmfile and helm (--tools DIR adds them).'; fi
}
