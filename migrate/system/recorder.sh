#!/bin/sh
# Stands in for helm while helmfile runs: writes each call down and answers it without a cluster.
#
# MIGRATE_RECORD        folder of the record. `log` gets one line at the begin and one at the end of each call: appending
#                       is atomic, so the order of the lines is the order of events, without any clock. Each call has a
#                       folder: argv (NUL-terminated), cwd, copies of the files that it names.
# MIGRATE_WORKSPACE     the tree; a chart outside of it is copied into the record, for it is gone afterwards
# MIGRATE_REAL_HELM     the helm that is asked what can't be answered here
# MIGRATE_HELM_VERSION  what it answers to `version`
# MIGRATE_PASS          verbs given to the real helm, each between blanks
# MIGRATE_FETCH         a folder for charts that are not in the tree: then `repo add`, `pull` and `fetch` are done by the real helm,
#                       each once; its answer is kept there for every later call like it. Unset: nothing is fetched.
# MIGRATE_INSTALLED     1: every release is installed already; 0: none is
# MIGRATE_PAUSE         seconds that an upgrade or uninstall takes, so that releases without a barrier between them overlap
umask 077
path=$PATH

# lost: what can't be written down must not look like a call that was never made (a full disk)
lost() {
	printf "the recorder can't write what it was asked\n" >&2
	exit 72
}
PATH=/usr/bin:/bin

# Questions that tell nothing of what is deployed are answered without being written down: they are two calls of three.
case $1 in
list)
	printf 'NAME\tNAMESPACE\tREVISION\tUPDATED\tSTATUS\tCHART\tAPP VERSION\n'
	filter= namespace=default
	while [ $# -gt 1 ]; do
		case $1 in
		--filter) filter=${2#^} filter=${filter%\$} ;;
		--namespace) namespace=$2 ;;
		esac
		shift
	done
	if [ "$MIGRATE_INSTALLED" = 1 ] && [ -n "$filter" ]; then
		printf '%s\t%s\t1\t2024-01-01 00:00:00 +0000 UTC\tdeployed\t%s-0.0.0\t0\n' "$filter" "$namespace" "$filter"
	fi
	exit 0
	;;
show)
	if [ "$2" = chart ] && [ -f "$3/Chart.yaml" ]; then exec cat "$3/Chart.yaml"; fi
	;;
version)
	case $* in
	"version --client --short" | "version --short")
		printf '%s\n' "$MIGRATE_HELM_VERSION"
		exit 0
		;;
	esac
	;;
esac

call=$MIGRATE_RECORD/$$
while ! mkdir "$call" 2>/dev/null; do
	[ -d "$MIGRATE_RECORD" ] || exit 70
	[ -d "$call" ] || lost
	call=$call.again
done
printf '%s\0' "$@" >"$call/argv" || lost
printf '%s' "$PWD" >"$call/cwd" || lost
printf 'begin %s\n' "${call##*/}" >>"$MIGRATE_RECORD/log" || lost

finish() {
	printf 'end %s\n' "${call##*/}" >>"$MIGRATE_RECORD/log" || lost
	exit "$1"
}

pass() {
	PATH=$path "$MIGRATE_REAL_HELM" "$@"
	finish $?
}

# once WORDS…: the real helm with WORDS, in a folder of its own; `answer` is set to where its output lies
once() {
	answer=$MIGRATE_FETCH/$(printf '%s' "$*" | tr -c 'A-Za-z0-9._' _ | cut -c 1-100)-$(printf '%s\n' "$@" | cksum | tr ' ' -)
	if mkdir "$answer" 2>/dev/null; then
		mkdir "$answer/out"
		(cd "$answer/out" && PATH=$path "$MIGRATE_REAL_HELM" "$@") >"$answer/said" 2>&1
		printf '%s' $? >"$answer/new" && mv "$answer/new" "$answer/code" || lost
	fi
	while [ ! -f "$answer/code" ]; do sleep 0.05; done
}

