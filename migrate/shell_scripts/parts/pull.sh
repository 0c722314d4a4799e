# --- getting charts ---------------------------------------------------------------------------------------------------------------
private_helm() {  # helm sees no settings and leaves no cache
  needs_program helm
  export HELM_CACHE_HOME="$TEMP/cache" HELM_CONFIG_HOME="$TEMP/config" HELM_DATA_HOME="$TEMP/data"
  unset HELM_REPOSITORY_CONFIG HELM_REPOSITORY_CACHE HELM_PLUGINS
}

pull() {  # a chart at an exact version into $WORK/new, as a folder, or as the archive if that is wanted
  local name=$1 version=$2 origin=$3 as_archive=$4 archive
  rm -rf -- "$WORK/archive" "$WORK/unpacked" "$WORK/new" && mkdir -p -- "$WORK/archive" || return
  case $origin in
    oci://*) helm pull "$origin" --version "$version" --destination "$WORK/archive" "${PULL[@]}" ;;
    http://* | https://*) helm pull "$name" --repo "$origin" --version "$version" --destination "$WORK/archive" "${PULL[@]}" ;;
    *) complain "an origin of unknown kind: $origin" && return 1 ;;
  esac >"$TEMP/helm.log" 2>&1 || { tail -n 3 "$TEMP/helm.log" >&2 && return 1; }
  archive=$(echo "$WORK"/archive/*)
  if [[ ! -f $archive ]]; then complain "helm pulled no archive" && return 1; fi
  unpack "$archive" "$WORK/unpacked" || return
  if [[ $(name_of "$WORK"/unpacked/*/Chart.yaml) != "$name" ]]; then complain "the archive holds another chart than $name" && return 1; fi
  if [[ -n $as_archive ]]; then mv -- "$archive" "$WORK/new"; else mv -- "$WORK"/unpacked/* "$WORK/new"; fi
}

restore() {  # a locked chart whose bytes are not those of the lock
  local root=$1 archive='' version what
  what=$(printf '%s; ' "${FOUND[@]}")
  version=$(version_of "$root")
  if [[ $root == *.tgz ]]; then archive=yes; fi
  if [[ ${ORIGIN[$root]} == unknown ]]; then
    problem "$root" "its origin is unknown. Take it from git (git checkout HEAD -- '$HELMFILE/$root'), or name one with --upgrade and --repo"
  elif [[ -z $FORCE && -n $(uncommitted "$HELMFILE/$root") ]]; then
    problem "$root" "it has edits that no commit holds. Commit or stash them, or run with --force. Seen: ${what%; }"
  elif ! pull "${NAME[$root]}" "$version" "${ORIGIN[$root]}" "$archive"; then
    problem "$root" "${NAME[$root]} $version could not be pulled from ${ORIGIN[$root]}; left as it was. Run this script again, or take it from git"
  elif ! agrees "$root"; then
    problem "$root" "${ORIGIN[$root]} has other bytes than the lock for ${NAME[$root]} $version; left as it was. Take it from git"
  else
    swap "$HELMFILE_DIR/$root"
    say "$root: ${NAME[$root]} $version pulled from ${ORIGIN[$root]}"
  fi
}
uncommitted() {  # files that hold what no commit holds; one that is only gone is none
  if [[ -n $IN_GIT && -e $TOP/$1 ]]; then git -C "$TOP" status --porcelain --untracked-files=all -- "$1" | grep -v '^.D ' || true; fi
}
agrees() {  # whether the pulled chart is the locked one. `helm pull --untar` keeps no modes, so a chart may have been kept without
  judge "$1" "$WORK/new"
  if ((${#FOUND[@]})) && [[ -d $WORK/new ]]; then
    find "$WORK/new" -type f -exec chmod a-x {} +
    judge "$1" "$WORK/new"
  fi
  ((${#FOUND[@]} == 0))
}
