#!/usr/bin/env bash
# Fails if a commit brings something to a path that has moved, and says where the piece is now. bash and git are all it needs.
#
#     check-legacy-paths.sh [BASE]
#
# Judged is what HEAD has and BASE has not. Without BASE it is what the CI names (GITHUB_BASE_REF, CI_MERGE_REQUEST_TARGET_BRANCH_SHA,
# CI_MERGE_REQUEST_DIFF_BASE_SHA, CI_MERGE_REQUEST_TARGET_BRANCH_NAME, CI_COMMIT_BEFORE_SHA), else the commit before HEAD.
# What has moved stands in the table below. Removing something is always fine.
#
# Exit code: 0 nothing, 1 a moved path is back, 2 it can't be told: no table, or a clone without the commits.
set -euo pipefail
export LC_ALL=C GIT_LITERAL_PATHSPECS=1

table='@TABLE@'

cannot() {
	printf 'check-legacy-paths: %s\n' "$@" >&2
	exit 2
}

# The commit that a name of a branch stands for: as the remote has it, or as it is here.
branch() {
	git rev-parse --verify --quiet "refs/remotes/origin/$1^{commit}" || git rev-parse --verify --quiet "refs/heads/$1^{commit}" ||
		cannot "the branch $1 is not in this clone" "fetch it: git fetch origin $1:refs/remotes/origin/$1"
}

# Whether a text names a commit: CI gives none, or zeros, where there is nothing before.
names_one() {
	case ${1:-} in
	*[!0]*) return 0 ;;
	*) return 1 ;;
	esac
}

# What to compare with; the empty tree for the first commit of all.
base_of() {
	if names_one "${1:-}"; then
		git rev-parse --verify --quiet "$1^{commit}" ||
			cannot "$1 is not in this clone" "fetch more of the history (git fetch --unshallow, fetch-depth: 0)"
	elif [ -n "${GITHUB_BASE_REF:-}" ]; then
		branch "$GITHUB_BASE_REF"
	elif [ -n "${CI_MERGE_REQUEST_TARGET_BRANCH_SHA:-${CI_MERGE_REQUEST_DIFF_BASE_SHA:-}}" ]; then
		base_of "${CI_MERGE_REQUEST_TARGET_BRANCH_SHA:-$CI_MERGE_REQUEST_DIFF_BASE_SHA}"
	elif [ -n "${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-}" ]; then
		branch "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
	elif names_one "${CI_COMMIT_BEFORE_SHA:-}"; then
		base_of "$CI_COMMIT_BEFORE_SHA"
	elif git rev-parse --verify --quiet 'HEAD^^{commit}'; then
		return 0
	elif [ "$(git rev-parse --is-shallow-repository)" = true ]; then
		cannot "this clone has HEAD and nothing before it" "fetch more of the history (git fetch --unshallow, fetch-depth: 0)"
	else
		git hash-object -t tree --stdin </dev/null
	fi
}

# The table as two texts, `///old//new///old//new///`: git has no path with two slashes in a row.
files=/// folders=///
read_table() {
	local line old new
	while IFS= read -r line; do
		case $line in '' | '#'*) continue ;; esac
		old=${line%%$'\t'*} new=
		case $line in *$'\t'*) new=${line#*$'\t'} ;; esac
		case $old$new in *\\*) printf -v old %b "$old" && printf -v new %b "$new" ;; esac
		case $old in
		*/) folders+="${old%/}//${new%/}///" ;;
		*) files+="$old//$new///" ;;
		esac
	done <<<"$1"
}

# Sets `said` if a path is in the table, or lies in a folder that is.
has_moved() {
	local folder=$1 rest
	if [[ $files == *"///$1//"* ]]; then
		rest=${files#*"///$1//"} rest=${rest%%///*}
		said="has moved to $rest"
		[ -n "$rest" ] || said="is gone, nothing has taken its place"
		return 0
	fi
	while [[ $folder == */* ]]; do
		folder=${folder%/*}
		[[ $folders == *"///$folder//"* ]] || continue
		rest=${folders#*"///$folder//"} rest=${rest%%///*}
		said="belongs to $rest${1#"$folder"}"
		[ -n "$rest" ] || said="lies in $folder/, which is closed: $table says where its pieces are"
		return 0
	done
	return 1
}

# Reads the paths that were added or changed; 1 if one of them has moved.
judge() {
	local path found=0
	while IFS= read -r -d '' path; do
		has_moved "$path" || continue
		found=1
		path_said="$path $said"
		printf -- '- %s\n' "${path_said//[[:cntrl:]]/?}"
		git log --format='    %h %an: %s' "$range" -- "$path"
	done
	return "$found"
}

top=$(git rev-parse --show-toplevel) || cannot "this is no checkout of a git repository"
cd "$top"
base=$(base_of "${1:-}")
range=HEAD from=$base
if [ "$(git cat-file -t "$base")" = commit ]; then
	from=$(git merge-base "$base" HEAD) ||
		cannot "HEAD and $base have no commit in common here" "fetch more of the history (git fetch --unshallow, fetch-depth: 0)"
	range=$from..HEAD
fi
git cat-file -e "HEAD:$table" 2>/dev/null || cannot "HEAD has no $table"
content=$(git cat-file blob "HEAD:$table")
read_table "$content"

codes=0
git diff-tree -r -z --no-renames --name-only --diff-filter=AMT "$from" HEAD | judge || codes="${PIPESTATUS[*]}"
case $codes in
0) printf 'None of %s commits (%s) brings back a path that has moved.\n' "$(git rev-list --count "$range")" "$range" ;;
'0 1')
	printf '%s\n' "These paths have moved. Change the piece where it is now, and remove it from the old place."
	exit 1
	;;
*) cannot "git could not compare $from with HEAD" ;;
esac