# fetch WORDS…: a `pull` or `fetch`, whose folder gets a copy of what the first one like it got
fetch() {
	target=. left=$#
	while [ "$left" -gt 0 ]; do
		case $1 in
		-d | --destination) target=$2 && shift 2 && left=$((left - 2)) ;;
		*) set -- "$@" "$1" && shift && left=$((left - 1)) ;;
		esac
	done
	once "$@" --destination .
	if [ "$(cat "$answer/code")" != 0 ]; then
		cat "$answer/said" >&2
		finish 1
	fi
	mkdir -p "$target" && cp -R "$answer/out/." "$target" || lost
	finish 0
}

# keep KIND FILE: copy a file that may be gone after the call, numbered by kind
keep() {
	case $1 in
	values) number=$values values=$((values + 1)) ;;
	file) number=$files files=$((files + 1)) ;;
	*) number=0 ;;
	esac
	if [ -f "$2" ]; then cp "$2" "$call/$1.$number" || lost; fi
}

# keep_chart FOLDER: copy a chart that lies outside of the tree
keep_chart() {
	case $(cd "$1" && pwd -P) in
	"$MIGRATE_WORKSPACE" | "$MIGRATE_WORKSPACE"/*) ;;
	*) [ -d "$call/chart" ] || cp -R "$1" "$call/chart" || lost ;;
	esac
}

values=0 files=0 before= verb= object= filter= namespace= detailed= inner=
for argument; do
	value=${argument#*=}
	case $before in
	--values | -f) keep values "$argument" ;;
	--set-file) keep file "$value" ;;
	--post-renderer) keep post-renderer "$argument" ;;
	--filter) filter=$argument ;;
	--namespace) namespace=$argument ;;
	--kube-context | --kubeconfig) ;;
	*)
		case $argument in
		--values=*) keep values "$value" ;;
		--set-file=*) keep file "${value#*=}" ;;
		--post-renderer=*) keep post-renderer "$value" ;;
		--detailed-exitcode) detailed=1 ;;
		--output-dir | --output-dir=*) inner=1 ;;
		-*) ;;
		*)
			if [ -z "$verb" ]; then verb=$argument; else object=$argument; fi
			if [ -f "$argument/Chart.yaml" ]; then keep_chart "$argument"; fi
			;;
		esac
		;;
	esac
	before=$argument
done

case $MIGRATE_PASS in
*" $verb "*) pass "$@" ;;
esac

if [ -n "$MIGRATE_FETCH" ]; then
	case $verb in
	pull | fetch) fetch "$@" ;;
	repo) # a repository that can't be reached leaves its charts unknown, which the proof tells
		case "$1 $2" in "repo add") once "$@" ;; esac
		;;
	show) if [ ! -f "$object/Chart.yaml" ]; then finish 1; fi ;;
	esac
fi

case $verb in
version)
	case $* in
	*"version --client --short" | *"version --short") printf '%s\n' "$MIGRATE_HELM_VERSION" ;;
	*) pass "$@" ;;
	esac
	;;
list)
	printf 'NAME\tNAMESPACE\tREVISION\tUPDATED\tSTATUS\tCHART\tAPP VERSION\n'
	if [ "$MIGRATE_INSTALLED" = 1 ] && [ -n "$filter" ]; then
		filter=${filter#^} filter=${filter%\$}
		printf '%s\t%s\t1\t2024-01-01 00:00:00 +0000 UTC\tdeployed\t%s-0.0.0\t0\n' "$filter" "${namespace:-default}" "$filter"
	fi
	;;
show)
	if [ -f "$object/Chart.yaml" ]; then cat "$object/Chart.yaml"; else pass "$@"; fi
	;;
template)
	if [ -n "$inner" ]; then pass "$@"; fi
	;;
upgrade | uninstall | delete)
	if [ "$MIGRATE_PAUSE" != 0 ]; then sleep "$MIGRATE_PAUSE"; fi
	;;
diff)
	if [ -n "$detailed" ]; then finish 2; fi
	;;
dependency | repo | registry | test | status | plugin) ;;
pull | fetch)
	printf 'charts are not fetched: helm %s\n' "$verb" >&2
	finish 71
	;;
*)
	printf 'the recorder has no answer to: helm %s\n' "$verb" >&2
	finish 71
	;;
esac
finish 0
